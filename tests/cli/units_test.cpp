// Sizes for people, durations from people.
#include "cli/units.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;

TEST(HumanSize, HasOneDigitAndTheLargestUnitThatFits) {
  EXPECT_EQ(to_human_size(0), "0 B");
  EXPECT_EQ(to_human_size(1023), "1023 B");
  EXPECT_EQ(to_human_size(1024), "1.0 KiB");
  EXPECT_EQ(to_human_size(1536), "1.5 KiB");
  EXPECT_EQ(to_human_size(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(to_human_size(UINT64_MAX), "16.0 EiB");
}

TEST(HumanDuration, HasUpToTwoUnits) {
  EXPECT_EQ(to_human_duration(0), "0 s");
  EXPECT_EQ(to_human_duration(59'999), "59 s");
  EXPECT_EQ(to_human_duration(60'000), "1 min");
  EXPECT_EQ(to_human_duration(90 * 60'000), "1 h 30 min");
  EXPECT_EQ(to_human_duration(2 * 3'600'000), "2 h");
  EXPECT_EQ(to_human_duration(7 * 24 * 3'600'000U - 1), "6 d 23 h");
  EXPECT_EQ(to_human_duration(24 * 3'600'000), "1 d");
}

TEST(Duration, IsANumberAndAUnit) {
  EXPECT_EQ(parse_duration("0"), milliseconds{0});
  EXPECT_EQ(parse_duration("90"), milliseconds{90'000});
  EXPECT_EQ(parse_duration("250ms"), milliseconds{250});
  EXPECT_EQ(parse_duration("60s"), milliseconds{60'000});
  EXPECT_EQ(parse_duration("5m"), milliseconds{300'000});
  EXPECT_EQ(parse_duration("1h"), milliseconds{3'600'000});
  EXPECT_EQ(parse_duration("7d"), milliseconds{604'800'000});
}

TEST(Duration, RefusesAllElse) {
  for (const char* text : {"", "s", "-1s", "+1s", " 1s", "1 s", "1.5s", "1w", "1S", "8761h", "366d",
                           "99999999999999999999s", "18446744073709551615s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Count, IsDigitsAlone) {
  EXPECT_EQ(parse_count("0"), 0U);
  EXPECT_EQ(parse_count("010"), 10U);
  EXPECT_EQ(parse_count("18446744073709551615"), UINT64_MAX);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "18446744073709551616"}) {
    EXPECT_EQ(parse_count(text), std::nullopt) << text;
  }
}

TEST(Count, IsToldWithItsNoun) {
  EXPECT_EQ(count_of(0, "chunk"), "0 chunks");
  EXPECT_EQ(count_of(1, "chunk"), "1 chunk");
}

TEST(Size, IsANumberAndAUnitOf1024) {
  EXPECT_EQ(parse_size("0"), 0U);
  EXPECT_EQ(parse_size("12b"), 12U);
  for (const char* text : {"2k", "2K", "2kb", "2KiB", "2 kib"}) {
    EXPECT_EQ(parse_size(text), 2048U) << text;
  }
  EXPECT_EQ(parse_size("3MiB"), 3U * 1024 * 1024);
  EXPECT_EQ(parse_size("15E"), std::uint64_t{15} << 60);
}

TEST(Size, RefusesAllElse) {
  for (const char* text : {"", "MB", "-1", "1.5MiB", "1z", "1ii", "1kk", "16E", "0x1"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mentat_sync
