// Garbage beside a running server, with the program itself: shown, estimated, collected when asked.
#include "support/server_process.hpp"
#include "support/sync_client.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <thread>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr ExitStatus succeeded_with_0{.code = 0, .signal = {}};

/// A server that collects only when asked, and then all that it may; with a dead fork.
class GarbageProgramTest : public ::testing::Test {
 protected:
  GarbageProgramTest() {
    const auto first = client_.commit_transaction(root_id);
    dead_ = client_.add_transaction(first);
    client_.commit_transaction(first);
  }

  Finished run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--data", server_.data().string()});
    arguments.insert(arguments.end(), {"--gc-grace", "0", "--chunk-lease", "0"});
    ChildProcess::Options options;
    options.command = program_command(arguments);
    return run_to_end(options);
  }

  nlohmann::json inspect() const {
    return nlohmann::json::parse(run({"inspect", "--json", "--user", client_.user()}).out);
  }

  static ServerProcessOptions server_options() {
    ServerProcessOptions options;
    options.arguments = {"--gc-interval", "0", "--gc-grace", "0", "--chunk-lease", "0"};
    return options;
  }

  ServerProcess server_{server_options()};
  SyncClient client_{server_.port(), new_uuid()};
  std::string dead_;
};

TEST_F(GarbageProgramTest, IsShownBesideTheServer) {
  const auto shown = run({"inspect", "--user", client_.user()});
  EXPECT_EQ(shown.status, succeeded_with_0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("\n| x 2 " + dead_));
  EXPECT_THAT(shown.out, HasSubstr(client_.head()));
}

TEST_F(GarbageProgramTest, IsCollectedByTheServerWhenAsked) {
  const auto looked = run({"gc", "--dry-run"});
  EXPECT_EQ(looked.status, succeeded_with_0) << looked.err;
  EXPECT_THAT(looked.out, HasSubstr("would collect from 1 user: 1 transaction, 1 chunk, "));
  EXPECT_EQ(inspect()["dead"].size(), 1U);

  const auto asked = run({"gc"});
  EXPECT_EQ(asked.status, succeeded_with_0) << asked.err;
  EXPECT_THAT(asked.out,
              HasSubstr("asked it (process " + std::to_string(server_.process().pid()) + ")"));
  for (int i = 0; i < 200 && !inspect()["dead"].empty(); ++i) std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(inspect()["dead"].empty());
  EXPECT_EQ(server_.terminate(), succeeded_with_0);
}

TEST_F(GarbageProgramTest, IsCollectedWithoutAServer) {
  EXPECT_EQ(server_.terminate(), succeeded_with_0);
  const auto collected = run({"gc", "--json"});
  EXPECT_EQ(collected.status, succeeded_with_0) << collected.err;
  EXPECT_EQ(nlohmann::json::parse(collected.out)["total"]["transactions"], 1);
  EXPECT_TRUE(inspect()["dead"].empty());
}

TEST_F(GarbageProgramTest, IsJudgedByTheServersFile) {
  const TemporaryDirectory place;
  const auto file = (place.path() / "server.toml").string();
  const auto run_with = [&](const std::string& text, std::vector<std::string> arguments) {
    std::ofstream(file) << text;
    arguments.insert(arguments.end(), {"--config", file});
    return run_to_end({.command = program_command(std::move(arguments)),
                       .environment = {},
                       .working_directory = place.path()});
  };
  const auto here = "[serve]\nlisten = \"127.0.0.1:5013\"\ndata = \"" + server_.data().string() +
                    "\"\nchunk-lease = \"0\"\n";
  const auto dry_run = std::vector<std::string>{"gc", "--dry-run"};
  EXPECT_THAT(run_with(here, dry_run).out, HasSubstr("would collect from 0 users"));
  const auto at_once = here + "gc-grace = \"0\"\n";
  EXPECT_THAT(run_with(at_once, dry_run).out, HasSubstr("would collect from 1 user"));
  EXPECT_THAT(run_with(at_once, {"gc", "--dry-run", "--gc-grace", "7d"}).out,
              HasSubstr("would collect from 0 users"))
      << "a flag wins";
  EXPECT_THAT(run_with(at_once, {"inspect", "--user", client_.user()}).out,
              HasSubstr("collectable now"));
  const auto misspelt = run_with(here + "gc-grac = \"0\"\n", dry_run);
  EXPECT_EQ(misspelt.status.code, 2);
  EXPECT_THAT(misspelt.err, HasSubstr("gc-grac"));
}

TEST_F(GarbageProgramTest, AskedForInJsonSaysWhoseRulesCount) {
  const auto asked = nlohmann::json::parse(run({"gc", "--json"}).out);
  EXPECT_EQ(asked["asked_process"], server_.process().pid());
  EXPECT_THAT(asked["note"], HasSubstr("its own rules"));
}

}  // namespace
}  // namespace mentat_sync
