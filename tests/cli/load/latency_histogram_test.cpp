// The buckets: how exact they are, and where they end.
#include "cli/load/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(LatencyHistogram, TellsNothingOfNothing) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.max(), 0ns);
  EXPECT_EQ(histogram.mean(), 0ns);
  EXPECT_EQ(histogram.at(0.99), 0ns);
}

TEST(LatencyHistogram, IsExactToOneInSixtyFour) {
  for (std::int64_t ns = 1; ns < (std::int64_t{1} << 40); ns += ns / 3 + 1) {
    LatencyHistogram histogram;
    histogram.record(nanoseconds{ns});
    histogram.record(nanoseconds{std::int64_t{1} << 41});
    const auto told = histogram.at(0.5).count();
    EXPECT_GE(told, ns);
    EXPECT_LE(static_cast<double>(told), static_cast<double>(ns) * (1 + 1.0 / 64) + 16) << ns;
  }
}

TEST(LatencyHistogram, BucketsAscendWithoutGap) {
  LatencyHistogram histogram;
  for (std::int64_t ns = 0; ns < 300'000; ++ns) histogram.record(nanoseconds{ns});
  std::int64_t before = -1;
  histogram.for_each_bucket([&](nanoseconds upper, std::uint64_t count) {
    if (upper.count() < 300'000) {
      EXPECT_EQ(upper.count() - before, static_cast<std::int64_t>(count));
    }
    before = upper.count();
  });
}

TEST(LatencyHistogram, QuantilesAreThoseOfTheSortedList) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.record(std::chrono::microseconds{i});
  const auto near = [](nanoseconds told, nanoseconds wanted) {
    return told >= wanted && told <= wanted + wanted / 64 + 16ns;
  };
  EXPECT_TRUE(near(histogram.at(0.5), 500us));
  EXPECT_TRUE(near(histogram.at(0.9), 900us));
  EXPECT_TRUE(near(histogram.at(0.99), 990us));
  EXPECT_EQ(histogram.at(1), 1000us);
  EXPECT_EQ(histogram.max(), 1000us);
  EXPECT_EQ(histogram.mean(), 500'500ns);
}

TEST(LatencyHistogram, WhatIsBeyondTheLastBucketKeepsItsExactMaximum) {
  LatencyHistogram histogram;
  histogram.record(1h);
  histogram.record(-5ns);
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.max(), 1h);
  EXPECT_LE(histogram.at(1), 1h);
}

TEST(LatencyHistogram, MergingIsAsRecordingInOne) {
  LatencyHistogram a;
  LatencyHistogram b;
  LatencyHistogram both;
  for (int i = 1; i < 2000; i += 7) {
    (i % 2 == 0 ? a : b).record(std::chrono::microseconds{i * i});
    both.record(std::chrono::microseconds{i * i});
  }
  a.merge(b);
  EXPECT_EQ(a.count(), both.count());
  EXPECT_EQ(a.max(), both.max());
  EXPECT_EQ(a.mean(), both.mean());
  for (const double quantile : {0.0, 0.1, 0.5, 0.99, 1.0}) {
    EXPECT_EQ(a.at(quantile), both.at(quantile));
  }
}

}  // namespace
}  // namespace mentat_sync
