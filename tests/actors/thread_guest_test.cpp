// Actors on the threads of loops: a command is with the store when submit() returns, its outcome
// comes back on the loop's thread, and nothing is lost when the loop ends.
#include "actors/caf_compat.hpp"
#include "actors/runtime.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

namespace mentat_sync::test {
namespace {

/// The simplest of loops: functions that were posted, called by whoever turns it.
class HandLoop {
 public:
  ThreadGuest::Post post() {
    return [this](std::function<void()> work) {
      const std::lock_guard lock{mutex_};
      posted_.push_back(std::move(work));
      changed_.notify_all();
    };
  }

  /// Waits for the next function, and calls it.
  void turn() {
    std::unique_lock lock{mutex_};
    ASSERT_TRUE(changed_.wait_for(lock, 20s, [this] { return !posted_.empty(); }));
    const auto work = std::move(posted_.front());
    posted_.pop_front();
    lock.unlock();
    work();
  }

  std::size_t posted() const {
    const std::lock_guard lock{mutex_};
    return posted_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> posted_;
};

class ThreadGuestTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!compat::lends_threads) GTEST_SKIP() << "this CAF runs actors on its own threads only";
    // The directory begins on a thread of CAF's: what comes meanwhile is worked on there.
    Outcomes first;
    runtime.gateway().submit(put(9, 0), first.expect(0));
    ASSERT_TRUE(store.wait_for_waiting(1));
    store.complete_all();
    ASSERT_TRUE(first.wait_for(1));
  }

  /// The numbers from 0 to `count`.
  static std::vector<std::size_t> in_order(std::size_t count) {
    std::vector<std::size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
  }

  /// As submit(), and notes on which thread the outcome comes.
  OutcomeHandler expect_here(std::size_t number) {
    return [this, number, note = outcomes.expect(number)](Outcome outcome) {
      threads.push_back(std::this_thread::get_id());
      note(std::move(outcome));
    };
  }

  FakeStore store;
  Outcomes outcomes;
  std::vector<std::thread::id> threads;
  ActorRuntime runtime{store};
  HandLoop loop;
};

TEST_F(ThreadGuestTest, ACommandIsWithTheStoreWhenSubmitReturns) {
  runtime.guest().thread_begins(loop.post());
  for (std::size_t i = 0; i < 50; ++i) runtime.gateway().submit(put(i % 5, i), expect_here(i));
  EXPECT_EQ(store.submitted_chunks().size(), 51u);
  EXPECT_EQ(store.complete_all(), 50u);
  EXPECT_EQ(loop.posted(), 1u) << "one wake-up for the whole batch";
  EXPECT_EQ(outcomes.count(), 0u);
  loop.turn();
  EXPECT_EQ(outcomes.count(Verdict::applied), 50u);
  EXPECT_EQ(threads, std::vector(50, std::this_thread::get_id()));
  runtime.guest().thread_ends();
}

TEST_F(ThreadGuestTest, OutcomesComeInTheOrderOfTheStore) {
  runtime.guest().thread_begins(loop.post());
  for (std::size_t i = 0; i < 20; ++i) runtime.gateway().submit(put(1, i), outcomes.expect(i));
  store.complete_all();
  loop.turn();
  EXPECT_EQ(outcomes.order(), in_order(20));
  runtime.guest().thread_ends();
}

TEST_F(ThreadGuestTest, WhatItsLoopNeverCameToIsAnsweredAfterItsEnd) {
  runtime.guest().thread_begins(loop.post());
  for (std::size_t i = 0; i < 10; ++i) runtime.gateway().submit(put(1, i), outcomes.expect(i));
  for (std::size_t i = 0; i < 5; ++i) store.complete_first();
  runtime.guest().thread_ends();
  EXPECT_EQ(store.complete_all(), 5u);
  ASSERT_TRUE(outcomes.wait_for(10));
  EXPECT_EQ(outcomes.repeated(), 0u);
  EXPECT_EQ(outcomes.count(Verdict::applied), 10u);
  EXPECT_EQ(outcomes.order(), in_order(10)) << "what came later has not overtaken what was left";
}

TEST_F(ThreadGuestTest, AnAnswerMaySubmitTheNextCommand) {
  runtime.guest().thread_begins(loop.post());
  runtime.gateway().submit(put(1, 0), [&](Outcome outcome) {
    outcomes.expect(0)(std::move(outcome));
    runtime.gateway().submit(put(1, 1), outcomes.expect(1));
  });
  store.complete_all();
  loop.turn();
  EXPECT_EQ(store.submitted_chunks().size(), 3u);
  store.complete_all();
  loop.turn();
  EXPECT_EQ(outcomes.count(Verdict::applied), 2u);
  runtime.guest().thread_ends();
}

TEST_F(ThreadGuestTest, AUsersCommandsFromTwoLoopsEndInTheOrderOfTheStore) {
  runtime.guest().thread_begins(loop.post());
  runtime.gateway().submit(put(1, 0), outcomes.expect(0));
  std::thread other{[&] {
    HandLoop other_loop;
    runtime.guest().thread_begins(other_loop.post());
    runtime.gateway().submit(put(1, 1), outcomes.expect(1));
    EXPECT_TRUE(store.wait_for_waiting(2));
    store.complete_all();
    EXPECT_EQ(other_loop.posted(), 0u) << "one user's outcomes take one way";
    runtime.guest().thread_ends();
  }};
  other.join();
  loop.turn();
  ASSERT_TRUE(outcomes.wait_for(2));
  EXPECT_EQ(outcomes.order(), in_order(2));
  runtime.guest().thread_ends();
}

TEST_F(ThreadGuestTest, LoopsThatEndWhileOthersWorkLoseNothing) {
  store.complete_by_itself();
  constexpr std::size_t loops = 3;
  constexpr std::size_t rounds = 30;
  constexpr std::size_t commands = 40;
  std::vector<std::thread> workers;
  for (std::size_t which = 0; which < loops; ++which) {
    workers.emplace_back([&, which] {
      for (std::size_t round = 0; round < rounds; ++round) {
        HandLoop mine;
        runtime.guest().thread_begins(mine.post());
        for (std::size_t i = 0; i < commands; ++i) {
          const std::size_t number = (which * rounds + round) * commands + i;
          runtime.gateway().submit(put(i % 4, number), outcomes.expect(number));
          if (i % 8 == 7 && mine.posted() > 0) mine.turn();
        }
        runtime.guest().thread_ends();
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  ASSERT_TRUE(outcomes.wait_for(loops * rounds * commands));
  EXPECT_EQ(outcomes.repeated(), 0u);
  EXPECT_EQ(outcomes.count(Verdict::applied), loops * rounds * commands);
}

}  // namespace
}  // namespace mentat_sync::test
