// The way of answers from other threads: nothing is lost while the loop lives, nothing is touched
// after it.
#include "http/mailbox.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

class Recorder final : public Answerable {
 public:
  bool handing_over() const override { return now; }
  void take_piece(BodyPiece) override {}
  void take_answer(std::uint64_t number, std::optional<Response> response) override {
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

#ifdef NDEBUG
TEST_F(MailboxTest, SaysSoWhenARespondWasNeverCalled) {
  mailbox->make_respond(recorder, 1);
  io.run();
  EXPECT_EQ(recorder->taken, (Taken{"1:none", "go on"}));
}
#else
TEST_F(MailboxTest, AssertsThatARespondIsCalled) {
  EXPECT_DEATH(mailbox->make_respond(recorder, 1), "destroyed uncalled");
}
#endif

}  // namespace
}  // namespace mentat_sync
