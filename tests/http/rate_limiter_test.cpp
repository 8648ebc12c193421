// Rates: the burst, what comes after it, and what happens when there are too many keys.
#include "http/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RateLimiter::Key key(std::uint64_t number) {
  RateLimiter::Key key{};
  std::memcpy(key.data(), &number, sizeof number);
  return key;
}

constexpr RateLimiter::Clock::time_point start{seconds{1000}};

/// How many of `tries` requests at `now` pass.
int passed(RateLimiter& limiter, const RateLimiter::Key& of, RateLimiter::Clock::time_point now,
           int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += !limiter.refuse(of, now);
  return count;
}

TEST(RateLimiter, LimitsNothingAtZero) {
  RateLimiter limiter{0};
  EXPECT_FALSE(limiter.limits());
  EXPECT_EQ(passed(limiter, key(1), start, 1000), 1000);
}

TEST(RateLimiter, LetsABurstPassAndThenTheRate) {
  RateLimiter limiter{10, seconds{2}};
  EXPECT_EQ(passed(limiter, key(1), start, 100), 20);
  EXPECT_EQ(limiter.refused(), 80u);
  EXPECT_EQ(passed(limiter, key(1), start + milliseconds{500}, 100), 5);
  EXPECT_EQ(passed(limiter, key(1), start + seconds{60}, 100), 20);
}

TEST(RateLimiter, SaysWhenTheNextOnePasses) {
  RateLimiter limiter{10, seconds{2}};
  passed(limiter, key(1), start, 20);
  const auto wait = limiter.refuse(key(1), start);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, milliseconds{100});
  EXPECT_FALSE(limiter.refuse(key(1), start + *wait));
}

TEST(RateLimiter, KeysDoNotShare) {
  RateLimiter limiter{1, seconds{1}};
  EXPECT_EQ(passed(limiter, key(1), start, 5), 1);
  EXPECT_EQ(passed(limiter, key(2), start, 5), 1);
}

TEST(RateLimiter, ForgetsWhoIsQuietWhenRoomIsNeeded) {
  RateLimiter limiter{1, seconds{1}, 64};  // one key for each shard
  for (std::uint64_t i = 0; i < 1000; ++i) limiter.refuse(key(i), start);
  // Those that found room are limited, the others pass.
  EXPECT_GT(limiter.refused() + static_cast<std::uint64_t>(passed(limiter, key(5000), start, 3)),
            0u);
  const auto later = start + seconds{10};
  EXPECT_EQ(passed(limiter, key(9999), later, 5), 1) << "room was made for it";
}

}  // namespace
}  // namespace mentat_sync
