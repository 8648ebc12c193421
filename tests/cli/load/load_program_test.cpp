// `mentat-sync load` from its beginning to its end, and that it leaves nothing behind, however it
// ends.
#include "load/well_formed.hpp"
#include "support/child_process.hpp"
#include "support/http_client.hpp"
#include "support/server_process.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <thread>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;
using nlohmann::json;

std::string content_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// Generous, for sanitizers on a loaded machine.
bool becomes(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// Processes that name `text` on their command line: the server has its store's directory there.
std::vector<pid_t> processes_with(const std::string& text) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    if (content_of(entry.path() / "cmdline").find(text) == std::string::npos) continue;
    // There are names beside the numbers, as "self".
    if (const auto pid = std::atoi(entry.path().filename().c_str()); pid > 0) found.push_back(pid);
  }
  return found;
}

class LoadProgramTest : public ::testing::Test {
 protected:
  fs::path store() const { return directory_.path() / "store"; }
  fs::path file(const std::string& name) const { return directory_.path() / name; }

  LoadProgramTest() { fs::create_directory(store()); }

  ChildProcess::Options load(Words arguments) const {
    arguments.insert(arguments.begin(), "load");
    return {.command = program_command(std::move(arguments)),
            .environment = {},
            .working_directory = directory_.path()};
  }

  ChildProcess::Options spawned(const Words& arguments) const {
    Words all{"--spawn", "--spawn-dir", store().string(), "--serve-arg=--threads=1"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return load(std::move(all));
  }

  /// The keeper, a fork of the tool, has it on its command line too.
  bool nothing_left() const {
    return processes_with(store().string()).empty() && fs::is_empty(store());
  }

  /// 0: it does not run. Only the server is given its directory by name.
  pid_t server_pid() const {
    const auto servers = processes_with(store().string() + "/mentat-sync-load-");
    return servers.size() == 1 ? servers.front() : 0;
  }

  bool server_serves() const {
    for (const auto& entry : fs::directory_iterator(store())) {
      if (!logged_field(content_of(entry.path() / "log"), "listening", "address").empty()) {
        return true;
      }
    }
    return false;
  }

 private:
  const TemporaryDirectory directory_;
};

TEST_F(LoadProgramTest, MeasuresAServerOfItsOwnAndLeavesNothingBehind) {
  const auto finished = run_to_end(
      spawned({"--duration", "2s", "--mix", "sync=4,read=2,write=2,race=2,watch=2,log=2", "--users",
               "30", "--connections", "14", "--json", "load.json", "--report", "load.html"}),
      100s);
  EXPECT_EQ(finished.status.code, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("ledger            kept"));
  EXPECT_EQ(finished.err, "") << "there is no terminal for a live line";
  EXPECT_TRUE(nothing_left());

  const auto told = json::parse(content_of(file("load.json")));
  EXPECT_GT(told["requests"], 0);
  EXPECT_GE(told["elapsed_s"], 1.9);
  EXPECT_EQ(told["ledger"]["violations_count"], 0);
  EXPECT_GT(told["ledger"]["users"], 0);
  EXPECT_GT(told["ledger"]["transactions"], 0);
  for (const char* operation : {"get_head", "put_head", "put_transaction", "put_chunk", "pull_log",
                                "push_log", "iteration"}) {
    EXPECT_GT(told["operations"][operation]["count"], 0) << operation;
  }
  std::uint64_t of_seconds = 0;
  for (const auto& second : told["seconds"]) of_seconds += second["requests"].get<std::uint64_t>();
  EXPECT_EQ(told["requests"], of_seconds);
  EXPECT_EQ(fault_of_xml(content_of(file("load.html"))), "");
}

TEST_F(LoadProgramTest, PacesAnOpenLoop) {
  const auto finished = run_to_end(spawned({"--duration", "2s", "--rate", "20", "--users", "20",
                                            "--connections", "10", "--json", "load.json"}),
                                   100s);
  EXPECT_EQ(finished.status.code, 0) << finished.out << finished.err;
  const auto told = json::parse(content_of(file("load.json")));
  // A machine that is busy with something else may let it end late.
  EXPECT_NEAR(told["iterations_due"].get<double>(), 20 * told["elapsed_s"].get<double>(), 3);
  EXPECT_LE(told["operations"]["iteration"]["count"], told["iterations_due"]);
}

TEST_F(LoadProgramTest, LeavesNothingBehindWhenItIsKilled) {
  ChildProcess tool{spawned({"--duration", "10m", "--users", "20", "--connections", "4"})};
  ASSERT_TRUE(becomes([&] { return server_serves(); })) << tool.err();
  ASSERT_GT(processes_with(store().string()).size(), 1U);
  tool.kill();
  EXPECT_TRUE(becomes([&] { return nothing_left(); }));
}

/// Somebody has moved a HEAD there.
bool head_has_moved(std::uint16_t port) {
  const auto answer = one_shot(port, {.method = "GET", .target = "/metrics"});
  return answer.body.find("{route=\"put_head\",code=\"204\"}") != std::string::npos;
}

bool log_was_pushed(std::uint16_t port) {
  const auto answer = one_shot(port, {.method = "GET", .target = "/metrics"});
  return answer.body.find("{route=\"push\",code=\"201\"}") != std::string::npos;
}

TEST_F(LoadProgramTest, DoesNotLetAServerPassThatForgets) {
  auto server = std::make_unique<ServerProcess>();
  const auto address = server->address();
  const auto port = server->port();
  ChildProcess tool{load({"--against", "http://" + address, "--duration", "10m", "--users", "20",
                          "--connections", "4", "--json", "load.json"})};
  ASSERT_TRUE(becomes([&] { return head_has_moved(port); })) << tool.err();
  server->kill();
  // On the same port, with another store.
  ServerProcessOptions another;
  another.listen = address;
  server = std::make_unique<ServerProcess>(another);
  tool.signal(SIGINT);
  const auto ended = tool.wait(60s);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->code, 4) << tool.out() << tool.err();
  EXPECT_THAT(tool.out(), HasSubstr("ledger            BROKEN"));
  const auto told = json::parse(content_of(file("load.json")));
  EXPECT_GT(told["ledger"]["violations_count"], 0);
  EXPECT_GT(told["ledger"]["violations"].size(), 0U);
}

TEST_F(LoadProgramTest, VerifiesWhenItIsInterrupted) {
  ServerProcess server;
  ChildProcess tool{load({"--against", "http://" + server.address(), "--duration", "10m", "--users",
                          "20", "--connections", "4", "--json", "load.json"})};
  ASSERT_TRUE(becomes([&] { return head_has_moved(server.port()); })) << tool.err();
  tool.signal(SIGINT);
  const auto ended = tool.wait(60s);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->code, 0) << tool.out() << tool.err();
  EXPECT_THAT(tool.out(), HasSubstr("ledger            kept"));
  const auto told = json::parse(content_of(file("load.json")));
  EXPECT_LT(told["elapsed_s"], 600);
  EXPECT_GT(told["ledger"]["users"], 0);
}

TEST_F(LoadProgramTest, FailsWhereNobodyListens) {
  const auto finished =
      run_to_end(load({"--against", "http://127.0.0.1:1", "--duration", "1s"}), 60s);
  EXPECT_EQ(finished.status.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("mentat-sync: "));
}

TEST_F(LoadProgramTest, SaysWhyATokenIsRefusedAndWhichOneIsNeeded) {
  const auto tokens = file("tokens").string();
  const auto made =
      run_to_end({.command = program_command({"token", "add", "--token-file", tokens, "--user",
                                              "6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10"}),
                  .environment = {},
                  .working_directory = {}});
  ServerProcessOptions options;
  options.arguments = {"--auth", "token", "--token-file", tokens};
  ServerProcess server{options};
  const auto url = "http://" + server.address();
  const auto without = run_to_end(load({"--against", url}), 60s);
  EXPECT_EQ(without.status.code, 1);
  EXPECT_THAT(without.err, HasSubstr("was answered with 401 Credentials are required: "));
  auto with = load({"--against", url});
  with.environment = {{"MENTAT_SYNC_TOKEN", made.out.substr(0, made.out.size() - 1)}};
  const auto refused = run_to_end(with, 60s);
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_THAT(refused.err,
              HasSubstr("was answered with 403 The credentials are for another user: "));
  EXPECT_THAT(refused.err, HasSubstr("needs a token for all users"));
}

TEST_F(LoadProgramTest, ShowsWhyItsServerDoesNotStart) {
  const auto finished = run_to_end(spawned({"--serve-arg=--juggle"}));
  EXPECT_EQ(finished.status.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("serve has no option '--juggle'"));
  EXPECT_TRUE(nothing_left());
}

TEST_F(LoadProgramTest, EndsWithTheServerThatItHasStarted) {
  ChildProcess tool{spawned({"--duration", "10m", "--users", "20", "--connections", "4"})};
  ASSERT_TRUE(becomes([&] { return server_serves(); })) << tool.err();
  ASSERT_TRUE(becomes([&] { return server_pid() > 0; }));
  ASSERT_EQ(::kill(server_pid(), SIGKILL), 0);
  const auto ended = tool.wait(60s);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->code, 1) << tool.out();
  EXPECT_THAT(tool.err(), HasSubstr("has ended"));
  EXPECT_THAT(tool.err(), HasSubstr("ended by signal 9"));
  EXPECT_TRUE(nothing_left());
}

TEST_F(LoadProgramTest, ReportsWhatThereIsWhenItIsInterruptedBeforeItMeasures) {
  ServerProcess server;
  ChildProcess tool{load({"--against", "http://" + server.address(), "--mix", "read", "--users",
                          "1000", "--chunks", "100", "--json", "load.json"})};
  ASSERT_TRUE(becomes([&] { return log_was_pushed(server.port()); })) << tool.err();
  tool.signal(SIGINT);
  const auto ended = tool.wait(60s);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->code, 1) << tool.out() << tool.err();
  EXPECT_THAT(tool.err(), HasSubstr("interrupted before anything was measured"));
  EXPECT_THAT(tool.out(), HasSubstr("ledger            kept"));
  const auto told = json::parse(content_of(file("load.json")));
  EXPECT_EQ(told["requests"], 0);
  EXPECT_GT(told["ledger"]["users"], 0);
}

TEST_F(LoadProgramTest, SaysHowManyFilesItWouldHaveToOpen) {
  auto limited = spawned({"--connections", "100"});
  limited.command.insert(limited.command.begin(),
                         {"/bin/sh", "-c", "ulimit -n 120; exec \"$@\"", "limited"});
  const auto finished = run_to_end(limited);
  EXPECT_EQ(finished.status.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("--connections 100 needs 165 open files, and the hard limit "
                                      "of a process is 120 here"));
}

TEST_F(LoadProgramTest, RaisesTheSoftLimitOfOpenFiles) {
  auto limited = spawned({"--connections", "100", "--duration", "1s"});
  limited.command.insert(limited.command.begin(),
                         {"/bin/sh", "-c", "ulimit -Sn 50; exec \"$@\"", "limited"});
  const auto finished = run_to_end(limited, 100s);
  EXPECT_EQ(finished.status.code, 0) << finished.err;
}

TEST_F(LoadProgramTest, NeedsAServerToBeNamed) {
  const auto finished = run_to_end(load({}));
  EXPECT_EQ(finished.status.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("load needs a server: --against URL, or --spawn"));
}

}  // namespace
}  // namespace mentat_sync
