// Watch: asks, and takes back what it asked.
#include "http/watch.hpp"

#include "tests/http/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace mentat_sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WatchTest : public testing::Test {
 protected:
  void ask() {
    watch.ask({user_id(alice), transaction_id(first), 1000},
              [this](const Outcome& outcome) { verdict = outcome.verdict; });
  }

  FakeGateway gateway;
  Watch watch{gateway, user_id(alice)};
  std::optional<Verdict> verdict;
};

TEST_F(WatchTest, WithdrawsTheLastQuestionOnce) {
  ask();
  ask();
  EXPECT_THAT(gateway.withdrawn, IsEmpty());
  watch.withdraw();
  watch.withdraw();
  EXPECT_THAT(gateway.withdrawn, ElementsAre(2));
}

TEST_F(WatchTest, WithdrawsNothingBeforeItHasAsked) {
  watch.withdraw();
  EXPECT_THAT(gateway.withdrawn, IsEmpty());
}

TEST_F(WatchTest, AsksNobodyWhenItWasWithdrawn) {
  watch.withdraw();
  ask();
  EXPECT_EQ(verdict, Verdict::unavailable);
  EXPECT_THAT(gateway.watches, IsEmpty());
}

}  // namespace
}  // namespace mentat_sync
