// The user actor: order, bounds and answers with many commands in flight.
#include "actors/user_actor.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace mentat_sync::test {
namespace {

using testing::Each;
using testing::ElementsAre;

ActorOptions with_bound(std::size_t commands, std::uint64_t bytes = 1 << 20) {
  ActorOptions options;
  options.max_user_commands = commands;
  options.max_user_bytes = bytes;
  return options;
}

TEST(UserActor, PassesCommandsOnInOrderWithoutWaitingForEarlierOnes) {
  FakeStore store;
  Node node{store};
  Outcomes outcomes;
  std::vector<std::string> sent;
  for (std::size_t i = 0; i < 1'000; ++i) {
    sent.push_back(std::to_string(i));
    node.gateway().submit(put(1, i), outcomes.expect(i));
  }
  ASSERT_TRUE(store.wait_for_waiting(1'000));
  EXPECT_EQ(outcomes.count(), 0u);
  EXPECT_EQ(store.submitted_chunks(), sent);
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(1'000));
  EXPECT_EQ(outcomes.count(Verdict::applied), 1'000u);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST(UserActor, AnswersEachAskerWithItsOwnOutcomeWhateverTheOrderOfCompletion) {
  FakeStore store;
  Node node{store};
  Outcomes outcomes;
  for (std::size_t i = 0; i < 3; ++i) node.gateway().submit(put(1, i), outcomes.expect(i));
  ASSERT_TRUE(store.wait_for_waiting(3));
  store.complete_last(Verdict::chunk_differs);
  store.complete_first(Verdict::already_there);
  store.complete_first(Verdict::storage_full);
  ASSERT_TRUE(outcomes.wait_for(3));
  EXPECT_THAT(outcomes.order(), ElementsAre(2, 0, 1));
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::already_there);
  EXPECT_EQ(outcomes.at(1).verdict, Verdict::storage_full);
  EXPECT_EQ(outcomes.at(2).verdict, Verdict::chunk_differs);
}

TEST(UserActor, AnswersOverloadedBeyondItsBoundOfCommandsAndRecovers) {
  FakeStore store;
  Node node{store, with_bound(2)};
  Outcomes outcomes;
  for (std::size_t i = 0; i < 4; ++i) node.gateway().submit(put(1, i), outcomes.expect(i));
  ASSERT_TRUE(outcomes.wait_for(2));
  EXPECT_EQ(outcomes.at(2).verdict, Verdict::overloaded);
  EXPECT_EQ(outcomes.at(3).limit, 2u);
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(4));
  node.gateway().submit(put(1, 4), outcomes.expect(4));
  ASSERT_TRUE(store.wait_for_waiting(1));
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(5));
  EXPECT_EQ(outcomes.at(4).verdict, Verdict::applied);
}

TEST(UserActor, BoundsBytesInFlightButLetsOneLargeCommandThroughAlone) {
  FakeStore store;
  Node node{store, with_bound(100, 1'000)};
  Outcomes outcomes;
  node.gateway().submit(put(1, 0, std::string(5'000, 'x')), outcomes.expect(0));
  node.gateway().submit(put(1, 1), outcomes.expect(1));
  ASSERT_TRUE(outcomes.wait_for(1));
  EXPECT_EQ(outcomes.at(1).verdict, Verdict::overloaded);
  EXPECT_EQ(outcomes.at(1).limit, 1'000u);
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(2));
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::applied);
}

TEST(UserActor, OneUsersBoundDoesNotHoldUpAnother) {
  FakeStore store;
  Node node{store, with_bound(1)};
  Outcomes outcomes;
  for (std::size_t i = 0; i < 3; ++i) node.gateway().submit(put(1, i), outcomes.expect(i));
  node.gateway().submit(put(2, 3), outcomes.expect(3));
  ASSERT_TRUE(store.wait_for_waiting(2));
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(4));
  EXPECT_EQ(outcomes.at(3).verdict, Verdict::applied);
  EXPECT_EQ(outcomes.count(Verdict::overloaded), 2u);
}

TEST(UserActor, PassesOnARefusalThatCompletesBeforeSubmitReturns) {
  FakeStore store;
  store.refuse_at_the_door(true);
  Node node{store, with_bound(1)};
  Outcomes outcomes;
  // More than the bound: a refused command must be counted down again.
  for (std::size_t i = 0; i < 10; ++i) {
    node.gateway().submit(put(1, i), outcomes.expect(i));
    ASSERT_TRUE(outcomes.wait_for(i + 1));
    EXPECT_EQ(outcomes.at(i).limit, 0u) << "refused by the actor, not by the store";
  }
  EXPECT_EQ(outcomes.count(Verdict::overloaded), 10u);
}

TEST(UserActor, AnswersActorsThatAskByMessages) {
  FakeStore store;
  store.complete_by_itself();
  Node node{store};
  auto& system = node.system();
  const auto& to = node.directory();
  const PutTransaction link{user(1), transaction(1), {}, {chunk(1)}};
  EXPECT_EQ(ask<Outcome>(system, to, put(1, 1))->verdict, Verdict::applied);
  EXPECT_EQ(ask<Outcome>(system, to, link)->verdict, Verdict::applied);
  EXPECT_EQ(ask<Outcome>(system, to, AdvanceHead{user(1), transaction(1), {}})->verdict,
            Verdict::applied);
  EXPECT_EQ(ask<Outcome>(system, to, DeleteUser{user(1)})->verdict, Verdict::applied);
}

TEST(UserActor, TakesCommandsAndCompletionsFromManyThreads) {
  FakeStore store;
  store.complete_by_itself();
  Node node{store};
  Outcomes outcomes;
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t i = 0; i < 1'000; ++i) {
        const auto number = thread * 1'000 + i;
        node.gateway().submit(put(i % 3, number), outcomes.expect(number));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_TRUE(outcomes.wait_for(4'000));
  EXPECT_EQ(outcomes.count(Verdict::applied), 4'000u);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

}  // namespace
}  // namespace mentat_sync::test
