// One turn in each round of a loop, in the order of asking.
#include "http/turns.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mentat_sync {
namespace {

class Taker final : public TurnTaker {
 public:
  Taker(char name, std::string& done) : name_(name), done_(done) {}
  void on_turn() override { done_ += name_; }

 private:
  const char name_;
  std::string& done_;
};

class TurnsTest : public ::testing::Test {
 protected:
  std::shared_ptr<Taker> taker(char name) { return std::make_shared<Taker>(name, done); }

  boost::asio::io_context io{1};
  Turns turns{io};
  std::string done;
};

TEST_F(TurnsTest, AreGivenInTheOrderOfAsking) {
  const auto a = taker('a'), b = taker('b');
  turns.wait(a);
  turns.wait(b);
  turns.wait(a);
  EXPECT_EQ(done, "") << "never before wait() returns";
  io.run();
  EXPECT_EQ(done, "aba");
}

TEST_F(TurnsTest, EverythingThatIsReadyComesInBetween) {
  const auto a = taker('a'), b = taker('b');
  turns.wait(a);
  turns.wait(b);
  for (const char other : {'1', '2', '3'}) {
    boost::asio::post(io, [&, other] { done += other; });
  }
  io.run();
  EXPECT_EQ(done, "a123b");
}

TEST_F(TurnsTest, WhoHasGoneTakesNone) {
  const auto b = taker('b');
  turns.wait(taker('a'));
  turns.wait(b);
  EXPECT_EQ(io.run(), 1u);
  EXPECT_EQ(done, "b");
}

TEST_F(TurnsTest, WhoWaitsAgainLaterHasItsTurn) {
  const auto a = taker('a');
  turns.wait(a);
  io.run();
  io.restart();
  turns.wait(a);
  io.run();
  EXPECT_EQ(done, "aa");
}

}  // namespace
}  // namespace mentat_sync
