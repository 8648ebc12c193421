// Event streams: what is told, what is not told twice, and what a slow reader misses.
#include "http/event_source.hpp"

#include "storage/bounds.hpp"
#include "tests/http/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace mentat_sync {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Then = BodyPiece::Then;

const std::string first_id{first};

class EventSourceTest : public testing::Test {
 protected:
  void start(bool knows, std::uint64_t seq = 1) {
    source = std::make_shared<EventSource>(gateway, user_id(alice),
                                           Head{transaction_id(first), seq}, knows);
  }

  /// Asks for a piece, which may come later.
  void ask() {
    piece.reset();
    source->next([this](BodyPiece taken) { piece = std::move(taken); });
  }

  /// Has the watch that was asked for last answered.
  void tell(Verdict verdict, std::string_view head = first, std::uint64_t seq = 1) {
    Outcome outcome = outcome_of(verdict);
    outcome.current_head = transaction_id(head);
    outcome.current_seq = seq;
    gateway.watches.back().done(outcome);
  }

  FakeGateway gateway;
  std::shared_ptr<EventSource> source;
  std::optional<BodyPiece> piece;
};

TEST(HeadEvent, HasAnIdATypeAndTheHeadAsJson) {
  EXPECT_EQ(
      head_event({transaction_id(first), 3}),
      "id: 3-" + first_id + "\nevent: head\ndata: {\"head\":\"" + first_id + "\",\"seq\":3}\n\n");
}

TEST(HeadEvent, IsKnownToWhoSendsItsIdOrItsNumber) {
  const Head head{transaction_id(first), 3};
  EXPECT_TRUE(knows(event_id(head), head));
  EXPECT_TRUE(knows("3", head));
  EXPECT_FALSE(knows("", head));
  EXPECT_FALSE(knows("03", head));
  EXPECT_FALSE(knows("2", head));
  EXPECT_FALSE(knows("3-", head));
  EXPECT_FALSE(knows(event_id({transaction_id(second), 3}), head)) << "of a log deleted since";
  EXPECT_TRUE(knows("0", Head{})) << "an empty log";
}

TEST_F(EventSourceTest, TellsWhereHeadIsAtOnce) {
  start(false);
  ask();
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->bytes, "retry: " + std::to_string(bounds::event_retry.count()) + "\n\n" +
                              head_event({transaction_id(first), 1}));
  EXPECT_EQ(piece->then, Then::more);
  EXPECT_TRUE(gateway.watches.empty());
}

TEST_F(EventSourceTest, WithdrawsWhatItAskedWhenItIsLetGo) {
  start(true);
  ask();
  ask();
  ASSERT_EQ(gateway.watches.size(), 1u);
  source.reset();
  EXPECT_EQ(gateway.withdrawn, std::vector<WatchTicket>{1});
  tell(Verdict::unavailable);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->then, Then::end);
}

TEST_F(EventSourceTest, DoesNotTellItToWhoKnows) {
  start(true);
  ask();
  ASSERT_TRUE(piece);
  EXPECT_THAT(piece->bytes, StartsWith("retry: "));
  EXPECT_THAT(piece->bytes, Not(HasSubstr("event: ")));
}

TEST_F(EventSourceTest, WatchesFromWhatWasToldForAHeartbeatAtATime) {
  start(true);
  ask();
  ask();
  ASSERT_EQ(gateway.watches.size(), 1u);
  EXPECT_FALSE(piece);
  const AwaitHead& question = gateway.watches[0].question;
  EXPECT_EQ(question.user, user_id(alice));
  EXPECT_EQ(question.known, transaction_id(first));
  EXPECT_EQ(std::chrono::milliseconds{question.wait_ms}, bounds::event_heartbeat);
  EXPECT_LT(bounds::event_heartbeat, bounds::answer_timeout) << "or the connection is closed";
}

TEST_F(EventSourceTest, TellsOfAMoveAndWatchesFromThere) {
  start(false);
  ask();
  ask();
  tell(Verdict::applied, second, 2);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->bytes, head_event({transaction_id(second), 2}));
  EXPECT_EQ(piece->then, Then::more);
  ask();
  EXPECT_EQ(gateway.watches.back().question.known, transaction_id(second));
}

TEST_F(EventSourceTest, TellsOfADeletion) {
  start(true, 9);
  ask();
  ask();
  tell(Verdict::applied, nil, 0);
  EXPECT_THAT(piece->bytes, HasSubstr("\"seq\":0}"));
}

TEST_F(EventSourceTest, SaysSomethingWhenNothingHappens) {
  start(true);
  ask();
  ask();
  tell(Verdict::already_there);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->bytes, ":\n\n");
  EXPECT_EQ(piece->then, Then::more);
  ask();
  EXPECT_EQ(gateway.watches.back().question.known, transaction_id(first));
}

// Nothing is watched, and so nothing queued, while what was told is on its way.
TEST_F(EventSourceTest, WhoReadsSlowlyIsToldOfTheLastMoveOnly) {
  start(false);
  ask();
  ask();
  tell(Verdict::applied, second, 2);
  EXPECT_EQ(gateway.watches.size(), 1u) << "it asked again before it was asked";
  // HEAD moves on twice; the actor answers the next question by where it is by then.
  ask();
  ASSERT_EQ(gateway.watches.size(), 2u);
  tell(Verdict::applied, "33333333-3333-4333-8333-333333333333", 4);
  EXPECT_THAT(piece->bytes, HasSubstr("\"seq\":4}"));
  EXPECT_THAT(piece->bytes, Not(HasSubstr("\"seq\":3}")));
}

TEST_F(EventSourceTest, EndsWhenTheWatchIsLost) {
  for (const Verdict verdict : {Verdict::unavailable, Verdict::overloaded}) {
    start(true);
    ask();
    ask();
    tell(verdict);
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->then, Then::end);
    EXPECT_EQ(piece->bytes, "");
  }
}

}  // namespace
}  // namespace mentat_sync
