// The program as scripts and service managers see it: exit codes, what it says and where.
#include "support/child_process.hpp"
#include "support/server_process.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr ExitStatus exited(int code) {
  return {.code = code, .signal = {}};
}

Finished run_program(std::vector<std::string> arguments,
                     const std::filesystem::path& working_directory = {}) {
  return run_to_end({.command = program_command(std::move(arguments)),
                     .environment = {},
                     .working_directory = working_directory});
}

TEST(Program, ShowsItsVersion) {
  const auto finished = run_program({"--version"});
  EXPECT_EQ(finished.status, exited(0));
  EXPECT_THAT(finished.out, MatchesRegex("mentat-sync [0-9.]+( \\([0-9a-f]{12}\\+?\\))?\n"));
}

TEST(Program, SaysWhatItsBuildIs) {
  const auto text = run_program({"version"});
  EXPECT_EQ(text.status, exited(0));
  EXPECT_THAT(text.out, HasSubstr(run_program({"--version"}).out));
  const auto json = nlohmann::json::parse(run_program({"version", "--json"}).out);
  EXPECT_THAT(text.out, HasSubstr(json.at("version").get<std::string>()));
  EXPECT_THAT(text.out, HasSubstr("compiler: " + json.at("compiler").get<std::string>() + "\n"));
}

TEST(Program, ExplainsServe) {
  const auto finished = run_program({"serve", "--help"});
  EXPECT_EQ(finished.status, exited(0));
  EXPECT_THAT(finished.out, HasSubstr("--max-chunk-bytes"));
  EXPECT_EQ(finished.err, "");
}

TEST(Program, RevokesAWholeTokenAndNeverShowsItsSecret) {
  const TemporaryDirectory place;
  const auto token = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "token");
    words.insert(words.end(), {"--token-file", place.path() / "tokens"});
    return run_program(words);
  };
  std::string whole = token({"add", "--all-users"}).out;
  whole.pop_back();  // the line's end
  const auto id = whole.substr(4, 12);
  const auto secret = whole.substr(17);
  const auto mistyped = token({"revoke", whole.substr(0, whole.size() - 1)});
  EXPECT_EQ(mistyped.status, exited(1));
  EXPECT_THAT(mistyped.err, HasSubstr("there is no such token in "));
  EXPECT_THAT(mistyped.err, Not(HasSubstr(secret.substr(0, 8))));
  const auto revoked = token({"revoke", whole});
  EXPECT_EQ(revoked.status, exited(0)) << revoked.err;
  EXPECT_THAT(revoked.err, HasSubstr("The token " + id + " is revoked"));
  EXPECT_THAT(revoked.err, Not(HasSubstr(secret)));
  EXPECT_EQ(token({"list", "--json"}).out, "[]\n");
  EXPECT_THAT(token({"revoke", whole}).err, HasSubstr("there is no token " + id + " in "));
}

TEST(Program, RefusesABadFlagWith2) {
  const auto finished = run_program({"serve", "--threads", "many"});
  EXPECT_EQ(finished.status, exited(2));
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, HasSubstr("--threads"));
}

TEST(Program, SaysWhereItListensAndWhereItsDataIs) {
  ServerProcess server;
  const auto log = server.process().err();
  EXPECT_THAT(server.address(), MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"));
  EXPECT_EQ(logged_field(log, "listening", "data"), server.data().string());
  EXPECT_THAT(logged_field(log, "listening", "size"), MatchesRegex("[0-9.]+ [KMGTPE]?i?B"));
  EXPECT_EQ(logged_field(log, "listening", "users"), "0");
  EXPECT_EQ(server.process().out(), "");
}

TEST(Program, ListensOnIpv6) {
  ServerProcess server({.data = {}, .listen = "[::1]:0", .arguments = {}, .environment = {}});
  EXPECT_THAT(server.address(), MatchesRegex("\\[::1\\]:[1-9][0-9]*"));
}

TEST(Program, ShowsARelativeDataDirectoryAsAbsolute) {
  const TemporaryDirectory place;
  ChildProcess child(
      {.command = program_command({"serve", "--listen", "127.0.0.1:0", "--data", "./here"}),
       .environment = {},
       .working_directory = place.path()});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  std::string data;
  while (data.empty() && child.running() && std::chrono::steady_clock::now() < deadline) {
    data = logged_field(child.err(), "listening", "data");
  }
  EXPECT_EQ(data, (std::filesystem::canonical(place.path()) / "here").string());
}

TEST(Program, ReadsItsEnvironment) {
  const TemporaryDirectory place;
  ServerProcess server(
      {.data = place.path() / "data",
       .listen = "127.0.0.1:0",
       .arguments = {},
       .environment = {{"MENTAT_SYNC_DRAIN_TIMEOUT", "0"}, {"MENTAT_SYNC_LOG_FORMAT", "json"}}});
  server.terminate();
  EXPECT_THAT(server.process().err(), HasSubstr("\"event\":\"stopped\""));
}

TEST(Program, RefusesADirectoryThatAnotherHasOpen) {
  ServerProcess first;
  const auto second =
      run_program({"serve", "--listen", "127.0.0.1:0", "--data", first.data().string()});
  EXPECT_EQ(second.status, exited(1));
  EXPECT_THAT(logged_field(second.err, "cannot start", "reason"), HasSubstr(first.data().string()));
  EXPECT_TRUE(first.process().running());
}

TEST(Program, RefusesAPortThatIsTaken) {
  ServerProcess first;
  const TemporaryDirectory place;
  const auto second = run_program(
      {"serve", "--listen", first.address(), "--data", (place.path() / "data").string()});
  EXPECT_EQ(second.status, exited(1));
  EXPECT_THAT(logged_field(second.err, "cannot start", "reason"),
              HasSubstr(std::to_string(first.port())));
}

TEST(Program, RefusesADirectoryThatCannotBeMade) {
  const auto finished = run_program({"serve", "--listen", "127.0.0.1:0", "--data", "/dev/null/x"});
  EXPECT_EQ(finished.status, exited(1));
  EXPECT_THAT(logged_field(finished.err, "cannot start", "reason"), HasSubstr("/dev/null/x"));
}

TEST(Program, WarnsWhenOtherMachinesCanReachIt) {
  ServerProcess open({.data = {}, .listen = "0.0.0.0:0", .arguments = {}, .environment = {}});
  open.terminate();
  EXPECT_NE(logged_field(open.process().err(), "reachable from other machines", "risk"), "");
  ServerProcess local;
  local.terminate();
  EXPECT_EQ(logged_field(local.process().err(), "reachable from other machines", "risk"), "");
}

TEST(Program, WarnsWhenConnectionsDoNotFitTheOpenFilesLimit) {
  ServerProcess server({.data = {},
                        .listen = "127.0.0.1:0",
                        .arguments = {"--max-connections", "1048576"},
                        .environment = {}});
  server.terminate();
  const auto event = "open files limit is too low for --max-connections";
  const auto files = logged_field(server.process().err(), event, "open_files");
  if (files.empty()) GTEST_SKIP() << "this machine's limit is higher than the largest option";
  EXPECT_LT(std::stoull(files), 1'048'576 + 64);
}

TEST(Program, StartsAgainOnItsOwnData) {
  ServerProcess server;
  server.kill();
  EXPECT_EQ(server.process().wait(), (ExitStatus{.code = {}, .signal = SIGKILL}));
  server.start();
  EXPECT_EQ(server.terminate(), exited(0));
}

}  // namespace
}  // namespace mentat_sync
