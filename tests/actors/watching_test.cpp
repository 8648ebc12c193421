// Watching: who waits for HEAD to be elsewhere hears of it, once, and never of what is older.
#include "watching.hpp"

#include "actors/user_actor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

namespace mentat_sync::test {
namespace {

class Watching : public WatchingFixture {};

TEST_F(Watching, AUserNobodyHasTouchedIsAskedOfTheStoreOnce) {
  store.set_head({transaction(2), 2});
  watch(0, 1);
  EXPECT_EQ(told(0).verdict, Verdict::applied);
  EXPECT_EQ(told(0).current_head, transaction(2));
  EXPECT_EQ(told(0).current_seq, 2u);
  watch(1, 3);
  EXPECT_EQ(told(1).current_head, transaction(2));
  watch(2, 2);
  settle();
  EXPECT_FALSE(outcomes.has(2));
  EXPECT_EQ(store.head_reads(), 1u);
}

TEST_F(Watching, WritesNothing) {
  watch(0, 1);
  told(0);
  EXPECT_EQ(store.complete_all(), 0u);
}

TEST_F(Watching, AMoveThatIsAppliedIsTold) {
  store.set_head({transaction(1), 1});
  watch(0, 1);
  settle();
  EXPECT_FALSE(outcomes.has(0));
  advance(1, 2, 2);
  EXPECT_EQ(told(0).verdict, Verdict::applied);
  EXPECT_EQ(told(0).current_head, transaction(2));
  EXPECT_EQ(told(0).current_seq, 2u);
}

TEST_F(Watching, APushThatIsAppliedIsTold) {
  store.set_head({transaction(1), 1});
  watch(0, 1);
  run(1, Push{user(1), transaction(1), {}, {}}, moved(4, 4));
  EXPECT_EQ(told(0).current_head, transaction(4));
  EXPECT_EQ(told(0).current_seq, 4u);
}

TEST_F(Watching, NothingIsToldOfChangesThatAreRefusedOrWereMadeBefore) {
  store.set_head({transaction(1), 1});
  watch(0, 1);
  settle();
  std::size_t number = 1;
  for (const Verdict verdict :
       {Verdict::head_not_descendant, Verdict::base_not_head, Verdict::storage_full,
        Verdict::unavailable, Verdict::already_there}) {
    Outcome outcome = moved(9, 9);
    outcome.verdict = verdict;
    run(number++, AdvanceHead{user(1), transaction(9), {}}, outcome);
    run(number++, Push{user(1), transaction(9), {}, {}}, outcome);
  }
  run(number++, FindMissing{user(1), {chunk(1)}}, moved(0, 0));
  run(number++, Collect{user(1), ""}, moved(0, 0));
  run(number++, PutTransaction{user(1), transaction(9), {}, {}}, moved(0, 0));
  EXPECT_FALSE(outcomes.has(0));
  advance(number, 2, 2);
  EXPECT_EQ(told(0).current_head, transaction(2));
}

TEST_F(Watching, ADeletionIsToldAndTheLogThatFollowsToo) {
  store.set_head({transaction(7), 7});
  watch(0, 7);
  settle();
  run(1, DeleteUser{user(1)}, outcome_of(Verdict::applied));
  EXPECT_EQ(told(0).verdict, Verdict::applied);
  EXPECT_TRUE(told(0).current_head.is_root());
  EXPECT_EQ(told(0).current_seq, 0u);
  watch(2, 0);
  advance(3, 8, 1);
  EXPECT_EQ(told(2).current_head, transaction(8));
}

TEST_F(Watching, AChangeWhileHeadIsAskedForIsToldAtOnceAndTheOlderAnswerIsNot) {
  store.hold_heads(true);
  watch(0, 1);
  advance(1, 2, 2);
  EXPECT_EQ(told(0).current_head, transaction(2));
  store.answer_head({transaction(1), 1});
  watch(2, 2);
  settle();
  // The answer comes by a message of its own; the reader has handled it before it answers this.
  store.hold_heads(false);
  EXPECT_TRUE(ask<Head>(node->system(), node->directory(), ReadHead{user(2)}));
  settle();
  EXPECT_FALSE(outcomes.has(2)) << "told of " << outcomes.at(2).current_head.to_string();
}

TEST_F(Watching, AnOutcomeOlderThanTheAnswerOfTheStoreIsNotTold) {
  store.hold_heads(true);
  watch(0, 1);
  gateway().submit(AdvanceHead{user(1), transaction(2), {}}, outcomes.expect(1));
  gateway().submit(AdvanceHead{user(1), transaction(3), {}}, outcomes.expect(2));
  ASSERT_TRUE(store.wait_for_waiting(2));
  store.answer_head({transaction(3), 3});
  EXPECT_EQ(told(0).current_head, transaction(3));
  watch(3, 3);
  store.complete_first(moved(2, 2));
  store.complete_first(moved(3, 3));
  settle();
  EXPECT_FALSE(outcomes.has(3));
}

TEST_F(Watching, WhoHasReadHeadBeforeItsOutcomeCameIsNotToldOfAnOlderOne) {
  store.set_head({transaction(3), 3});
  advance(0, 1, 1);
  gateway().submit(AdvanceHead{user(1), transaction(2), {}}, outcomes.expect(1));
  gateway().submit(AdvanceHead{user(1), transaction(3), {}}, outcomes.expect(2));
  ASSERT_TRUE(store.wait_for_waiting(2));
  gateway().watch({user(1), transaction(3), long_ms, 3}, outcomes.expect(3));
  store.complete_first(moved(2, 2));
  store.complete_first(moved(3, 3));
  settle();
  EXPECT_FALSE(outcomes.has(3));
  advance(4, 4, 4);
  EXPECT_EQ(told(3).current_head, transaction(4));
}

TEST_F(Watching, ADeletionWhileHeadIsAskedForIsNotUndoneByTheOlderAnswer) {
  store.hold_heads(true);
  watch(0, 5);
  run(1, DeleteUser{user(1)}, outcome_of(Verdict::applied));
  EXPECT_TRUE(told(0).current_head.is_root());
  store.answer_head({transaction(5), 5});
  watch(2, 0);
  store.hold_heads(false);
  EXPECT_TRUE(ask<Head>(node->system(), node->directory(), ReadHead{user(2)}));
  settle();
  EXPECT_FALSE(outcomes.has(2));
}

TEST_F(Watching, AStoreThatCannotSayWhereHeadIsFailsTheWatchAndIsAskedAgain) {
  store.fail_reads(true);
  watch(0, 1);
  EXPECT_EQ(told(0).verdict, Verdict::unavailable);
  store.fail_reads(false);
  store.set_head({transaction(2), 2});
  watch(1, 1);
  EXPECT_EQ(told(1).current_head, transaction(2));
}

TEST_F(Watching, EndsWhenTheWaitIsOver) {
  store.set_head({transaction(1), 3});
  watch(0, 1, 30);
  watch(1, 1);
  EXPECT_EQ(told(0).verdict, Verdict::already_there);
  EXPECT_EQ(told(0).current_head, transaction(1));
  EXPECT_EQ(told(0).current_seq, 3u);
  EXPECT_FALSE(outcomes.has(1));
}

TEST_F(Watching, EachEndsAtItsOwnTime) {
  store.set_head({transaction(1), 1});
  watch(0, 1);
  watch(1, 1, 200);
  watch(2, 1, 50);
  EXPECT_EQ(told(2).verdict, Verdict::already_there);
  EXPECT_FALSE(outcomes.has(1));
  EXPECT_EQ(told(1).verdict, Verdict::already_there);
  settle();
  EXPECT_FALSE(outcomes.has(0));
}

TEST_F(Watching, AWithdrawnOneIsAnsweredAtOnceAndTheOthersWaitOn) {
  store.set_head({transaction(1), 1});
  const WatchTicket first = watch(0, 1);
  watch(1, 1);
  gateway().withdraw(user(1), first);
  EXPECT_EQ(told(0).verdict, Verdict::unavailable);
  advance(2, 2, 2);
  EXPECT_EQ(told(1).current_head, transaction(2));
  gateway().withdraw(user(1), first);
  settle();
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST_F(Watching, WhatNobodyWaitsForAnyMoreIsNothingToWithdraw) {
  gateway().withdraw(user(1), watch(0, 1, 0));
  told(0);
  gateway().withdraw(user(2), 17);  // who has no actor
  settle();
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST_F(Watching, AWaitOfNoTimeIsAnsweredByWhereHeadIsNotByWhatIsKnown) {
  store.hold_heads(true);
  watch(0, 1, 0);
  watch(1, 2, 0);
  settle();
  store.answer_head({transaction(2), 2});
  EXPECT_EQ(told(0).verdict, Verdict::applied);
  EXPECT_EQ(told(1).verdict, Verdict::already_there);
}

// Longer than any clock can count: were it not clamped, it would be over at once.
TEST_F(Watching, AWaitOfAnyLengthIsClamped) {
  store.set_head({transaction(1), 1});
  watch(0, 1, std::numeric_limits<std::uint64_t>::max());
  watch(1, 1, std::uint64_t{1} << 63);
  std::this_thread::sleep_for(50ms);
  settle();
  EXPECT_FALSE(outcomes.has(0) || outcomes.has(1));
  advance(2, 2, 2);
  EXPECT_EQ(told(0).verdict, Verdict::applied);
  EXPECT_EQ(told(1).verdict, Verdict::applied);
}

TEST_F(Watching, ManyWatchersOfOneUserAreToldOnceEach) {
  constexpr std::size_t count = 5'000;
  store.set_head({transaction(1), 1});
  for (std::size_t i = 0; i < count; ++i) watch(i, 1);
  settle();
  advance(count, 2, 2);
  ASSERT_TRUE(outcomes.wait_for(count + 2));
  EXPECT_EQ(outcomes.repeated(), 0u);
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ(outcomes.at(i).current_head, transaction(2)) << i;
  }
  EXPECT_EQ(store.head_reads(), 1u);
}

TEST_F(Watching, OneUsersMoveIsNoNewsToAnothersWatchers) {
  store.set_head({transaction(1), 1});
  gateway().watch({user(2), transaction(1), long_ms}, outcomes.expect(0));
  advance(1, 2, 2);
  settle();
  gateway().submit(put(2, 1), outcomes.expect(2));
  ASSERT_TRUE(store.wait_for_waiting(1));
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(3));
  EXPECT_FALSE(outcomes.has(0));
}

// Each step is told to somebody who asks again with what he was told: he ends at the last one.
TEST_F(Watching, WhoAsksAgainWithWhatHeWasToldMissesNoLastMove) {
  constexpr unsigned moves = 300;
  store.set_head({transaction(0), 0});
  std::atomic<unsigned> seen{0};
  std::function<void(unsigned)> follow = [&](unsigned known) {
    gateway().watch({user(1), transaction(known), long_ms}, [&](const Outcome& outcome) {
      if (outcome.verdict != Verdict::applied) return;
      const auto seq = static_cast<unsigned>(outcome.current_seq);
      EXPECT_GT(seq, seen) << "told backwards";
      seen = seq;
      follow(seq);
    });
  };
  follow(0);
  for (unsigned i = 1; i <= moves; ++i) advance(i, i, i);
  for (int i = 0; i < 2'000 && seen < moves; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(seen, moves);
  node->stop();
}

}  // namespace
}  // namespace mentat_sync::test
