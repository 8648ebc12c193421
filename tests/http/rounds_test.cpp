// Who is put off is called when all else that is ready has been done.
#include "http/rounds.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

class Taker final : public RoundTaker {
 public:
  explicit Taker(std::function<void()> step, std::function<void()> send = {})
      : step_(std::move(step)), send_(std::move(send)) {}
  void on_sending() override { send_(); }
  void on_round() override { step_(); }

 private:
  const std::function<void()> step_, send_;
};

class RoundsTest : public ::testing::Test {
 protected:
  std::shared_ptr<Taker> taker(std::string name) {
    return std::make_shared<Taker>([this, name] { done += name; },
                                   [this, name] { done += "send " + name + ";"; });
  }

  boost::asio::io_context io{1};
  Rounds rounds{io};
  std::string done;
};

TEST_F(RoundsTest, CallAllWhoWaitInTheirOrder) {
  rounds.wait(taker("a"));
  rounds.wait(taker("b"));
  EXPECT_EQ(done, "") << "never before wait() returns";
  EXPECT_EQ(io.run_one(), 1u) << "one handler for both";
  EXPECT_EQ(done, "ab");
}

TEST_F(RoundsTest, WhatIsReadyComesFirst) {
  boost::asio::post(io, [this] {
    rounds.wait(taker("a"));
    boost::asio::post(io, [this] { done += "2"; });
  });
  boost::asio::post(io, [this] { done += "1"; });
  io.run();
  EXPECT_EQ(done, "1a2");
}

TEST_F(RoundsTest, WhoIsPutOffMeanwhileHasTheNextOne) {
  const auto b = taker("b");
  rounds.wait(std::make_shared<Taker>([&] {
    done += "a";
    boost::asio::post(io, [this] { done += "|"; });
    rounds.wait(b);
  }));
  rounds.wait(taker("c"));
  io.run();
  EXPECT_EQ(done, "ac|b");
}

TEST_F(RoundsTest, WhatIsHeldBackLeavesBeforeAnyoneGoesOn) {
  rounds.wait(taker("a"));
  rounds.hold(taker("b"));
  rounds.hold(taker("c"));
  EXPECT_EQ(done, "");
  io.run();
  EXPECT_EQ(done, "send b;send c;a");
}

TEST_F(RoundsTest, AGroupLeavesAtOnce) {
  for (std::size_t i = 1; i < Rounds::group; ++i) rounds.hold(taker("."));
  EXPECT_EQ(done, "");
  rounds.hold(taker("last"));
  EXPECT_TRUE(done.ends_with("send .;send last;"));
  done.clear();
  rounds.hold(taker("next"));
  EXPECT_EQ(done, "");
  io.run();
  EXPECT_EQ(done, "send next;") << "and none of the others again";
}

TEST_F(RoundsTest, WhatIsHeldBackLeavesWhenItIsAskedFor) {
  rounds.hold(taker("a"));
  rounds.send_held();
  EXPECT_EQ(done, "send a;");
  io.run();
  EXPECT_EQ(done, "send a;");
}

TEST_F(RoundsTest, WhoSendsMayWaitForTheSameRound) {
  const auto a = taker("a");
  rounds.hold(std::make_shared<Taker>([] {}, [&] { rounds.wait(a); }));
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_EQ(done, "a");
}

TEST_F(RoundsTest, AreCrowdedWhenManyWentOnInTheLastOne) {
  EXPECT_FALSE(rounds.crowded());
  for (std::size_t i = 0; i < Rounds::crowd; ++i) rounds.wait(taker("."));
  EXPECT_FALSE(rounds.crowded()) << "not before the round";
  io.run_one();
  EXPECT_TRUE(rounds.crowded());
  for (std::size_t i = 1; i < Rounds::crowd; ++i) rounds.wait(taker("."));
  io.restart();
  io.run();
  EXPECT_FALSE(rounds.crowded());
}

TEST_F(RoundsTest, OfACrowdFollowEachOtherUpToABound) {
  std::size_t steps = 0;
  std::vector<std::shared_ptr<Taker>> takers(Rounds::crowd);
  for (auto& taker : takers) {
    taker = std::make_shared<Taker>([this, &steps, &taker] {
      ++steps;
      rounds.wait(taker);
    });
    rounds.wait(taker);
  }
  boost::asio::post(io, [this, &steps] { done += "else at " + std::to_string(steps); });
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_GE(steps, Rounds::at_a_time);
  EXPECT_LT(steps, Rounds::at_a_time + Rounds::crowd);
  const std::size_t after_one = steps;
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_EQ(done, "else at " + std::to_string(after_one));
  EXPECT_EQ(io.run_one(), 1u) << "who still waits is not forgotten";
  EXPECT_EQ(steps, 2 * after_one);
}

TEST_F(RoundsTest, OfFewLetTheLoopComeFirst) {
  std::size_t steps = 0;
  std::shared_ptr<Taker> again;
  again = std::make_shared<Taker>([this, &steps, &again] {
    if (++steps < 3) rounds.wait(again);
  });
  rounds.wait(again);
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_EQ(steps, 1u);
  io.run();
  EXPECT_EQ(steps, 3u);
}

TEST_F(RoundsTest, KeepWhoWaitsAndLetGoOfThemThen) {
  const auto kept = std::make_shared<int>(0);
  rounds.wait(std::make_shared<Taker>([this, kept] { done += "a"; }));
  EXPECT_EQ(kept.use_count(), 2);
  io.run();
  EXPECT_EQ(done, "a");
  EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace mentat_sync
