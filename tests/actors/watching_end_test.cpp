// How watches end when it is not by a move of HEAD, and what a watcher keeps alive.
#include "actors/user_actor.hpp"
#include "watching.hpp"

#include <caf/io/all.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace mentat_sync::test {
namespace {

class WatchingEnd : public WatchingFixture {
 protected:
  WatchingEnd() { store.set_head({transaction(1), 1}); }
};

TEST_F(WatchingEnd, AnActorWithWatchersStaysAndGoesAfterTheLast) {
  std::atomic<int> retired{0};
  ActorOptions options;
  options.passivate_after = 100ms;
  options.log = [&](LogLevel, std::string_view event, const std::vector<LogField>&) {
    if (event == "user actor retired") ++retired;
  };
  start(options);
  watch(0, 1);
  std::this_thread::sleep_for(500ms);
  EXPECT_EQ(retired, 0);
  advance(1, 2, 2);
  EXPECT_EQ(told(0).current_head, transaction(2));
  for (int i = 0; i < 2'000 && retired == 0; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(retired, 1);
  node.reset();
}

TEST_F(WatchingEnd, AnActorThatFailsAnswersItsWatchersAndItsSuccessorTakesNew) {
  watch(0, 1);
  watch(1, 1);
  settle();
  store.throw_once();
  gateway().submit(put(1, 1), outcomes.expect(2));
  EXPECT_EQ(told(0).verdict, Verdict::unavailable);
  EXPECT_EQ(told(1).verdict, Verdict::unavailable);
  EXPECT_EQ(told(2).verdict, Verdict::unavailable);
  // One that comes before the directory knows is lost too, and says so.
  Outcome outcome;
  for (std::size_t number = 10; number < 2'000; ++number) {
    watch(number, 9);
    outcome = told(number);
    if (outcome.verdict != Verdict::unavailable) break;
  }
  EXPECT_EQ(outcome.verdict, Verdict::applied);
  EXPECT_EQ(outcome.current_head, transaction(1));
}

TEST_F(WatchingEnd, ReleasedWatchersAreAnsweredAndSoAreLaterOnes) {
  watch(5, 9);
  EXPECT_EQ(told(5).current_head, transaction(1));
  watch(0, 1);
  gateway().watch({user(2), transaction(1), long_ms}, outcomes.expect(1));
  settle();
  EXPECT_FALSE(outcomes.has(0));
  gateway().release_watchers();
  EXPECT_EQ(told(0).verdict, Verdict::already_there);
  EXPECT_EQ(told(1).verdict, Verdict::already_there);
  watch(2, 1);
  EXPECT_EQ(told(2).verdict, Verdict::already_there);
  gateway().watch({user(3), transaction(1), long_ms}, outcomes.expect(3));
  EXPECT_EQ(told(3).verdict, Verdict::already_there) << "of a user nobody has touched";
  watch(4, 9);
  EXPECT_EQ(told(4).current_head, transaction(1)) << "who does not know is told";
}

TEST_F(WatchingEnd, ReleasedWatchersBlockNoCommands) {
  gateway().release_watchers();
  settle();
}

TEST_F(WatchingEnd, WhoAsksByMessageIsReleasedToo) {
  gateway().release_watchers();
  const AwaitHead question{user(1), transaction(1), long_ms};
  const auto outcome = ask<Outcome>(node->system(), node->directory(), question);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->verdict, Verdict::already_there);
}

TEST_F(WatchingEnd, WatchersAreAnsweredUnavailableWhenTheDirectoryEnds) {
  watch(0, 1);
  gateway().watch({user(2), transaction(1), long_ms}, outcomes.expect(1));
  settle();
  node->end_directory();
  EXPECT_EQ(told(0).verdict, Verdict::unavailable);
  EXPECT_EQ(told(1).verdict, Verdict::unavailable);
  watch(2, 1);
  EXPECT_EQ(told(2).verdict, Verdict::unavailable);
}

TEST_F(WatchingEnd, NoWatcherOutlivesTheSystemUnanswered) {
  for (std::size_t i = 0; i < 100; ++i) {
    gateway().watch({user(static_cast<unsigned>(i % 7)), transaction(1), long_ms},
                    outcomes.expect(i));
  }
  node.reset();
  EXPECT_EQ(outcomes.count(), 100u);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST_F(WatchingEnd, WatchersOfTooManyUsersAreRefusedAndLeaveRoomForChanges) {
  ActorOptions options;
  options.max_live_users = 2;
  start(options);
  watch(0, 1);
  gateway().watch({user(2), transaction(1), long_ms}, outcomes.expect(1));
  EXPECT_EQ(told(1).verdict, Verdict::overloaded);
  gateway().submit(put(3, 1), outcomes.expect(2));
  ASSERT_TRUE(store.wait_for_waiting(1));
  store.complete_all();
  EXPECT_EQ(told(2).verdict, Verdict::applied);
  EXPECT_FALSE(outcomes.has(0));
}

// Those of users that nobody watches any more, though their waits are not over.
TEST_F(WatchingEnd, WatchersThatHaveGoneLeaveRoomForOthers) {
  ActorOptions options;
  options.max_live_users = 16;
  start(options);
  for (std::size_t i = 0; i < 200; ++i) {
    const auto one = static_cast<unsigned>(i);
    gateway().withdraw(user(one),
                       gateway().watch({user(one), transaction(1), long_ms}, outcomes.expect(i)));
    ASSERT_TRUE(outcomes.wait_for(i + 1));
  }
  EXPECT_TRUE(eventually([&, i = std::size_t{200}]() mutable {
    watch(i, 1);
    settle();
    return !outcomes.has(i++);
  }));
}

// What waits for the time would keep it.
TEST_F(WatchingEnd, AnActorIsGoneWhenItsWatchersAre) {
  ActorOptions options;
  options.passivate_after = 1ms;
  options.counters = std::make_shared<ActorCounters>();
  start(options);
  const auto ticket = gateway().watch({user(1), transaction(1), long_ms}, outcomes.expect(0));
  EXPECT_TRUE(eventually([&] { return options.counters->live_users == 1u; }));
  gateway().withdraw(user(1), ticket);
  EXPECT_TRUE(eventually([&] { return options.counters->live_users == 0u; }));
}

TEST_F(WatchingEnd, AnActorAsksByMessage) {
  start();
  const auto ask_head = [this](unsigned known, std::uint64_t wait_ms) {
    return ask<Outcome>(node->system(), SyncActor{node->directory()},
                        AwaitHead{user(1), transaction(known), wait_ms});
  };
  EXPECT_EQ(ask_head(9, long_ms)->current_head, transaction(1));
  EXPECT_EQ(ask_head(1, 20)->verdict, Verdict::already_there);
  std::thread mover{[this] {
    std::this_thread::sleep_for(20ms);
    advance(1, 2, 2);
  }};
  EXPECT_EQ(ask_head(1, long_ms)->current_head, transaction(2));
  mover.join();
}

TEST_F(WatchingEnd, AnotherNodeWatches) {
  node = std::make_unique<Node>(store, ActorOptions{}, true);
  const auto port =
      node->system().middleman().publish(SyncActor{node->directory()}, 0, "127.0.0.1");
  ASSERT_TRUE(port);
  Config config{true};
  caf::actor_system client{config};
  const auto remote = client.middleman().remote_actor<SyncActor>("127.0.0.1", *port);
  ASSERT_TRUE(remote);

  const AwaitHead question{user(1), transaction(1), 20'000};
  const auto at_once = ask<Outcome>(client, *remote, AwaitHead{user(1), transaction(9), 20'000});
  EXPECT_EQ(at_once->current_head, transaction(1));
  std::thread mover{[this] {
    std::this_thread::sleep_for(20ms);
    run(1, Push{user(1), transaction(1), {}, {}}, moved(2, 2));
  }};
  const auto later = ask<Outcome>(client, *remote, question);
  mover.join();
  ASSERT_TRUE(later);
  EXPECT_EQ(later->verdict, Verdict::applied);
  EXPECT_EQ(later->current_head, transaction(2));
  EXPECT_EQ(later->current_seq, 2u);
}

}  // namespace
}  // namespace mentat_sync::test
