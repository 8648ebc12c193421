// The options of `load`: what they mean, and each combination that cannot be.
#include "cli/load/load_options.hpp"

#include "cli/environment_variable.hpp"
#include "cli/exit_codes.hpp"
#include "cli/load/load_command.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Arguments = std::vector<std::string>;

struct Parsed {
  LoadOptions options;
  /// Empty: accepted.
  std::string mistake;
};

Parsed parse(Arguments arguments) {
  Parsed parsed;
  CLI::App app{"program", "mentat-sync"};
  app.require_subcommand(1);
  add_load(app, parsed.options);
  arguments.insert(arguments.begin(), "load");
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    parsed.mistake = error.what();
  }
  return parsed;
}

LoadOptions accepted(const Arguments& arguments) {
  auto parsed = parse(arguments);
  EXPECT_EQ(parsed.mistake, "");
  return parsed.options;
}

TEST(LoadOptions, AreAllReadFromFlags) {
  const auto options = accepted({"--against",      "http://127.0.0.1:1/x",
                                 "--users",        "7",
                                 "--devices",      "4",
                                 "--connections",  "9",
                                 "--threads",      "2",
                                 "--duration",     "5m",
                                 "--ramp",         "500ms",
                                 "--rate",         "2.5",
                                 "--mix",          "sync=3,race",
                                 "--chunk-sizes",  "1KiB-2KiB",
                                 "--chunks",       "3",
                                 "--abandon",      "1.5",
                                 "--transactions", "5",
                                 "--delete",       "0.25",
                                 "--timeout",      "3s",
                                 "--seed",         "42",
                                 "--json",         "j",
                                 "--report",       "r.html",
                                 "--no-verify"});
  EXPECT_EQ(options.against->to_string(), "http://127.0.0.1:1/x");
  EXPECT_EQ(options.users, 7U);
  EXPECT_EQ(options.devices, 4U);
  EXPECT_EQ(options.connections, 9U);
  EXPECT_EQ(options.threads, 2U);
  EXPECT_EQ(options.duration, std::chrono::minutes{5});
  EXPECT_EQ(options.ramp, std::chrono::milliseconds{500});
  EXPECT_EQ(options.rate, 2.5);
  EXPECT_EQ(options.mix.weight(Scenario::sync), 3U);
  EXPECT_EQ(options.mix.weight(Scenario::race), 1U);
  EXPECT_EQ(options.chunk_sizes.largest(), 2048U);
  EXPECT_EQ(options.chunks, 3U);
  EXPECT_EQ(options.abandon_percent, 1.5);
  EXPECT_EQ(options.transactions, 5U);
  EXPECT_EQ(options.delete_percent, 0.25);
  EXPECT_EQ(options.timeout, std::chrono::seconds{3});
  EXPECT_EQ(options.seed, 42U);
  EXPECT_EQ(options.json, "j");
  EXPECT_EQ(options.report, "r.html");
  EXPECT_FALSE(options.verify);
}

TEST(LoadOptions, OfSpawnAreHandedOn) {
  const auto options = accepted({"--spawn", "--serve-arg=--threads=1", "--serve-arg=--chunk-ids",
                                 "--serve-arg=any", "--serve-cpu", "0", "--spawn-dir", "/"});
  EXPECT_TRUE(options.spawn);
  EXPECT_THAT(options.serve_arguments, ElementsAre("--threads=1", "--chunk-ids", "any"));
  EXPECT_EQ(options.serve_cpu, 0U);
  EXPECT_EQ(options.spawn_directory, "/");
}

TEST(LoadOptions, TakeEachSeedThatIsOne) {
  EXPECT_EQ(accepted({"--spawn", "--seed", "18446744073709551615"}).seed, UINT64_MAX);
  EXPECT_EQ(accepted({"--spawn", "--seed", "0"}).seed, 0U);
}

TEST(LoadOptions, AreNotThoseOfAServersEnvironment) {
  const EnvironmentVariable threads{"MENTAT_SYNC_THREADS", "3"};
  EXPECT_EQ(accepted({"--spawn"}).threads, 1U);
}

TEST(LoadCommand, LetsNothingPassThatDidNothingOrLostSomething) {
  LoadResult result;
  EXPECT_EQ(exit_code_of(result), exit_codes::failure) << "not one request";
  result.errors["503"] = 3;
  EXPECT_EQ(exit_code_of(result), exit_codes::failure);
  result.of(LoadOperation::get_head).latencies.record(std::chrono::milliseconds{1});
  EXPECT_EQ(exit_code_of(result), exit_codes::success) << "errors are counted, and no more";
  result.users_not_verified = 1;
  EXPECT_EQ(exit_code_of(result), exit_codes::failure) << "a loss is not ruled out";
  result.violations_count = 1;
  EXPECT_EQ(exit_code_of(result), exit_codes::damaged);
}

struct Refused {
  Arguments arguments;
  /// What the sentence must have.
  std::string why;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  for (const auto& argument : refused.arguments) *out << argument << ' ';
}

class RefusedLoadTest : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedLoadTest, IsToldWhy) {
  EXPECT_THAT(parse(GetParam().arguments).mistake, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    Together, RefusedLoadTest,
    ::testing::Values(
        Refused{{}, "load needs a server: --against URL, or --spawn"},
        Refused{{"--against", "http://[::1]:1", "--spawn"}, "exclude each other"},
        Refused{{"--against", "http://[::1]:1", "--serve-arg=--x"}, "--serve-arg needs --spawn"},
        Refused{{"--against", "http://[::1]:1", "--serve-cpu", "0"}, "--serve-cpu needs --spawn"},
        Refused{{"--against", "http://[::1]:1", "--spawn-dir", "/"}, "--spawn-dir needs --spawn"},
        Refused{{"--spawn", "--serve-arg=--listen=127.0.0.1:1"}, "--serve-arg cannot be --listen:"},
        Refused{{"--spawn", "--serve-arg=--data", "--serve-arg=x"}, "cannot be --data:"},
        Refused{{"--spawn", "--serve-arg=--log-level=debug"}, "cannot be --log-level:"},
        Refused{{"--spawn", "--serve-arg=--log-format=json"}, "cannot be --log-format:"},
        Refused{{"--spawn", "--threads", "65"}, "needs at least as many --connections"},
        Refused{{"--spawn", "--threads", "3", "--users", "2", "--connections", "4"},
                "needs at least as many --users"},
        Refused{{"--spawn", "--users", "10", "--connections", "31"}, "10 users with 3 devices are"},
        Refused{{"--spawn", "--mix", "sync,read,log", "--connections", "2"},
                "needs at least 3 connections"},
        Refused{{"--spawn", "--mix", "write", "--users", "63"}, "each alone with its user"},
        Refused{{"--spawn", "--mix", "race", "--devices", "1"}, "at least two --devices"},
        Refused{{"--spawn", "--abandon", "60", "--delete", "50"}, "more than 100 percent"},
        Refused{{"--spawn", "--chunk-sizes", "257MiB"}, "no server takes more than 256.0 MiB"},
        Refused{{"--spawn", "--mix", "log", "--chunk-sizes", "64MiB"},
                "would push up to 640.0 MiB at once"},
        Refused{{"--spawn", "--json", "x", "--report", "./x"}, "are the same file"}));

INSTANTIATE_TEST_SUITE_P(
    Alone, RefusedLoadTest,
    ::testing::Values(Refused{{"--against", "ftp://x"}, "--against"},
                      Refused{{"--spawn", "--users", "0"}, "--users"},
                      Refused{{"--spawn", "--connections", "60001"}, "--connections"},
                      Refused{{"--spawn", "--duration", "999ms"}, "is not at least 1s"},
                      Refused{{"--spawn", "--duration", "8d"}, "is more than 168h"},
                      Refused{{"--spawn", "--rate", "0"}, "above 0"},
                      Refused{{"--spawn", "--rate", "-1"}, "--rate"},
                      Refused{{"--spawn", "--rate", "1e3"}, "is no number"},
                      Refused{{"--spawn", "--rate", "nan"}, "is no number"},
                      Refused{{"--spawn", "--abandon", "101"}, "from 0 to 100"},
                      Refused{{"--spawn", "--mix", "juggle"}, "juggle"},
                      Refused{{"--spawn", "--chunk-sizes", "2-1"}, "--chunk-sizes"},
                      Refused{{"--spawn", "--timeout", "0s"}, "--timeout"},
                      Refused{{"--spawn", "--seed", "18446744073709551616"}, "--seed"},
                      Refused{{"--spawn", "--spawn-dir", "/nowhere"}, "no directory '/nowhere'"},
                      Refused{{"--spawn", "--json", "/nowhere/x"}, "no directory '/nowhere'"},
                      Refused{{"--spawn", "--report", "/"}, "is a directory"}));

}  // namespace
}  // namespace mentat_sync
