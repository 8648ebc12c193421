// The collector: its passes over all users, its rests, and what interrupts them.
#include "actors/collector.hpp"

#include "actors/runtime.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

namespace mentat_sync::test {
namespace {

using testing::ElementsAre;
using Clock = std::chrono::steady_clock;

/// The steps that were asked for, and the passes that the log tells of.
class Journal {
 public:
  void add(const Collect& step) {
    std::lock_guard lock{mutex_};
    steps_.push_back(step.user.to_string().substr(0, 2) + step.resume_at);
    times_.push_back(Clock::now());
  }

  Log log() {
    return [this](LogLevel, std::string_view event, const std::vector<LogField>& fields) {
      std::lock_guard lock{mutex_};
      std::string line{event};
      for (const auto& [name, value] : fields) line += " " + value;
      lines_.push_back(line);
    };
  }

  /// Each as the first two digits of the user and where the step resumed.
  std::vector<std::string> steps() const {
    std::lock_guard lock{mutex_};
    return steps_;
  }
  std::vector<Clock::time_point> times() const {
    std::lock_guard lock{mutex_};
    return times_;
  }
  std::vector<std::string> lines() const {
    std::lock_guard lock{mutex_};
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> steps_;
  std::vector<Clock::time_point> times_;
  std::vector<std::string> lines_;
};

class CollectorTest : public testing::Test {
 protected:
  ~CollectorTest() override {
    if (collector) caf::anon_send_exit(collector, caf::exit_reason::user_shutdown);
    collector = nullptr;
    node.stop();
  }

  /// Only when asked, with hardly any rests.
  CollectorOptions options() {
    CollectorOptions chosen;
    chosen.interval = 0ms;
    chosen.rest_min = 1ms;
    chosen.rest_factor = 0;
    chosen.log = journal.log();
    return chosen;
  }

  void start(CollectorOptions chosen) {
    collector = spawn_collector(node.system(), SyncActor{node.directory()}, std::move(chosen));
  }
  void collect_now() { compat::anon_tell(collector, CollectNow{}); }

  /// The store collects one chunk of 10 bytes with each step, and a log takes `steps`.
  void collect_in(std::size_t steps) {
    store.complete_by_itself([this, steps](const Command& command) {
      const auto& step = std::get<Collect>(command);
      journal.add(step);
      Outcome outcome = outcome_of(Verdict::applied);
      outcome.collected.chunks = 1;
      outcome.collected.chunk_bytes = 10;
      if (step.resume_at.size() + 1 < steps) outcome.collected.resume_at = step.resume_at + "+";
      return outcome;
    });
  }

  bool wait_for_steps(std::size_t count) {
    return eventually([&] { return journal.steps().size() >= count; });
  }
  bool wait_for_lines(std::size_t count) {
    return eventually([&] { return journal.lines().size() >= count; });
  }

  FakeStore store;
  Journal journal;
  Node node{store};
  CollectorActor collector;
};

TEST_F(CollectorTest, VisitsEachUserWithGarbageUntilItsLogIsLookedAtWhole) {
  store.set_user_pages({{{user(1), user(2)}, std::nullopt}});
  collect_in(3);
  start(options());
  collect_now();
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_THAT(journal.steps(), ElementsAre("01", "01+", "01++", "02", "02+", "02++"));
  EXPECT_THAT(journal.lines(), ElementsAre("collected garbage 2 0 6 60"));
}

TEST_F(CollectorTest, AsksForUsersWithGarbageOnlyAPageAtATime) {
  store.set_user_pages({{{user(1)}, user(2)}, {{}, user(5)}, {{user(6)}, std::nullopt}});
  collect_in(1);
  start(options());
  collect_now();
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_THAT(journal.steps(), ElementsAre("01", "06"));
  const auto queries = store.user_queries();
  ASSERT_EQ(queries.size(), 3u);
  EXPECT_EQ(queries[0].after, std::nullopt);
  EXPECT_EQ(queries[1].after, user(2));
  EXPECT_EQ(queries[2].after, user(5));
  for (const ListUsers& query : queries) {
    EXPECT_TRUE(query.with_garbage);
    EXPECT_EQ(query.limit, bounds::collect_users_page);
  }
}

TEST_F(CollectorTest, SaysThatThereWasNothingOnlyToWhoAsked) {
  collect_in(1);
  start(options());
  collect_now();
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_THAT(journal.lines(), ElementsAre("collected garbage 0 0 0 0"));
}

TEST_F(CollectorTest, RestsBetweenTheStepsOfAPassThatTheClockBegan) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  collect_in(4);
  auto chosen = options();
  chosen.interval = 1ms;
  chosen.rest_min = 60ms;
  start(chosen);
  ASSERT_TRUE(wait_for_steps(4));
  const auto times = journal.times();
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GE(times[i] - times[i - 1], 60ms) << i;
}

TEST_F(CollectorTest, RestsInProportionToWhatAStepTook) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  store.complete_by_itself([this](const Command& command) {
    const auto& step = std::get<Collect>(command);
    journal.add(step);
    std::this_thread::sleep_for(20ms);
    Outcome outcome = outcome_of(Verdict::applied);
    if (step.resume_at.empty()) outcome.collected.resume_at = "+";
    return outcome;
  });
  auto chosen = options();
  chosen.interval = 1ms;
  chosen.rest_factor = 5;
  start(chosen);
  ASSERT_TRUE(wait_for_steps(2));
  EXPECT_GE(journal.times()[1] - journal.times()[0], 20ms + 5 * 20ms);
}

TEST_F(CollectorTest, WhoAsksHasNoRests) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  collect_in(20);
  auto chosen = options();
  chosen.rest_min = 1h;
  start(chosen);
  collect_now();
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_EQ(journal.steps().size(), 20u);
}

TEST_F(CollectorTest, WhoAsksDuringAPassHasAnotherAfterIt) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  start(options());
  collect_now();
  ASSERT_TRUE(store.wait_for_waiting(1));
  collect_now();
  collect_now();
  // A message of the same sender behind the two: when it is handled, so are they.
  compat::anon_tell(collector, BeginPass{});
  std::this_thread::sleep_for(20ms);
  store.complete_all();
  ASSERT_TRUE(store.wait_for_waiting(1)) << "the second pass";
  store.complete_all();
  ASSERT_TRUE(wait_for_lines(2));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(store.user_queries().size(), 2u) << "one more for both, not two";
}

TEST_F(CollectorTest, BeginsAnewAfterEachInterval) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  collect_in(1);
  auto chosen = options();
  chosen.interval = 20ms;
  start(chosen);
  ASSERT_TRUE(wait_for_steps(4));
  const auto times = journal.times();
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GE(times[i] - times[i - 1], 20ms) << i;
}

TEST_F(CollectorTest, WithoutAnIntervalNeverBeginsByItself) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  collect_in(1);
  start(options());
  std::this_thread::sleep_for(100ms);
  EXPECT_TRUE(store.user_queries().empty());
  collect_now();
  ASSERT_TRUE(wait_for_lines(1));
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(store.user_queries().size(), 1u);
}

TEST_F(CollectorTest, ARefusedStepEndsThePassAndTheNextOneBeginsAnew) {
  store.set_user_pages({{{user(1), user(2)}, std::nullopt}});
  std::atomic<int> asked{0};
  store.complete_by_itself([&](const Command& command) {
    journal.add(std::get<Collect>(command));
    Outcome outcome = outcome_of(Verdict::applied);
    if (asked == 0) outcome.collected.resume_at = "+";
    return asked++ == 1 ? outcome_of(Verdict::storage_full) : outcome;
  });
  start(options());
  collect_now();
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_THAT(journal.steps(), ElementsAre("01", "01+"));
  EXPECT_EQ(journal.lines()[0], "collection stopped, will try again step refused");
  collect_now();
  ASSERT_TRUE(wait_for_steps(4));
  EXPECT_THAT(journal.steps(), ElementsAre("01", "01+", "01", "02"));
}

TEST_F(CollectorTest, UsersThatCannotBeListedEndThePassAndTheNextOneWorks) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  collect_in(1);
  store.fail_reads(true);
  auto chosen = options();
  chosen.interval = 10ms;
  start(chosen);
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_EQ(journal.lines()[0], "collection stopped, will try again users not listed");
  store.fail_reads(false);
  EXPECT_TRUE(wait_for_steps(1));
}

TEST_F(CollectorTest, AnActorThatFailsEndsThePassOnly) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  collect_in(1);
  store.throw_once();
  auto chosen = options();
  chosen.interval = 10ms;
  start(chosen);
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_THAT(journal.lines()[0], testing::StartsWith("collection stopped"));
  EXPECT_TRUE(wait_for_steps(1));
}

TEST_F(CollectorTest, MayEndInTheMiddleOfAStep) {
  store.set_user_pages({{{user(1), user(2)}, std::nullopt}});
  start(options());
  collect_now();
  ASSERT_TRUE(store.wait_for_waiting(1));
  caf::anon_send_exit(collector, caf::exit_reason::user_shutdown);
  collector = nullptr;
  std::thread writer{[&] {
    std::this_thread::sleep_for(20ms);
    store.complete_all();
  }};
  node.stop();
  writer.join();
  EXPECT_FALSE(store.complete_all()) << "another step was begun";
}

TEST_F(CollectorTest, MayOutliveTheDirectory) {
  store.set_user_pages({{{user(1)}, std::nullopt}});
  start(options());
  node.end_directory();
  ask<Outcome>(node.system(), node.directory(), put(1, 0));
  collect_now();
  ASSERT_TRUE(wait_for_lines(1));
  EXPECT_THAT(journal.lines()[0], testing::StartsWith("collection stopped"));
}

TEST(ActorRuntimeCollects, NowWhenAskedAndEndsInTheMiddleOfAPass) {
  FakeStore store;
  store.set_user_pages({{{user(1), user(2)}, std::nullopt}});
  ActorRuntimeOptions options;
  options.collector.interval = 0ms;
  {
    ActorRuntime runtime{store, options};
    runtime.collect_now();
    ASSERT_TRUE(store.wait_for_waiting(1));
    store.complete_all();
    ASSERT_TRUE(store.wait_for_waiting(1));
    store.complete_all();
    runtime.collect_now();
  }
  SUCCEED();
}

}  // namespace
}  // namespace mentat_sync::test
