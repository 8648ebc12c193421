// Watchers: each is told once, of what it does not know.
#include "actors/watchers.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync::test {
namespace {

using testing::ElementsAre;

class WatchersTest : public testing::Test {
 protected:
  using TimePoint = Watchers::TimePoint;

  /// The watcher `number`, who knows of `known`; its ticket is one more than its number.
  bool add(std::size_t number, unsigned known, TimePoint until = TimePoint::max()) {
    return add(number, Head{transaction(known), 0}, until);
  }
  bool add(std::size_t number, const Head& known, TimePoint until = TimePoint::max()) {
    return watchers.add(number + 1, known, until, outcomes.expect(number));
  }
  static TimePoint at(int seconds) { return TimePoint{std::chrono::seconds{seconds}}; }
  /// The timer that is to be set goes off when it is due.
  void let_timer_go_off() {
    const auto timer = watchers.next_timer();
    ASSERT_TRUE(timer);
    watchers.timer_has_gone_off(timer->number, timer->due);
  }

  Outcomes outcomes;
  Watchers watchers{3};
};

TEST_F(WatchersTest, TellsAtOnceOfAHeadThatIsKnownToBeElsewhere) {
  watchers.moved({transaction(2), 5});
  EXPECT_FALSE(add(0, 1));
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::applied);
  EXPECT_EQ(outcomes.at(0).current_head, transaction(2));
  EXPECT_EQ(outcomes.at(0).current_seq, 5u);
  EXPECT_TRUE(watchers.empty());
}

TEST_F(WatchersTest, KeepsWaitingWhoKnowsWhereHeadIs) {
  watchers.moved({transaction(1), 1});
  EXPECT_TRUE(add(0, 1));
  watchers.moved({transaction(1), 1});
  EXPECT_EQ(outcomes.count(), 0u);
  EXPECT_FALSE(watchers.empty());
}

TEST_F(WatchersTest, KeepsWaitingWhileNothingIsKnown) {
  EXPECT_TRUE(add(0, 1));
  EXPECT_EQ(outcomes.count(), 0u);
  EXPECT_TRUE(watchers.should_ask());
}

TEST_F(WatchersTest, TellsThoseWhoDoNotKnowOfAMoveAndNoOthers) {
  add(0, 1);
  add(1, 2);
  watchers.moved({transaction(2), 2});
  EXPECT_THAT(outcomes.order(), ElementsAre(0));
  EXPECT_EQ(outcomes.at(0).current_head, transaction(2));
  watchers.moved({transaction(3), 3});
  EXPECT_THAT(outcomes.order(), ElementsAre(0, 1));
  EXPECT_EQ(outcomes.at(1).current_seq, 3u);
}

// The outcome of an older change comes here after the watcher has read HEAD itself.
TEST_F(WatchersTest, TellsNobodyOfWhatIsOlderThanWhatHeKnows) {
  watchers.moved({transaction(1), 1});
  add(0, Head{transaction(3), 3});
  watchers.moved({transaction(2), 2});
  watchers.moved({transaction(3), 3});
  EXPECT_EQ(outcomes.count(), 0u);
  watchers.moved({transaction(4), 4});
  EXPECT_EQ(outcomes.at(0).current_head, transaction(4));
}

TEST_F(WatchersTest, AsksForThoseWhoKnowMoreAndForNobodyElse) {
  watchers.moved({transaction(1), 1});
  add(0, 1);
  EXPECT_FALSE(watchers.should_ask());
  add(1, Head{transaction(3), 3});
  EXPECT_TRUE(watchers.should_ask());
  watchers.asking();
  EXPECT_FALSE(watchers.should_ask());
  watchers.found({transaction(3), 3});
  EXPECT_THAT(outcomes.order(), ElementsAre(0));
  EXPECT_EQ(outcomes.at(0).current_head, transaction(3));
}

// By its number it looks newer than what is there.
TEST_F(WatchersTest, TellsWhoKnowsALogThatWasDeletedWhatTheStoreFinds) {
  watchers.forgotten();
  watchers.moved({transaction(9), 1});
  add(0, Head{transaction(7), 7});
  EXPECT_EQ(outcomes.count(), 0u);
  watchers.asking();
  watchers.found({transaction(9), 1});
  EXPECT_EQ(outcomes.at(0).current_head, transaction(9));
  EXPECT_EQ(outcomes.at(0).current_seq, 1u);
}

TEST_F(WatchersTest, AsksAgainForWhoComesWhileTheStoreIsAsked) {
  add(0, 1);
  watchers.asking();
  add(1, Head{transaction(3), 3});
  EXPECT_TRUE(watchers.should_ask());
  watchers.found({transaction(2), 2});
  EXPECT_THAT(outcomes.order(), ElementsAre(0)) << "the other may know more than this answer";
  EXPECT_TRUE(watchers.should_ask());
  watchers.asking();
  watchers.found({transaction(3), 3});
  EXPECT_EQ(outcomes.count(), 1u);
  watchers.moved({transaction(4), 4});
  EXPECT_EQ(outcomes.at(1).current_head, transaction(4));
}

TEST_F(WatchersTest, ADeletionMakesTheAnswerThatIsUnderWayVoid) {
  add(0, 5);
  watchers.asking();
  watchers.forgotten();
  EXPECT_TRUE(outcomes.at(0).current_head.is_root());
  add(1, Head{});
  watchers.found({transaction(5), 5});
  EXPECT_FALSE(outcomes.has(1));
  watchers.moved({transaction(6), 1});
  EXPECT_EQ(outcomes.at(1).current_head, transaction(6));
}

TEST_F(WatchersTest, TellsEachOnce) {
  add(0, 1, at(1));
  const auto timer = watchers.next_timer();
  watchers.moved({transaction(2), 2});
  watchers.moved({transaction(3), 3});
  watchers.timer_has_gone_off(timer->number, timer->due);
  watchers.withdraw(1);
  watchers.expire_all();
  watchers.fail_all();
  EXPECT_EQ(outcomes.count(), 1u);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST_F(WatchersTest, EndsTheWaitOfOneAlone) {
  watchers.moved({transaction(1), 4});
  add(0, 1, at(1));
  add(1, 1, at(2));
  let_timer_go_off();
  EXPECT_THAT(outcomes.order(), ElementsAre(0));
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::already_there);
  EXPECT_EQ(outcomes.at(0).current_head, transaction(1));
  EXPECT_EQ(outcomes.at(0).current_seq, 4u);
  EXPECT_FALSE(watchers.empty());
}

// It could not say whether HEAD still is what the watcher knows.
TEST_F(WatchersTest, EndsNoWaitBeforeItKnowsWhereHeadIs) {
  add(0, 1, at(1));
  add(1, 2, at(1));
  let_timer_go_off();
  EXPECT_FALSE(watchers.next_timer());
  EXPECT_EQ(outcomes.count(), 0u);
  watchers.moved({transaction(2), 2});
  ASSERT_EQ(outcomes.count(), 2u);
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::applied);
  EXPECT_EQ(outcomes.at(1).verdict, Verdict::already_there);
  EXPECT_EQ(outcomes.at(1).current_seq, 2u);
  EXPECT_TRUE(watchers.empty());
}

TEST_F(WatchersTest, WantsOneTimerForTheFirstWaitThatEnds) {
  watchers.moved({transaction(1), 1});
  EXPECT_FALSE(watchers.next_timer());
  add(0, 1, at(5));
  EXPECT_EQ(watchers.next_timer()->due, at(5));
  EXPECT_FALSE(watchers.next_timer()) << "it is set";
  add(1, 1, at(9));
  EXPECT_FALSE(watchers.next_timer()) << "it will do";
  add(2, 1, at(3));
  EXPECT_EQ(watchers.next_timer()->due, at(3));
}

TEST_F(WatchersTest, PassesOverATimerThatAnotherWasSetBefore) {
  watchers.moved({transaction(1), 1});
  add(0, 1, at(5));
  const auto late = watchers.next_timer();
  add(1, 1, at(3));
  const auto early = watchers.next_timer();
  watchers.timer_has_gone_off(early->number, at(3));
  EXPECT_THAT(outcomes.order(), ElementsAre(1));
  const auto next = watchers.next_timer();
  EXPECT_EQ(next->due, at(5));
  watchers.timer_has_gone_off(late->number, at(5));
  EXPECT_EQ(outcomes.count(), 1u);
  watchers.timer_has_gone_off(next->number, at(5));
  EXPECT_THAT(outcomes.order(), ElementsAre(1, 0));
  EXPECT_FALSE(watchers.next_timer());
}

TEST_F(WatchersTest, EndsTogetherWhatIsOverWhenItLooks) {
  watchers.moved({transaction(1), 1});
  for (const int number : {0, 1, 2}) add(static_cast<std::size_t>(number), 1, at(number));
  const auto timer = watchers.next_timer();
  watchers.timer_has_gone_off(timer->number, at(1));
  EXPECT_THAT(outcomes.order(), ElementsAre(0, 1));
}

TEST_F(WatchersTest, AWithdrawnOneLeavesNothingBehind) {
  add(0, 1, at(1));
  add(1, 1, at(2));
  watchers.withdraw(1);
  watchers.withdraw(1);
  EXPECT_THAT(outcomes.order(), ElementsAre(0));
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::unavailable);
  EXPECT_EQ(watchers.next_timer()->due, at(2));
  EXPECT_TRUE(watchers.should_ask()) << "for the other";
  watchers.withdraw(2);
  EXPECT_TRUE(watchers.empty());
  EXPECT_FALSE(watchers.should_ask());
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST_F(WatchersTest, AWithdrawnOneMakesRoom) {
  for (std::size_t i = 0; i < 3; ++i) add(i, 1);
  watchers.withdraw(2);
  EXPECT_TRUE(add(3, 1));
}

TEST_F(WatchersTest, EndsTheWaitsOfAll) {
  add(0, 1);
  add(1, 2);
  watchers.expire_all();
  EXPECT_EQ(outcomes.count(Verdict::already_there), 2u);
  EXPECT_EQ(outcomes.at(1).current_head, transaction(2));
  EXPECT_TRUE(watchers.empty());
}

TEST_F(WatchersTest, FailsAllWhenTheMachineryDoes) {
  add(0, 1);
  add(1, 2);
  watchers.fail_all();
  EXPECT_EQ(outcomes.count(Verdict::unavailable), 2u);
  EXPECT_TRUE(add(2, 1)) << "and goes on";
}

TEST_F(WatchersTest, FailsThoseWhoStillWaitWhenItIsDestroyed) {
  {
    Watchers ending;
    ending.add(1, {transaction(1), 0}, at(1), outcomes.expect(0));
    ending.add(2, {transaction(1), 0}, at(1), outcomes.expect(1));
  }
  EXPECT_EQ(outcomes.count(Verdict::unavailable), 2u);
}

TEST_F(WatchersTest, AnswersOverloadedBeyondItsBound) {
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(add(i, 1));
  EXPECT_FALSE(add(3, 1));
  EXPECT_EQ(outcomes.at(3).verdict, Verdict::overloaded);
  EXPECT_EQ(outcomes.at(3).limit, 3u);
  watchers.moved({transaction(1), 1});
  EXPECT_FALSE(add(4, 2)) << "who need not wait is answered all the same";
  EXPECT_EQ(outcomes.at(4).verdict, Verdict::applied);
  watchers.expire_all();
  EXPECT_TRUE(add(5, 1)) << "there is room again";
}

// The answer to one may make another ask: nothing is told twice, or lost.
TEST_F(WatchersTest, MayBeAskedAgainWhileItTells) {
  watchers.add(1, {transaction(1), 0}, at(1), [this](Outcome outcome) {
    outcomes.expect(0)(outcome);
    add(1, Head{outcome.current_head, outcome.current_seq});
  });
  watchers.moved({transaction(2), 2});
  EXPECT_THAT(outcomes.order(), ElementsAre(0));
  watchers.moved({transaction(3), 3});
  EXPECT_THAT(outcomes.order(), ElementsAre(0, 1));
}

}  // namespace
}  // namespace mentat_sync::test
