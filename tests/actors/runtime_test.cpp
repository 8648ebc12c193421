// Starting and ending: each command in flight is answered once, and nothing outlives its memory.
#include "actors/runtime.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace mentat_sync::test {
namespace {

TEST(ActorRuntime, AnswersThroughItsGateway) {
  FakeStore store;
  store.complete_by_itself();
  Outcomes outcomes;
  ActorRuntime runtime{store};
  runtime.gateway().submit(put(1, 1), outcomes.expect(1));
  ASSERT_TRUE(outcomes.wait_for(1));
  EXPECT_EQ(outcomes.at(1).verdict, Verdict::applied);
}

TEST(ActorRuntime, EndsAfterTheCommandsInFlightAreAnsweredAsTheStoreSays) {
  FakeStore store;
  Outcomes outcomes;
  auto runtime = std::make_unique<ActorRuntime>(store);
  for (std::size_t i = 0; i < 100; ++i) {
    runtime->gateway().submit(put(i % 10, i), outcomes.expect(i));
  }
  ASSERT_TRUE(store.wait_for_waiting(100));
  std::thread writer{[&] {
    std::this_thread::sleep_for(20ms);
    store.complete_all();
  }};
  runtime.reset();
  EXPECT_EQ(outcomes.count(Verdict::applied), 100u);
  EXPECT_EQ(outcomes.repeated(), 0u);
  writer.join();
}

TEST(ActorRuntime, AnswersEachCommandOnceHoweverItsEndRacesWithThem) {
  constexpr std::size_t rounds = 100;
  constexpr std::size_t commands = 200;
  for (std::size_t round = 0; round < rounds; ++round) {
    FakeStore store;
    store.complete_by_itself();
    Outcomes outcomes;
    ActorRuntimeOptions options;
    options.threads = 1 + round % 2;
    options.actors.passivate_after = std::chrono::microseconds{round % 5};
    {
      ActorRuntime runtime{store, options};
      for (std::size_t i = 0; i < commands; ++i) {
        runtime.gateway().submit(put(i % 5, i), outcomes.expect(i));
      }
    }
    ASSERT_EQ(outcomes.count(), commands) << "in round " << round;
    ASSERT_EQ(outcomes.repeated(), 0u);
  }
}

TEST(ActorGateway, AnswersUnavailableOnceTheDirectoryHasEnded) {
  FakeStore store;
  store.complete_by_itself();
  Node node{store};
  Outcomes outcomes;
  node.end_directory();
  // A request comes back as the directory ends; its mailbox may be open for a moment longer.
  ask<Outcome>(node.system(), node.directory(), put(1, 0));
  for (std::size_t i = 0; i < 100; ++i) node.gateway().submit(put(1, i), outcomes.expect(i));
  ASSERT_TRUE(outcomes.wait_for(100));
  EXPECT_EQ(outcomes.count(Verdict::unavailable), 100u);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

// A user actor that failed leaves commands behind in the store; these complete when neither the
// actor nor its system is there any more.
TEST(Port, CompletionsAfterTheEndOfTheSystemFindNobody) {
  FakeStore store;
  Outcomes outcomes;
  {
    Node node{store};
    for (std::size_t i = 0; i < 10; ++i) node.gateway().submit(put(1, i), outcomes.expect(i));
    ASSERT_TRUE(store.wait_for_waiting(10));
    store.throw_once();
    node.gateway().submit(put(1, 10), outcomes.expect(10));
    ASSERT_TRUE(outcomes.wait_for(11));
  }
  EXPECT_EQ(store.complete_all(), 10u);
  EXPECT_EQ(outcomes.count(Verdict::unavailable), 11u);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

}  // namespace
}  // namespace mentat_sync::test
