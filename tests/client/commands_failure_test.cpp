// What the commands say and with which code they exit when something is in their way: small limits,
// other logs, files that are none, servers that are none, and signals.
#include "commands_fixture.hpp"
#include "scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

namespace mentat_sync {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string url_of(const ScriptedServer& server) {
  return "http://127.0.0.1:" + std::to_string(server.port());
}

// --- A server that takes less than the client sends by default ----------------------------------

class CommandsOfASmallServer : public Commands {
 protected:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--max-push-bytes", "100KiB", "--max-chunk-bytes", "1MiB"};
    start(std::move(options));
  }

  /// Its arguments: files that are together more than a push may be, and one that is alone.
  Words large_push() {
    Words arguments{"push"};
    for (char c = 'a'; c < 'g'; ++c) {
      arguments.push_back(file(std::string{c}, std::string(40'000, c)));
    }
    arguments.push_back(file("large", std::string(300'000, 'x')));
    return arguments;
  }
};

TEST_F(CommandsOfASmallServer, PushGoesInPartsAsTheServerSays) {
  const auto pushed = run(large_push());
  ASSERT_EQ(pushed.status.code, 0) << pushed.err;
  EXPECT_THAT(pushed.out, EndsWith(" 1\n"));
  EXPECT_EQ(client.summary()["chunks"]["count"], 7);
}

TEST_F(CommandsOfASmallServer, PushGoesInPartsAsItIsTold) {
  auto arguments = large_push();
  arguments.insert(arguments.end(), {"--push-bytes", "50KiB"});
  const auto pushed = run(arguments);
  ASSERT_EQ(pushed.status.code, 0) << pushed.err;
  EXPECT_EQ(client.summary()["chunks"]["count"], 7);
}

TEST_F(CommandsOfASmallServer, ImportGoesInPartsAsTheServerSays) {
  ASSERT_EQ(run(large_push()).status.code, 0);
  ASSERT_EQ(run({"push", file("more", "more")}).status.code, 0);
  ASSERT_EQ(run({"export", "log.cbor"}).status.code, 0);
  const auto other = new_uuid();
  const auto imported = run_as(other, {"import", "log.cbor"});
  EXPECT_EQ(imported.status.code, 0) << imported.err;
  EXPECT_THAT(imported.err, HasSubstr("imported 2 transactions;"));
  EXPECT_EQ(run_as(other, {"head"}).out, run({"head"}).out);
}

TEST_F(CommandsOfASmallServer, PushNamesTheFileThatIsTooLarge) {
  const auto refused = run({"push", file("ok", "ok"), file("big", std::string(1'048'577, 'x'))});
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_EQ(refused.err,
            "mentat-sync: big: 1048577 bytes, the server takes 1048576 at most for one chunk\n");
}

// --- Other logs, and files that are none --------------------------------------------------------

TEST_F(Commands, PullIntoTheDirectoryOfAnotherLogNamesItsHeadFile) {
  push("buy milk");
  ASSERT_EQ(run({"pull", "--into", "chunks"}).status.code, 0);
  const auto failed = run_as(new_uuid(), {"pull", "--into", "chunks"});
  EXPECT_EQ(failed.status.code, 3);
  EXPECT_THAT(failed.err, HasSubstr("chunks/HEAD says that"));
  EXPECT_THAT(failed.err, HasSubstr("remove that file"));
}

TEST_F(Commands, ImportSaysWhyAFileCannotBeRead) {
  const auto directory_failed = run({"import", "/tmp"});
  EXPECT_EQ(directory_failed.status.code, 1);
  EXPECT_EQ(directory_failed.err, "mentat-sync: cannot read /tmp: Is a directory\n");
  EXPECT_EQ(run({"import", "nowhere"}).err,
            "mentat-sync: cannot read nowhere: No such file or directory\n");
}

TEST_F(Commands, ExportNamesTheFileThatItCannotWrite) {
  const auto failed = run({"export", "/nonexistent/x"});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_EQ(failed.err, "mentat-sync: cannot create /nonexistent/x: No such file or directory\n");
}

TEST_F(Commands, AFullDeviceIsToldWithItsReason) {
  push("one");
  for (const auto* command : {"export", "log", "pull", "head"}) {
    const auto failed = run_shell("\"$P\" " + std::string{command} + " > /dev/full");
    EXPECT_EQ(failed.status.code, 1) << command;
    EXPECT_THAT(failed.err, HasSubstr("No space left on device")) << command;
  }
}

TEST_F(Commands, PushReadsStandardInputOnlyOnce) {
  const auto refused = run_shell("date | \"$P\" push - -");
  EXPECT_EQ(refused.status.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("only once"));
}

// --- Servers that are none ----------------------------------------------------------------------

TEST_F(Commands, WatchFailsWhenItsFirstConnectionDoes) {
  EXPECT_EQ(run({"watch", "--server", "http://127.0.0.1:1"}).status.code, 1);
  ScriptedServer wrong{{answering({answer(200, "Content-Type: text/html\r\n", "<html>")})}};
  EXPECT_EQ(run({"watch", "--server", url_of(wrong)}).status.code, 1);
}

/// What a server says of an empty log.
std::string empty_summary() {
  return answer(200, "Content-Type: application/json\r\n",
                R"({"head":"00000000-0000-0000-0000-000000000000","seq":0,)"
                R"("transactions":{"count":0,"bytes":0},"chunks":{"count":0,"bytes":0}})");
}

TEST_F(Commands, PushThatHeadRunsAwayFromExitsWith3) {
  const auto moved = answer(409, "Content-Type: application/problem+json\r\n",
                            R"({"type":"urn:mentat-sync:problem:base-not-head",)"
                            R"("current_head":"00000000-0000-0000-0000-000000000001"})");
  ScriptedServer server{
      {answering({empty_summary(), moved, empty_summary(), moved, empty_summary(), moved})}};
  const auto failed = run({"push", file("a", "a"), "--retries", "2", "--server", url_of(server)});
  EXPECT_EQ(failed.status.code, 3);
  EXPECT_THAT(failed.err, HasSubstr("before each of 3 tries"));
}

// --- Signals ------------------------------------------------------------------------------------

/// Once it has begun to talk to `server`.
ExitStatus signalled(ChildProcess& child, const ScriptedServer& server, int signal) {
  for (int i = 0; i < 2000 && server.connections() == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  child.signal(signal);
  return child.wait().value_or(ExitStatus{});
}

TEST_F(Commands, AnInterruptedClientExitsAsAShellCounts) {
  for (const auto& [signal, exit_code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    ScriptedServer silent{{[](ScriptedConnection& connection) { connection.wait_for_end(); }}};
    ChildProcess pull{{.command = program_command({"pull", "--server", url_of(silent)}),
                       .environment = environment_of(user),
                       .working_directory = directory.path()}};
    EXPECT_EQ(signalled(pull, silent, signal).code, exit_code);
    EXPECT_EQ(pull.err(), "mentat-sync: interrupted\n");
  }
}

TEST_F(Commands, AnInterruptedClientWaitsForNoPipe) {
  ScriptedServer server{{answering({empty_summary()})}};
  auto environment = environment_of(user);
  environment.emplace_back("P", program_command({}).front());
  environment.emplace_back("SERVER", url_of(server));
  // Its own descriptor keeps the pipe open.
  ChildProcess import{{.command = {"/bin/sh", "-c",
                                   "mkfifo pipe && exec 3<>pipe && exec \"$P\" import - --server "
                                   "\"$SERVER\" <&3"},
                       .environment = environment,
                       .working_directory = directory.path()}};
  EXPECT_EQ(signalled(import, server, SIGINT).code, 130);
}

}  // namespace
}  // namespace mentat_sync
