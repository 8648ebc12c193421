// What a store tells of itself: a report for each commit, and its statistics.
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;

class Telling : public StoreFixture {
 protected:
  Telling() { open_observed({}); }
  /// Before what the observer writes to is gone.
  ~Telling() override { close(); }

  void open_observed(LmdbStoreOptions options) {
    options.on_commit = [this](const CommitReport& report) {
      const std::lock_guard lock{mutex_};
      reports_.push_back(report);
    };
    open(options);
  }
  std::vector<CommitReport> reports() {
    const std::lock_guard lock{mutex_};
    return reports_;
  }
  StoreStatistics statistics() { return store().statistics().value(); }

  static bool eventually(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!holds() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(1ms);
    }
    return holds();
  }

 private:
  std::mutex mutex_;
  std::vector<CommitReport> reports_;
};

TEST_F(Telling, ReportsACommitBeforeItsCommandIsAnswered) {
  put_chunk("a", std::string(10'000, 'x'));
  const auto told = reports();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].commands, 1U);
  EXPECT_GE(told[0].bytes, 10'000U);
  EXPECT_TRUE(told[0].succeeded);
  EXPECT_GT(told[0].waited.count(), 0);
  EXPECT_GT(told[0].applied.count(), 0);
  EXPECT_GT(told[0].committed.count(), 0);
}

TEST_F(Telling, ReportsEachCommandOfABatchOnce) {
  std::vector<std::future<Outcome>> outcomes;
  for (unsigned n = 0; n < 100; ++n) {
    outcomes.push_back(submit_later(PutChunk{user, chunk_id(std::to_string(n)), "x"}));
  }
  for (auto& outcome : outcomes) outcome.wait();
  std::size_t commands = 0;
  for (const CommitReport& report : reports()) commands += report.commands;
  EXPECT_EQ(commands, 100U);
  EXPECT_EQ(reports().size(), statistics().commits);
}

TEST_F(Telling, ReportsStepsOfThePurgeAsCommitsWithoutCommands) {
  put_chunk("a", "1");
  submit(DeleteUser{user});
  ASSERT_TRUE(eventually([this] { return statistics().purges_pending == 0; }));
  const auto told = reports();
  ASSERT_GE(told.size(), 3U);
  EXPECT_EQ(told.back().commands, 0U);
  EXPECT_EQ(told.back().waited.count(), 0);
  EXPECT_TRUE(told.back().succeeded);
}

TEST_F(Telling, CountsWhatWaitsForTheWriter) {
  std::promise<void> held;
  std::promise<void> go_on;
  store().submit(PutChunk{user, chunk_id("a"), "1"}, [&](Outcome) {
    held.set_value();
    go_on.get_future().wait();
  });
  held.get_future().wait();
  std::vector<std::future<Outcome>> waiting;
  for (const char* id : {"b", "c", "d"}) {
    waiting.push_back(submit_later(PutChunk{user, chunk_id(id), std::string(1000, 'x')}));
  }
  EXPECT_EQ(statistics().queued_commands, 3U);
  EXPECT_GE(statistics().queued_bytes, 3000U);
  go_on.set_value();
  for (auto& outcome : waiting) outcome.wait();
  EXPECT_EQ(statistics().queued_commands, 0U);
  EXPECT_EQ(statistics().queued_bytes, 0U);
}

TEST_F(Telling, CountsPagesThatAreFreeAgain) {
  constexpr std::uint64_t bytes = 4 * 1024 * 1024;
  put_chunk("a", std::string(bytes, 'x'));
  const StoreStatistics full = statistics();
  EXPECT_LT(full.free_bytes, bytes);
  EXPECT_GT(full.used_bytes, bytes);
  submit(DeleteUser{user});
  ASSERT_TRUE(eventually([this] { return statistics().purges_pending == 0; }));
  EXPECT_GE(statistics().free_bytes, bytes);
  EXPECT_LE(statistics().free_bytes, statistics().used_bytes);
}

/// Statistics look at two snapshots: neither may be open when the other waits for the map to grow.
TEST_F(Telling, TellsWhileTheMapGrows) {
  LmdbStoreOptions options;
  options.initial_map_bytes = 1 << 20;
  open_observed(options);
  std::promise<void> done;
  std::thread asking{[&, end = done.get_future()] {
    while (end.wait_for(0s) != std::future_status::ready) EXPECT_TRUE(store().statistics().ok());
  }};
  for (unsigned n = 0; n < 40; ++n) {
    EXPECT_EQ(put_chunk(std::to_string(n), std::string(1 << 20, 'x')), Verdict::applied);
  }
  done.set_value();
  asking.join();
  EXPECT_GT(statistics().map_bytes, std::uint64_t{40} << 20);
}

}  // namespace
}  // namespace mentat_sync
