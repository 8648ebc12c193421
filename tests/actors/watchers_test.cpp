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
  /// The watcher `number`, who knows of `known`.
  std::optional<Watchers::Ticket> add(std::size_t number, unsigned known) {
    return watchers.add({transaction(known), 0}, outcomes.expect(number));
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
  watchers.add({transaction(3), 3}, outcomes.expect(0));
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
  watchers.add({transaction(3), 3}, outcomes.expect(1));
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
  watchers.add({transaction(7), 7}, outcomes.expect(0));
  EXPECT_EQ(outcomes.count(), 0u);
  watchers.asking();
  watchers.found({transaction(9), 1});
  EXPECT_EQ(outcomes.at(0).current_head, transaction(9));
  EXPECT_EQ(outcomes.at(0).current_seq, 1u);
}

TEST_F(WatchersTest, AsksAgainForWhoComesWhileTheStoreIsAsked) {
  add(0, 1);
  watchers.asking();
  watchers.add({transaction(3), 3}, outcomes.expect(1));
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
  watchers.add(Head{}, outcomes.expect(1));
  watchers.found({transaction(5), 5});
  EXPECT_FALSE(outcomes.has(1));
  watchers.moved({transaction(6), 1});
  EXPECT_EQ(outcomes.at(1).current_head, transaction(6));
}

TEST_F(WatchersTest, TellsEachOnce) {
  const auto ticket = add(0, 1);
  watchers.moved({transaction(2), 2});
  watchers.moved({transaction(3), 3});
  watchers.expire(*ticket);
  watchers.expire_all();
  watchers.fail_all();
  EXPECT_EQ(outcomes.count(), 1u);
  EXPECT_EQ(outcomes.repeated(), 0u);
}

TEST_F(WatchersTest, EndsTheWaitOfOneAlone) {
  watchers.moved({transaction(1), 4});
  const auto ticket = add(0, 1);
  add(1, 1);
  watchers.expire(*ticket);
  EXPECT_THAT(outcomes.order(), ElementsAre(0));
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::already_there);
  EXPECT_EQ(outcomes.at(0).current_head, transaction(1));
  EXPECT_EQ(outcomes.at(0).current_seq, 4u);
  EXPECT_FALSE(watchers.empty());
}

// It could not say whether HEAD still is what the watcher knows.
TEST_F(WatchersTest, EndsNoWaitBeforeItKnowsWhereHeadIs) {
  const auto moved_on = add(0, 1);
  const auto stayed = add(1, 2);
  watchers.expire(*moved_on);
  watchers.expire(*stayed);
  EXPECT_EQ(outcomes.count(), 0u);
  watchers.moved({transaction(2), 2});
  ASSERT_EQ(outcomes.count(), 2u);
  EXPECT_EQ(outcomes.at(0).verdict, Verdict::applied);
  EXPECT_EQ(outcomes.at(1).verdict, Verdict::already_there);
  EXPECT_EQ(outcomes.at(1).current_seq, 2u);
  EXPECT_TRUE(watchers.empty());
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
    ending.add({transaction(1), 0}, outcomes.expect(0));
    ending.add({transaction(1), 0}, outcomes.expect(1));
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
  watchers.add({transaction(1), 0}, [this](Outcome outcome) {
    outcomes.expect(0)(outcome);
    watchers.add({outcome.current_head, outcome.current_seq}, outcomes.expect(1));
  });
  watchers.moved({transaction(2), 2});
  EXPECT_THAT(outcomes.order(), ElementsAre(0));
  watchers.moved({transaction(3), 3});
  EXPECT_THAT(outcomes.order(), ElementsAre(0, 1));
}

}  // namespace
}  // namespace mentat_sync::test
