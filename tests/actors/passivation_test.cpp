// Passivation: user actors go away and come back, and no command notices.
#include "actors/directory.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

namespace mentat_sync::test {
namespace {

/// Counts the log lines of the directory and its user actors.
struct Events {
  std::atomic<std::size_t> retired{0};
  std::atomic<std::size_t> failed{0};
  /// Lines that say which user's actor threw what the store throws.
  std::atomic<std::size_t> threw{0};

  Log log() {
    return [this](LogLevel, std::string_view event, const std::vector<LogField>& fields) {
      if (event == "user actor retired") ++retired;
      if (event == "user actor failed") ++failed;
      if (event == "user actor threw" && fields.size() == 2 && fields[0].name == "user" &&
          fields[1].name == "reason" && fields[1].value == "the test asked for it") {
        ++threw;
      }
    };
  }

  bool wait_for(const std::atomic<std::size_t>& counter, std::size_t count) {
    for (int i = 0; i < 2'000 && counter < count; ++i) std::this_thread::sleep_for(5ms);
    return counter >= count;
  }
};

ActorOptions passivating_after(std::chrono::nanoseconds delay, Events& events) {
  ActorOptions options;
  options.passivate_after = delay;
  options.log = events.log();
  return options;
}

/// Neither sleeping nor yielding: those last long on a busy machine.
void spin_for(std::chrono::microseconds duration) {
  const auto until = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < until) {
  }
}

TEST(Passivation, LetsAnIdleActorGoAndRespawnsItOnNextUse) {
  Events events;
  FakeStore store;
  store.complete_by_itself();
  Node node{store, passivating_after(1ms, events)};
  Outcomes outcomes;
  for (std::size_t i = 0; i < 5; ++i) {
    node.gateway().submit(put(1, i), outcomes.expect(i));
    ASSERT_TRUE(outcomes.wait_for(i + 1));
    ASSERT_TRUE(events.wait_for(events.retired, i + 1));
  }
  EXPECT_EQ(outcomes.count(Verdict::applied), 5u);
}

TEST(Passivation, SparesAnActorWithACommandInFlight) {
  Events events;
  FakeStore store;
  Node node{store, passivating_after(1ms, events)};
  Outcomes outcomes;
  node.gateway().submit(put(1, 0), outcomes.expect(0));
  ASSERT_TRUE(store.wait_for_waiting(1));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(events.retired, 0u);
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(1));
  EXPECT_TRUE(events.wait_for(events.retired, 1));
}

// The race: commands keep arriving at the moment at which the actor goes away.
TEST(Passivation, LosesAndOvertakesNoCommandWhenTheyRaceWithIt) {
  constexpr std::size_t commands = 10'000;
  Events events;
  FakeStore store;
  store.complete_by_itself();
  Node node{store, passivating_after(0ns, events)};
  Outcomes outcomes;
  std::minstd_rand random{42};
  std::vector<std::string> sent;
  for (std::size_t i = 0; i < commands; ++i) {
    sent.push_back(std::to_string(i));
    node.gateway().submit(put(1, i), outcomes.expect(i));
    if (random() % 4 == 0) {
      ASSERT_TRUE(outcomes.wait_for(i + 1));
    }
    // Now and then for as long as the directory takes to find that the user is idle, or nearly.
    spin_for(std::chrono::microseconds{random() % (i % 16 == 0 ? 1'500 : 20)});
  }
  ASSERT_TRUE(outcomes.wait_for(commands));
  EXPECT_EQ(outcomes.count(Verdict::applied), commands);
  EXPECT_EQ(outcomes.repeated(), 0u);
  EXPECT_EQ(store.submitted_chunks(), sent);
  EXPECT_GT(events.retired, 10u) << "the race was not run";
  EXPECT_EQ(events.failed, 0u);
  RecordProperty("retired", static_cast<int>(events.retired));
}

TEST(Passivation, ForgetsAnActorThatFailedAndRespawnsIt) {
  Events events;
  FakeStore store;
  Node node{store, passivating_after(1min, events)};
  Outcomes outcomes;
  node.gateway().submit(put(1, 0), outcomes.expect(0));
  ASSERT_TRUE(store.wait_for_waiting(1));
  store.throw_once();
  node.gateway().submit(put(1, 1), outcomes.expect(1));
  // Both are answered, though the store still has the first.
  ASSERT_TRUE(outcomes.wait_for(2));
  EXPECT_EQ(outcomes.count(Verdict::unavailable), 2u);
  ASSERT_TRUE(events.wait_for(events.failed, 1));
  EXPECT_EQ(events.threw, 1u);
  node.gateway().submit(put(1, 2), outcomes.expect(2));
  ASSERT_TRUE(store.wait_for_waiting(2));
  EXPECT_EQ(store.complete_all(), 2u);
  ASSERT_TRUE(outcomes.wait_for(3));
  EXPECT_EQ(outcomes.at(2).verdict, Verdict::applied);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST(Passivation, AFailingActorAnswersAskersByMessageToo) {
  Events events;
  FakeStore store;
  store.throw_once();
  Node node{store, passivating_after(1min, events)};
  const auto outcome = ask<Outcome>(node.system(), node.directory(), put(1, 1));
  EXPECT_TRUE(!outcome || outcome->verdict == Verdict::unavailable);
}

TEST(Passivation, FailuresUnderLoadAnswerEachCommandOnce) {
  constexpr std::size_t commands = 5'000;
  Events events;
  FakeStore store;
  store.complete_by_itself();
  Node node{store, passivating_after(0ns, events)};
  Outcomes outcomes;
  for (std::size_t i = 0; i < commands; ++i) {
    if (i % 50 == 0) store.throw_once();
    node.gateway().submit(put(i % 2, i), outcomes.expect(i));
    if (i % 7 == 0) std::this_thread::yield();
  }
  ASSERT_TRUE(outcomes.wait_for(commands));
  EXPECT_EQ(outcomes.repeated(), 0u);
  EXPECT_EQ(outcomes.count(Verdict::applied) + outcomes.count(Verdict::unavailable), commands);
  EXPECT_TRUE(eventually([&] { return events.failed > 0; })) << "the directory hears of it";
  // All of the above may have gone to actors that had failed; those after them work.
  std::size_t next = commands;
  EXPECT_TRUE(eventually([&] {
    node.gateway().submit(put(0, next), outcomes.expect(next));
    return outcomes.wait_for_number(next) && outcomes.at(next++).verdict == Verdict::applied;
  }));
}

}  // namespace
}  // namespace mentat_sync::test
