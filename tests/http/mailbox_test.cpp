// The way of answers from other threads: nothing is lost while the loop lives, nothing is touched
// after it.
#include "http/mailbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

class Recorder final : public Answerable {
 public:
  bool handing_over() const override { return now; }
  void take_piece(std::uint64_t number, BodyPiece piece) override {
    const bool failed = piece.then == BodyPiece::Then::failed;
    taken.push_back("piece " + std::to_string(number) + ":" + (failed ? "failed" : piece.bytes));
  }
  void take_answer(std::uint64_t number, std::optional<Response>&& response) override {
    taken.push_back(std::to_string(number) + ":" + (response ? response->body : "none"));
  }
  void answers_taken() override { taken.push_back("go on"); }

  bool now = false;
  std::vector<std::string> taken;
};

using Taken = std::vector<std::string>;

Response body(std::string text) {
  return {.headers = {}, .body = std::move(text)};
}

class MailboxTest : public ::testing::Test {
 protected:
  boost::asio::io_context io{1};
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>(io);
  std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>();
};

TEST_F(MailboxTest, HandsABurstOutTogether) {
  std::thread{[&] {
    mailbox->make_respond(recorder, 1)(body("a"));
    mailbox->make_respond(recorder, 2)(body("b"));
  }}.join();
  EXPECT_TRUE(recorder->taken.empty());
  EXPECT_EQ(io.run(), 1u);
  EXPECT_EQ(recorder->taken, (Taken{"1:a", "2:b", "go on"}));
}

TEST_F(MailboxTest, AnswersAtOnceWhereTheRequestIsHandedOver) {
  mailbox->settle_here();
  recorder->now = true;
  mailbox->make_respond(recorder, 1)(body("a"));
  EXPECT_EQ(recorder->taken, (Taken{"1:a"}));
  EXPECT_EQ(io.run(), 0u);
}

TEST_F(MailboxTest, WaitsItsTurnOnTheLoopsThreadOtherwise) {
  mailbox->settle_here();
  mailbox->make_respond(recorder, 1)(body("a"));
  EXPECT_TRUE(recorder->taken.empty());
  io.run();
  EXPECT_EQ(recorder->taken, (Taken{"1:a", "go on"}));
}

TEST_F(MailboxTest, DropsAnswersToThoseThatAreGone) {
  const Respond respond = mailbox->make_respond(recorder, 1);
  recorder.reset();
  respond(body("a"));
  EXPECT_EQ(io.run(), 1u);
}

TEST_F(MailboxTest, DropsAnswersAfterTheLoopHasEnded) {
  const Respond late = mailbox->make_respond(recorder, 1);
  mailbox->close();
  mailbox.reset();
  late(body("a"));
  EXPECT_EQ(io.run(), 0u);
  EXPECT_TRUE(recorder->taken.empty());
}

TEST_F(MailboxTest, HandsPiecesOutInTheirPlaceAmongAnswers) {
  std::thread{[&] {
    mailbox->make_respond(recorder, 1)(body("a"));
    mailbox->make_take_piece(recorder, 7)({"bytes", BodyPiece::Then::more});
    mailbox->make_take_piece(recorder, 8)({"dropped", BodyPiece::Then::failed});
  }}.join();
  EXPECT_EQ(io.run(), 1u);
  EXPECT_EQ(recorder->taken, (Taken{"1:a", "piece 7:bytes", "piece 8:failed", "go on"}));
}

TEST_F(MailboxTest, TakesPiecesFromManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        mailbox->make_take_piece(recorder, 1)({"x", BodyPiece::Then::more});
      }
    });
  }
  for (auto& thread : threads) thread.join();
  io.run();
  EXPECT_EQ(std::ranges::count(recorder->taken, "piece 1:x"), 400);
}

TEST_F(MailboxTest, IsNotHereWhereOneThatIsGoneWas) {
  alignas(Mailbox) std::array<std::byte, sizeof(Mailbox)> place;
  std::construct_at(reinterpret_cast<Mailbox*>(place.data()), io)->settle_here();
  std::destroy_at(reinterpret_cast<Mailbox*>(place.data()));
  const auto* const other = std::construct_at(reinterpret_cast<Mailbox*>(place.data()), io);
  EXPECT_FALSE(other->is_here());
  std::destroy_at(other);
}

TEST_F(MailboxTest, TakesAPieceAtOnceWhereItIsAskedFor) {
  mailbox->settle_here();
  recorder->now = true;
  mailbox->make_take_piece(recorder, 3)({"bytes", BodyPiece::Then::end});
  EXPECT_EQ(recorder->taken, (Taken{"piece 3:bytes"}));
  EXPECT_EQ(io.run(), 0u);
}

TEST_F(MailboxTest, DropsPiecesForThoseThatAreGoneAndAfterTheLoopHasEnded) {
  const TakePiece gone = mailbox->make_take_piece(recorder, 1);
  const auto other = std::make_shared<Recorder>();
  const TakePiece late = mailbox->make_take_piece(other, 2);
  recorder.reset();
  gone({"bytes", BodyPiece::Then::more});
  EXPECT_EQ(io.run(), 1u);
  mailbox->close();
  late({"bytes", BodyPiece::Then::more});
  EXPECT_EQ(io.run(), 0u);
  EXPECT_TRUE(other->taken.empty());
}

TEST_F(MailboxTest, AnExceptionThatDropsATakePieceIsLeftToWhoCatchesIt) {
  EXPECT_THROW(
      {
        const TakePiece take = mailbox->make_take_piece(recorder, 1);
        throw std::runtime_error("the piece cannot be made");
      },
      std::runtime_error);
  io.run();
  EXPECT_TRUE(recorder->taken.empty());
}

#ifdef NDEBUG
TEST_F(MailboxTest, ATakePieceThatWasNeverCalledIsAFailedPiece) {
  mailbox->make_take_piece(recorder, 5);
  io.run();
  EXPECT_EQ(recorder->taken, (Taken{"piece 5:failed", "go on"}));
}

TEST_F(MailboxTest, SaysSoWhenARespondWasNeverCalled) {
  mailbox->make_respond(recorder, 1);
  io.run();
  EXPECT_EQ(recorder->taken, (Taken{"1:none", "go on"}));
}
#else
TEST_F(MailboxTest, AssertsThatATakePieceIsCalled) {
  EXPECT_DEATH(mailbox->make_take_piece(recorder, 5), "destroyed uncalled");
}

TEST_F(MailboxTest, AssertsThatARespondIsCalled) {
  EXPECT_DEATH(mailbox->make_respond(recorder, 1), "destroyed uncalled");
}
#endif

}  // namespace
}  // namespace mentat_sync
