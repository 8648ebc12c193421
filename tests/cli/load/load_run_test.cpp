// Whole load tests: each scenario against the program, servers that go away, and servers that lie.
#include "cli/load/load_run.hpp"

#include "cli/load/load_bounds.hpp"
#include "load/lying_server.hpp"
#include "support/server_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::Field;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

LoadOptions options_of(const std::string& mix) {
  LoadOptions options;
  options.mix = ScenarioMix::parse(mix).value();
  options.users = 20;
  options.connections = 8;
  options.duration = 300ms;
  return options;
}

Result<LoadResult> run(const LoadOptions& options, std::uint16_t port,
                       const std::string& host = "127.0.0.1") {
  const auto server = ServerUrl::parse("http://" + host + ":" + std::to_string(port)).value();
  LoadProgress progress;
  return LoadRun{options, server, progress}.run();
}

/// Until so many requests were answered, however long that takes on a machine that is busy.
Result<LoadResult> run_until(std::uint64_t requests, LoadOptions options, std::uint16_t port) {
  options.duration = 1h;
  const auto server = ServerUrl::parse("http://127.0.0.1:" + std::to_string(port)).value();
  LoadProgress progress;
  LoadRun load{options, server, progress};
  auto running = std::async(std::launch::async, [&] { return load.run(); });
  while (progress.requests < requests && running.wait_for(5ms) != std::future_status::ready) {
  }
  load.stop();
  return running.get();
}

void expect_good(const Result<LoadResult>& result) {
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_THAT(result->violations, IsEmpty());
  EXPECT_THAT(result->errors, IsEmpty());
  EXPECT_GT(result->requests(), 0U);
  EXPECT_GT(result->users_verified, 0U);
  EXPECT_GT(result->transactions_verified, 0U);
}

class LoadRunTest : public ::testing::Test {
 protected:
  ServerProcess server_;
};

class ScenarioTest : public LoadRunTest, public ::testing::WithParamInterface<std::string> {};

INSTANTIATE_TEST_SUITE_P(Load, ScenarioTest,
                         ::testing::Values("sync", "bootstrap", "read", "write", "race", "watch",
                                           "log", "sync=2,read=2,write=1,race=1,watch=1,log=1"));

TEST_P(ScenarioTest, PassesOnAnEmptyAndOnAUsedServer) {
  auto options = options_of(GetParam());
  if (GetParam() == "bootstrap") options.connections = 2;
  // One of the long iterations of each device.
  const auto requests = GetParam() == "bootstrap" ? 300 : 60;
  expect_good(run_until(requests, options, server_.port()));
  expect_good(run_until(requests, options, server_.port()));
}

TEST_F(LoadRunTest, ManyThreadsShareTheUsers) {
  auto options = options_of("sync=3,read=1");
  options.threads = 3;
  options.ramp = 50ms;
  expect_good(run(options, server_.port()));
}

TEST_F(LoadRunTest, AbandonedUploadsAndDeletesAreNoViolations) {
  auto options = options_of("sync=1,write=1,log=1");
  options.abandon_percent = 30;
  options.delete_percent = 30;
  options.chunks = 3;
  options.chunk_sizes = ChunkSizes::parse("0-10KiB").value();
  options.duration = 600ms;
  const auto result = run(options, server_.port());
  expect_good(result);
  EXPECT_GT(result->of(LoadOperation::delete_user).latencies.count(), 0U);
}

TEST_F(LoadRunTest, RacersMeetConflicts) {
  auto options = options_of("race");
  options.users = 4;
  const auto result = run(options, server_.port());
  expect_good(result);
  EXPECT_GT(result->conflicts, 0U);
}

TEST_F(LoadRunTest, WatchersHearOfChanges) {
  const auto result = run(options_of("watch"), server_.port());
  expect_good(result);
  EXPECT_GT(result->of(LoadOperation::hear_of_change).latencies.count(), 0U);
}

TEST_F(LoadRunTest, AnOpenLoopCountsWhatWasDue) {
  auto options = options_of("read");
  options.rate = 1'000'000;
  const auto result = run(options, server_.port());
  expect_good(result);
  EXPECT_GT(result->iterations_due, 250'000U);
  EXPECT_GT(result->iterations_not_begun, 0U);
  EXPECT_LT(result->iterations_not_begun, result->iterations_due);
  // What waited is measured from when it was due.
  EXPECT_GT(result->of(LoadOperation::iteration).latencies.max(), 100ms);
}

TEST_F(LoadRunTest, ARateThatTheServerKeepsUpWithLeavesNothingOver) {
  auto options = options_of("read");
  options.rate = 50;
  options.duration = 1s;
  const auto result = run(options, server_.port());
  expect_good(result);
  EXPECT_GE(result->iterations_due, 50U);
  EXPECT_LE(result->iterations_due, 60U);
}

TEST_F(LoadRunTest, ATimeoutIsAnErrorAndLeavesWhatWasSentPossible) {
  auto options = options_of("write");
  // Enough for the first request, which asks whether anybody is there, and for few of the others.
  options.timeout = 25ms;
  options.connections = 60;
  options.chunk_sizes = ChunkSizes::parse("256KiB").value();
  const auto result = run(options, server_.port());
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_THAT(result->violations, IsEmpty());
}

TEST_F(LoadRunTest, StopEndsItAndVerifiesAllTheSame) {
  auto options = options_of("write");
  options.duration = 1h;
  const auto url = ServerUrl::parse("http://127.0.0.1:" + std::to_string(server_.port())).value();
  LoadProgress progress;
  LoadRun load{options, url, progress};
  auto running = std::async(std::launch::async, [&] { return load.run(); });
  while (progress.requests < 50) std::this_thread::sleep_for(5ms);
  load.stop();
  expect_good(running.get());
}

// Ten seconds or more of logs are to be made; it is stopped when the first connections are open.
TEST_F(LoadRunTest, StopEndsThePreparationAndVerifiesWhatWasPrepared) {
  auto options = options_of("read");
  options.users = 10'000;
  options.chunks = 100;
  const auto url = ServerUrl::parse("http://127.0.0.1:" + std::to_string(server_.port())).value();
  LoadProgress progress;
  LoadRun load{options, url, progress};
  auto running = std::async(std::launch::async, [&] { return load.run(); });
  while (progress.connections == 0) std::this_thread::sleep_for(5ms);
  load.stop();
  const auto result = running.get();
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->requests(), 0U) << "nothing was measured";
  EXPECT_LT(result->users_verified, 10'000U) << "not all were prepared";
  EXPECT_EQ(result->users_not_verified, 0U);
  EXPECT_THAT(result->violations, IsEmpty());
}

TEST(LoadRun, StopEndsTheFirstRequest) {
  const ScriptedServer silent{std::vector<ScriptedServer::Script>(
      2, [](ScriptedConnection& connection) { connection.wait_for_end(); })};
  const auto url = ServerUrl::parse("http://127.0.0.1:" + std::to_string(silent.port())).value();
  auto options = options_of("write");
  options.timeout = 1h;
  LoadProgress progress;
  LoadRun load{options, url, progress};
  auto running = std::async(std::launch::async, [&] { return load.run(); });
  // The first one is there to see whether anybody listens.
  while (silent.connections() < 2) std::this_thread::sleep_for(5ms);
  load.stop();
  const auto result = running.get();
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->requests(), 0U);
}

TEST(LoadRun, StopEndsTheWaitForABusyServer) {
  const LyingServer busy{Lie::is_busy_for_good};
  auto options = options_of("read");
  options.users = 1;
  options.connections = 1;
  const auto url = ServerUrl::parse("http://127.0.0.1:" + std::to_string(busy.port())).value();
  LoadProgress progress;
  LoadRun load{options, url, progress};
  auto running = std::async(std::launch::async, [&] { return load.run(); });
  while (progress.connections == 0) std::this_thread::sleep_for(5ms);
  load.stop();
  const auto result = running.get();
  EXPECT_TRUE(result.ok()) << result.status().message();
}

// It would be asked for half a minute otherwise.
TEST(LoadRun, AServerThatHasEndedForGoodIsAskedNoMore) {
  auto server = std::make_unique<ServerProcess>();
  const auto url = ServerUrl::parse("http://127.0.0.1:" + std::to_string(server->port())).value();
  auto options = options_of("write");
  options.duration = 1h;
  LoadProgress progress;
  LoadRun load{options, url, progress};
  auto running = std::async(std::launch::async, [&] { return load.run(); });
  while (progress.requests < 50) std::this_thread::sleep_for(5ms);
  server->kill();
  load.give_up();
  const auto result = running.get();
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_GT(result->requests(), 0U);
  EXPECT_GT(result->users_not_verified, 0U);
  EXPECT_EQ(result->users_verified, 0U);
  EXPECT_THAT(result->violations, IsEmpty());
}

TEST(LoadRun, AKilledServerIsNoViolation) {
  const TemporaryDirectory data;
  ServerProcessOptions settings;
  settings.data = data.path() / "store";
  auto server = std::make_unique<ServerProcess>(settings);
  const auto port = server->port();
  auto options = options_of("sync=1,write=2,race=1,log=1");
  options.duration = 3s;
  auto running = std::async(std::launch::async, [&] { return run(options, port); });
  std::this_thread::sleep_for(500ms);
  for (int i = 0; i < 3; ++i) {
    server->kill();
    settings.listen = "127.0.0.1:" + std::to_string(port);
    server = std::make_unique<ServerProcess>(settings);
    std::this_thread::sleep_for(300ms);
  }
  const auto result = running.get();
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_THAT(result->violations, IsEmpty());
  EXPECT_FALSE(result->errors.empty());
  EXPECT_EQ(result->errors.count("not verified"), 0U);
  EXPECT_GT(result->transactions_verified, 0U);
}

TEST(LoadRun, ServersThatCannotBeReachedAreAFailure) {
  std::uint16_t port = 0;
  {
    const ScriptedServer gone{{}};
    port = gone.port();
  }
  const auto result = run(options_of("write"), port);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.status().message(), HasSubstr("cannot be reached"));
}

TEST(LoadRun, SaysWhatAServerOfTheOriginalProtocolCannotDo) {
  for (const std::string mix : {"log", "watch"}) {
    const LyingServer original{Lie::none};
    auto options = options_of(mix);
    const auto result = run(options, original.port());
    ASSERT_FALSE(result.ok()) << mix;
    EXPECT_THAT(result.status().message(), HasSubstr("the scenario " + mix)) << mix;
  }
}

// The server answers before it has read what it will not take.
TEST(LoadRun, HearsRefusalsOfWhatIsStillBeingSent) {
  const ServerProcess server;
  auto options = options_of("write");
  options.chunk_sizes = ChunkSizes::parse("16MiB").value();
  options.duration = 1s;
  const auto result = run(options, server.port());
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_GT(result->errors.at("413"), 0U);
  EXPECT_EQ(result->errors.count("timeout"), 0U);
}

TEST(LoadRun, PreparesLogsThatAServerDoesNotTakeInOnePush) {
  ServerProcessOptions bounded;
  bounded.arguments = {"--max-push-bytes", "10KiB"};
  const ServerProcess server{bounded};
  auto options = options_of("read");
  options.chunk_sizes = ChunkSizes::parse("4KiB").value();
  expect_good(run(options, server.port()));
}

/// Of a load test on one connection.
Result<LoadResult> run_against(Lie lie, const std::string& mix) {
  const LyingServer server{lie};
  auto options = options_of(mix);
  options.users = 1;
  options.connections = 1;
  return run_until(200, options, server.port());
}

class HonestServerTest : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Load, HonestServerTest,
                         ::testing::Values("sync", "read", "write", "race"));

TEST_P(HonestServerTest, AServerOfTheOriginalProtocolPasses) {
  expect_good(run_against(Lie::none, GetParam()));
}

TEST(LoadRun, ABusyServerIsAskedAgainForLogsToRead) {
  expect_good(run_against(Lie::is_busy_at_first, "read"));
}

// What is read again and again is one violation, seen more than once.
TEST(LoadRun, AViolationIsListedOnceHoweverOftenItIsSeen) {
  const auto result = run_against(Lie::changes_chunks, "read");
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->violations_count, load_bounds::prepared_transactions);
  EXPECT_THAT(result->violations, Contains(Field(&Violation::times, Gt(1U))));
}

struct Found {
  Lie lie;
  std::string mix;
  std::string violation;
};

class LyingServerTest : public ::testing::TestWithParam<Found> {};

INSTANTIATE_TEST_SUITE_P(
    Load, LyingServerTest,
    ::testing::Values(Found{Lie::forgets_heads, "write", "has lost"},
                      Found{Lie::lists_a_foreign_transaction, "write", "which nobody has sent"},
                      Found{Lie::lists_in_another_order, "write", "at place 1"},
                      Found{Lie::changes_parents, "write", "another parent"},
                      Found{Lie::changes_chunks, "write", "other content"},
                      Found{Lie::loses_chunks, "write", "is not there"},
                      Found{Lie::loses_chunks, "read", "was answered with 404"},
                      Found{Lie::refuses_for_chunks, "write", "chunks that were acknowledged"},
                      Found{Lie::forgets_transactions, "race", "and is unknown"},
                      Found{Lie::forgets_transactions_in_silence, "race", "for having left it"},
                      Found{Lie::forgets_transactions_in_silence, "sync", "for having left it"},
                      Found{Lie::forgets_transactions_in_silence, "write", "for another one"},
                      Found{Lie::denies_transactions, "race", "and is unknown"},
                      Found{Lie::changes_chunks, "read", "other content"},
                      Found{Lie::changes_parents, "read", "another parent"},
                      Found{Lie::turns_head_back, "sync", "although it had reached place"}));

TEST_P(LyingServerTest, IsFoundOut) {
  const auto result = run_against(GetParam().lie, GetParam().mix);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_GT(result->violations_count, 0U);
  EXPECT_THAT(result->violations,
              Contains(Field(&Violation::sentence, HasSubstr(GetParam().violation))));
}

}  // namespace
}  // namespace mentat_sync
