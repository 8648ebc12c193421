// The command line: what each option does, where values come from, and how mistakes are told.
#include "cli/command_line.hpp"
#include "cli/environment_variable.hpp"
#include "cli/exit_codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Arguments = std::vector<std::string>;

ServeOptions parse_serve(Arguments arguments) {
  arguments.insert(arguments.begin(), "serve");
  const CommandLine command = parse_command_line(arguments);
  const auto* farewell = std::get_if<Farewell>(&command);
  EXPECT_EQ(farewell, nullptr) << farewell->err;
  return farewell == nullptr ? std::get<ServeOptions>(command) : ServeOptions{};
}

Farewell leave(const Arguments& arguments) {
  const CommandLine command = parse_command_line(arguments);
  const auto* farewell = std::get_if<Farewell>(&command);
  EXPECT_NE(farewell, nullptr) << "was accepted";
  return farewell == nullptr ? Farewell{} : *farewell;
}

TEST(Options, HaveTheDefaultsOfTheBounds) {
  const auto options = parse_serve({});
  EXPECT_EQ(options.listen.to_string(), "127.0.0.1:5013");
  EXPECT_EQ(options.data, "data");
  EXPECT_EQ(options.max_chunk_bytes, bounds::chunk_bytes_default);
  EXPECT_EQ(options.limits.max_connections, bounds::connections_default);
  EXPECT_EQ(options.passivate_after, bounds::passivate_after);
  EXPECT_EQ(options.max_live_users, bounds::live_users);
  EXPECT_EQ(options.drain_timeout, bounds::drain_timeout);
  EXPECT_EQ(options.chunk_ids, ChunkIds::any);
}

TEST(Options, AreAllReadFromFlags) {
  const auto options = parse_serve({"--listen",
                                    "[::1]:0",
                                    "--data",
                                    "/d e",
                                    "--max-chunk-bytes",
                                    "1MiB",
                                    "--max-store-bytes",
                                    "2g",
                                    "--chunk-ids",
                                    "sha256",
                                    "--threads",
                                    "3",
                                    "--max-connections",
                                    "7",
                                    "--passivate-after",
                                    "5m",
                                    "--max-live-users",
                                    "1000000",
                                    "--drain-timeout",
                                    "250ms",
                                    "--log-level",
                                    "debug",
                                    "--log-format",
                                    "json"});
  EXPECT_EQ(options.listen, (ListenAddress{"::1", 0}));
  EXPECT_EQ(options.data, "/d e");
  EXPECT_EQ(options.max_chunk_bytes, bounds::MiB);
  EXPECT_EQ(options.max_store_bytes, 2 * bounds::GiB);
  EXPECT_EQ(options.chunk_ids, ChunkIds::sha256);
  EXPECT_EQ(options.threads, 3);
  EXPECT_EQ(options.limits.max_connections, 7);
  EXPECT_EQ(options.passivate_after, std::chrono::minutes{5});
  EXPECT_EQ(options.max_live_users, 1'000'000);
  EXPECT_EQ(options.drain_timeout, std::chrono::milliseconds{250});
  EXPECT_EQ(options.log_level, LogLevel::debug);
  EXPECT_EQ(options.log_format, LogFormat::json);
}

TEST(Options, AreReadFromTheEnvironment) {
  const EnvironmentVariable listen{"MENTAT_SYNC_LISTEN", "127.0.0.1:1"};
  const EnvironmentVariable size{"MENTAT_SYNC_MAX_CHUNK_BYTES", "2KiB"};
  const auto options = parse_serve({});
  EXPECT_EQ(options.listen.port, 1);
  EXPECT_EQ(options.max_chunk_bytes, 2 * bounds::KiB);
}

TEST(Options, TakeTheFlagBeforeTheEnvironment) {
  const EnvironmentVariable threads{"MENTAT_SYNC_THREADS", "5"};
  EXPECT_EQ(parse_serve({"--threads", "6"}).threads, 6);
}

TEST(Options, TakeTheLastOfARepeatedFlag) {
  EXPECT_EQ(parse_serve({"--threads", "6", "--threads", "7"}).threads, 7);
}

TEST(Options, TreatAnEmptyVariableAsUnset) {
  const EnvironmentVariable threads{"MENTAT_SYNC_THREADS", ""};
  EXPECT_EQ(parse_serve({}).threads, 0);
}

TEST(Options, NameThemselvesWhenTheirEnvironmentIsWrong) {
  const EnvironmentVariable threads{"MENTAT_SYNC_THREADS", "many"};
  const auto farewell = leave({"serve"});
  EXPECT_EQ(farewell.exit_code, exit_codes::usage);
  EXPECT_THAT(farewell.err, HasSubstr("mentat-sync: MENTAT_SYNC_THREADS in the environment, for "
                                      "--threads: 'many' is no whole number"));
  EXPECT_THAT(leave({"serve", "--threads", "few"}).err, HasSubstr("mentat-sync: --threads: 'few'"));
}

TEST(Options, OfOtherCommandsAreNotReadFromTheEnvironment) {
  const EnvironmentVariable threads{"MENTAT_SYNC_THREADS", "many"};
  EXPECT_TRUE(std::holds_alternative<CommandRun>(parse_command_line({"version"})));
}

TEST(Options, GuessWhatWasMeant) {
  const auto farewell = leave({"srve"});
  EXPECT_THAT(farewell.err, HasSubstr("there is no command 'srve'; did you mean 'serve'?\n"));
  EXPECT_THAT(farewell.err, Not(HasSubstr("inspect"))) << "the list would hide the guess";
  EXPECT_THAT(leave({"serve", "--lisen=x"}).err, HasSubstr("did you mean '--listen'?"));
  EXPECT_THAT(leave({"token", "rveoke"}).err,
              HasSubstr("token has no command 'rveoke'; did you mean 'revoke'?"));
  EXPECT_THAT(leave({"serve", "--frobnicate"}).err, Not(HasSubstr("did you mean")));
}

struct Mistake {
  Arguments arguments;
  std::string named;
};

constexpr auto user = "6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10";

class MistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(MistakeTest, IsNamedAndExitsWith2) {
  const auto farewell = leave(GetParam().arguments);
  EXPECT_EQ(farewell.exit_code, exit_codes::usage);
  EXPECT_EQ(farewell.out, "");
  EXPECT_THAT(farewell.err, HasSubstr(GetParam().named));
}

INSTANTIATE_TEST_SUITE_P(
    Options, MistakeTest,
    ::testing::Values(
        Mistake{{}, "which command?"}, Mistake{{"frobnicate"}, "no command 'frobnicate'"},
        Mistake{{"frobnicate", "--help"}, "no command 'frobnicate'"},
        Mistake{{"help"}, "  inspect  "}, Mistake{{"--bogus"}, "--bogus"},
        Mistake{{"head", "--bogus"}, "head has no option '--bogus'"},
        Mistake{{"head"}, "head needs --user UUID, or MENTAT_SYNC_USER"},
        Mistake{{"inspect"}, "inspect needs --user UUID, or MENTAT_SYNC_USER"},
        Mistake{{"push", "--user", user}, "push needs FILE..."},
        Mistake{{"log", "--user", user, "--limit"}, "--limit needs a value"},
        Mistake{{"log", "--user", user, "--limit", "-2"},
                "--limit: '-2' is no whole number of at least 1"},
        Mistake{{"push", "x", "--user", user, "--retries", "-1"}, "--retries: '-1'"},
        Mistake{{"push", "x", "--user", user, "--push-bytes", "-1"},
                "--push-bytes: '-1' is no size"},
        Mistake{{"import", "--user", user, "--push-bytes", "1"},
                "'1' is not from 1.0 KiB to 512.0 MiB"},
        Mistake{{"log", "--user", user, "--json", "--graph"}, "exclude each other"},
        Mistake{{"inspect", "--user", user, "--limit", "-1"}, "--limit: '-1'"},
        Mistake{{"serve", "--threads", "-1"}, "'-1' is no whole number"},
        Mistake{{"serve", "--bogus"}, "--bogus"}, Mistake{{"serve", "extra"}, "extra"},
        Mistake{{"serve", "--listen"}, "--listen"},
        Mistake{{"serve", "--listen", "localhost:1"}, "--listen"},
        Mistake{{"serve", "--data", ""}, "--data"},
        Mistake{{"serve", "--max-chunk-bytes", "0"}, "--max-chunk-bytes"},
        Mistake{{"serve", "--max-chunk-bytes", "-1"}, "--max-chunk-bytes"},
        Mistake{{"serve", "--max-chunk-bytes", "1.5MiB"}, "--max-chunk-bytes"},
        Mistake{{"serve", "--max-chunk-bytes", "257MiB"},
                "--max-chunk-bytes: '257MiB' is not from 1 B to 256.0 MiB"},
        Mistake{{"serve", "--max-chunk-bytes", "99999999999eb"}, "--max-chunk-bytes"},
        Mistake{{"serve", "--max-store-bytes", "65pb"},
                "'65pb' is not from 1.0 MiB to 64.0 TiB, nor 0"},
        Mistake{{"serve", "--chunk-ids", "md5"}, "--chunk-ids"},
        Mistake{{"serve", "--threads", "257"}, "--threads"},
        Mistake{{"serve", "--threads", "2x"}, "--threads"},
        Mistake{{"serve", "--max-connections", "0"}, "--max-connections"},
        Mistake{{"serve", "--passivate-after", "0s"}, "--passivate-after"},
        Mistake{{"serve", "--passivate-after", "soon"}, "--passivate-after"},
        Mistake{{"serve", "--drain-timeout", "-1s"}, "--drain-timeout"},
        Mistake{{"serve", "--log-level", "loud"}, "--log-level"},
        Mistake{{"serve", "--log-format", "xml"}, "--log-format"},
        Mistake{{"serve", "--config", "/nonexistent"}, "--config: there is no file '/nonexistent'"},
        Mistake{{"serve", "--config", "/"}, "--config"}));

TEST(Options, ShowTheVersion) {
  const auto farewell = leave({"--version"});
  EXPECT_EQ(farewell.exit_code, exit_codes::success);
  EXPECT_THAT(farewell.out, ::testing::MatchesRegex("mentat-sync [0-9.]+( .*)?\n"));
}

TEST(Options, ExplainEachWithItsVariable) {
  const auto farewell = leave({"serve", "--help"});
  EXPECT_EQ(farewell.exit_code, exit_codes::success);
  EXPECT_EQ(farewell.err, "");
  for (const char* name :
       {"LISTEN", "DATA", "CONFIG", "MAX_CHUNK_BYTES", "MAX_STORE_BYTES", "CHUNK_IDS", "THREADS",
        "MAX_CONNECTIONS", "PASSIVATE_AFTER", "DRAIN_TIMEOUT", "LOG_LEVEL", "LOG_FORMAT"}) {
    EXPECT_THAT(farewell.out, HasSubstr("MENTAT_SYNC_" + std::string{name} + "]"));
  }
}

class HelpTest : public ::testing::TestWithParam<std::string> {};

TEST_P(HelpTest, FitsIn100Columns) {
  std::istringstream lines{leave({GetParam(), "--help"}).out};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

INSTANTIATE_TEST_SUITE_P(Options, HelpTest,
                         ::testing::Values("serve", "head", "log", "push", "pull", "watch",
                                           "export", "import", "inspect", "gc", "load"));

TEST(Options, ShowTheirDefaults) {
  const auto push = leave({"push", "--help"}).out;
  EXPECT_THAT(push, HasSubstr("[default: 20]"));
  EXPECT_THAT(push, HasSubstr("[default: 16.0 MiB]"));
  EXPECT_THAT(push, HasSubstr("[required, environment: MENTAT_SYNC_USER]"));
  EXPECT_THAT(leave({"log", "--help"}).out, HasSubstr("[default: all]"));
}

}  // namespace
}  // namespace mentat_sync
