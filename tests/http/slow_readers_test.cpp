// What answers that are not taken cost: room in all, and time.
#include "http/pipeline.hpp"
#include "one_loop.hpp"
#include "server_fixture.hpp"
#include "storage/bounds.hpp"

#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;

/// More than what the sockets between a server and its client take by themselves.
constexpr std::size_t more_than_sockets_hold = 32 * bounds::MiB;

class AnswersBudgetTest : public ::testing::Test {
 protected:
  /// Of another connection.
  void hold(std::uint64_t bytes) { ASSERT_TRUE(others.grow_to(bytes)); }

  std::uint64_t open(bool safe = true) { return pipeline.open({.safe = safe}); }
  static Response body(std::size_t bytes) {
    return {.headers = {}, .body = std::string(bytes, 'x')};
  }
  /// As a connection does it.
  bool answer(std::uint64_t number, Response response) {
    const bool room = pipeline.make_room(number, response);
    pipeline.answer(number, room ? std::move(response) : body(100));
    return room;
  }
  void write_all() {
    pipeline.gather(writer, clock);
    std::size_t bytes = 0;
    for (const auto& buffer : writer.buffers()) bytes += buffer.size();
    writer.consume(bytes);
    pipeline.written();
  }

  BodyBudget budget{1'000'000};
  BodyShare others{budget};
  Pipeline pipeline{nullptr, &budget};
  ResponseWriter writer;
  DateClock clock;
};

TEST_F(AnswersBudgetTest, SmallAnswersTakeNoRoom) {
  hold(1'000'000);
  EXPECT_TRUE(answer(open(), body(bounds::answer_reserve_bytes)));
  EXPECT_EQ(budget.held_bytes(), 1'000'000u);
}

TEST_F(AnswersBudgetTest, LargeOnesTakeRoomUntilTheyAreWritten) {
  EXPECT_TRUE(answer(open(), body(400'000)));
  EXPECT_TRUE(answer(open(), body(300'000)));
  EXPECT_EQ(budget.held_bytes(), 700'000u);
  EXPECT_FALSE(answer(open(), body(300'001)));
  write_all();
  EXPECT_EQ(budget.held_bytes(), 0u);
  EXPECT_TRUE(answer(open(), body(1'000'000)));
}

TEST_F(AnswersBudgetTest, ManySmallOnesAreTogetherALargeOne) {
  hold(1'000'000);
  int refused = 0;
  for (int i = 0; i < 4; ++i) refused += !answer(open(), body(bounds::answer_reserve_bytes / 2));
  EXPECT_EQ(refused, 2);
}

TEST_F(AnswersBudgetTest, WhoIsRefusedIsNotReadUntilHeIsTold) {
  hold(1'000'000);
  EXPECT_FALSE(answer(open(), body(500'000)));
  EXPECT_TRUE(pipeline.full());
  write_all();
  EXPECT_FALSE(pipeline.full());
}

TEST_F(AnswersBudgetTest, TheOutcomeOfAChangeIsToldUnlessItIsLarge) {
  hold(1'000'000);
  EXPECT_TRUE(answer(open(), body(bounds::answer_reserve_bytes)));
  EXPECT_TRUE(answer(open(false), body(50)));
  EXPECT_FALSE(answer(open(false), body(bounds::answer_reserve_bytes + 1)));
}

TEST_F(AnswersBudgetTest, WhatASourceHoldsIsHeldToItsEnd) {
  class Source final : public BodySource {
   public:
    void next(TakePiece take) override { take({{}, BodyPiece::Then::end}); }
    std::size_t held_bytes() const override { return 500'000; }
  };
  Response streamed;
  streamed.source = std::make_shared<Source>();
  EXPECT_TRUE(answer(open(), streamed));
  write_all();
  EXPECT_EQ(budget.held_bytes(), 500'000u);
  pipeline.note_streamed(500'001);
  EXPECT_EQ(budget.held_bytes(), 500'001u) << "a piece that is larger than it was said to be";
  pipeline.end_stream();
  EXPECT_EQ(budget.held_bytes(), 500'001u) << "the last piece is still to be written";
  pipeline.written();
  EXPECT_EQ(budget.held_bytes(), 0u);
}

TEST_F(AnswersBudgetTest, TheEndOfTheConnectionGivesItBack) {
  EXPECT_TRUE(answer(open(), body(400'000)));
  pipeline.abandon();
  EXPECT_EQ(budget.held_bytes(), 0u);
}

class SlowReadersTest : public ServerFixture {};

TEST_F(SlowReadersTest, AnswersBeyondWhatAllMayHoldAreRefusedUntilThereIsRoom) {
  start([](ServerOptions& options) { options.max_answers_bytes = 48 * bounds::MiB; });
  {
    RawClient unread{port()};
    unread.send(get(big(more_than_sockets_hold)));
    ASSERT_TRUE(
        eventually([&] { return server->statistics().answers_bytes >= more_than_sockets_hold; }));
    RawClient large{port()};
    large.send(get(big(more_than_sockets_hold)) + get(big(1'000)));
    EXPECT_EQ(large.read_answer().status, 503u);
    EXPECT_EQ(large.read_answer().status, 200u) << "the connection goes on";
  }
  ASSERT_TRUE(eventually([&] { return server->statistics().answers_bytes == 0; }));
  RawClient later{port()};
  later.send(get(big(more_than_sockets_hold)));
  EXPECT_EQ(later.read_answer().body.size(), more_than_sockets_hold);
}

class TurnsOfConnections : public OneLoop {};

TEST_F(TurnsOfConnections, WhoOnlyAsksWaitsForOnePieceAtATime) {
  std::vector<std::shared_ptr<MemoryStream>> pulls;
  for (int i = 0; i < 10; ++i) {
    pulls.push_back(connect());
    pulls.back()->send(get("/work/100"));
  }
  while (application.pieces().count() < 20 && io.poll_one() > 0) {
  }
  const auto other = connect();
  other->send(get("/target"));
  const std::size_t before = application.pieces().count();
  while (other->received().empty() && io.poll_one() > 0) {
  }
  EXPECT_LE(application.pieces().count(), before + 3) << "one for each step of its way";
  run();
  for (const auto& pull : pulls) EXPECT_TRUE(pull->received().ends_with("\r\n0\r\n\r\n"));
  EXPECT_EQ(application.pieces().count(), 1'000u);
}

TEST_F(TurnsOfConnections, EachPieceIsOneEvenWhenItIsEmpty) {
  const auto pull = connect();
  pull->send(get("/work-empty") + get("/work/2") + get("/target"));
  run();
  EXPECT_NE(pull->received().find("1\r\na\r\n1\r\nb\r\n0\r\n\r\n"), std::string::npos);
  EXPECT_TRUE(pull->received().ends_with("/target"));
}

TEST_F(TurnsOfConnections, OneThatIsClosedMeanwhileTakesNone) {
  const auto pull = connect();
  const auto other = connect();
  pull->send(get("/work/100"));
  other->send(get("/work/3"));
  while (application.pieces().count() < 2 && io.poll_one() > 0) {
  }
  connections.front()->close();
  run();
  EXPECT_LE(application.pieces().count(), 5u);
  EXPECT_TRUE(other->received().ends_with("2;\r\n0\r\n\r\n"));
}

/// One connection whose peer takes what the test says, at the time that the test says.
class TrickleTest : public OneLoop {
 protected:
  TrickleTest() { stream->set_write_limit(0); }

  void ask(const std::string& target) {
    stream->send(get(target));
    run();
    now = std::chrono::steady_clock::now();
  }
  void take(std::size_t bytes) {
    const std::size_t before = stream->received().size();
    stream->set_write_limit(bytes);
    io.restart();
    while (stream->received().size() == before && io.poll_one() > 0) {
    }
    stream->set_write_limit(0);
    run();
  }
  /// The peer takes `bytes`, and a span and a bit is over.
  void take_in_a_span(std::size_t bytes) {
    take(bytes);
    now += deadlines.write + milliseconds{1};
    connections.front()->check_deadlines(now);
    run();
  }

  const std::size_t least = bounds::write_rate * 10;
  std::shared_ptr<MemoryStream> stream = connect();
  Connection::TimePoint now;
};

TEST_F(TrickleTest, WhoTakesEnoughInEachSpanIsWaitedFor) {
  ask(big(100'000));
  for (int i = 0; i < 5; ++i) {
    take_in_a_span(least + 1);
    EXPECT_FALSE(closed);
  }
  EXPECT_EQ(answers.held_bytes() / 1000, 100u);
}

TEST_F(TrickleTest, WhoTakesLessIsCutOff) {
  ask(big(100'000));
  take_in_a_span(least + 1);
  take_in_a_span(least);
  EXPECT_TRUE(closed);
  EXPECT_EQ(answers.held_bytes(), 0u);
}

TEST_F(TrickleTest, WhoTakesMuchAtOnceAndThenNothingIsCutOffAfterASpan) {
  ask(big(100'000));
  take(50'000);
  connections.front()->check_deadlines(now + deadlines.write / 2);
  connections.front()->check_deadlines(now + deadlines.write + milliseconds{1});
  EXPECT_FALSE(closed);
  connections.front()->check_deadlines(now + deadlines.write * 3 / 2 + milliseconds{1});
  EXPECT_TRUE(closed) << "though a second span has only begun";
}

TEST_F(TrickleTest, TheRestMustBeTakenInOneSpan) {
  ask(big(least / 2));
  take_in_a_span(least / 4);
  EXPECT_TRUE(closed);
}

TEST_F(TrickleTest, TheNextRequestIsLookedForOnceSomeOfTheAnswerHasLeft) {
  EXPECT_TRUE(stream->is_read());
  ask("/target");
  EXPECT_FALSE(stream->is_read()) << "who waits for an answer has hardly asked again";
  take(1);
  EXPECT_TRUE(stream->is_read());
}

TEST_F(TrickleTest, AnAnswerThatIsNotTakenWholeDoesNotKeepTheNextRequestWaiting) {
  ask(big(1'000));
  take(1);
  ask("/target");
  EXPECT_EQ(application.handled().size(), 2u);
}

TEST_F(TrickleTest, OneThatIsTakenWholeIsNotCutOff) {
  ask(big(1'000));
  take_in_a_span(10'000);
  EXPECT_FALSE(closed);
  ask(big(1'000));
  take_in_a_span(10'000);
  EXPECT_FALSE(closed) << "a span begins with an answer";
}

}  // namespace
}  // namespace mentat_sync
