// Mixes and sizes: what is read, what is refused, and what is made of it.
#include "cli/load/chunk_sizes.hpp"
#include "cli/load/scenarios.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <numeric>
#include <string>

namespace mentat_sync {
namespace {

std::size_t part(const ScenarioMix& mix, std::size_t connections, Scenario scenario) {
  return mix.divide(connections)[static_cast<std::size_t>(scenario)];
}

TEST(ScenarioMix, IsReadAndToldTheSame) {
  for (const std::string text : {"sync", "watch", "sync=60,watch=40", "sync=70,read=30,log=1"}) {
    const auto mix = ScenarioMix::parse(text);
    ASSERT_TRUE(mix.ok()) << text;
    EXPECT_EQ(mix->to_string(), text);
  }
  EXPECT_EQ(ScenarioMix{}.to_string(), "sync");
  EXPECT_EQ(ScenarioMix::parse("read=5")->to_string(), "read");
}

TEST(ScenarioMix, RefusesWhatItDoesNotUnderstand) {
  for (const std::string text : {"", "dance", "sync=", "sync=0", "sync=1000001", "sync=1.5",
                                 "sync,sync", "sync,", ",sync", "sync =1"}) {
    EXPECT_FALSE(ScenarioMix::parse(text).ok()) << text;
  }
}

TEST(ScenarioMix, DividesConnectionsInProportion) {
  const auto mix = ScenarioMix::parse("sync=60,watch=40").value();
  EXPECT_EQ(part(mix, 100, Scenario::sync), 60U);
  EXPECT_EQ(part(mix, 100, Scenario::watch), 40U);
  EXPECT_EQ(part(mix, 100, Scenario::read), 0U);
}

TEST(ScenarioMix, EveryScenarioHasAConnectionWhenThereAreEnough) {
  const auto mix = ScenarioMix::parse("sync=1000000,watch=1,read=3").value();
  EXPECT_EQ(part(mix, 3, Scenario::watch), 1U);
  EXPECT_EQ(part(mix, 3, Scenario::read), 1U);
  EXPECT_EQ(part(mix, 3, Scenario::sync), 1U);
  for (std::size_t connections = 1; connections < 200; ++connections) {
    const auto parts = mix.divide(connections);
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::size_t{0}), connections);
  }
}

TEST(ChunkSizes, AreReadAndToldTheSame) {
  for (const std::string text : {"100", "0", "1KiB-64KiB", "100:90,64KiB:10", "4MiB", "0-10"}) {
    const auto sizes = ChunkSizes::parse(text);
    ASSERT_TRUE(sizes.ok()) << text;
    EXPECT_EQ(sizes->to_string(), text);
  }
  EXPECT_EQ(ChunkSizes{}.to_string(), "100");
}

TEST(ChunkSizes, RefusesWhatItDoesNotUnderstand) {
  for (const std::string text :
       {"", "big", "-", "10-", "-10", "20-10", "100:0", "100:x", "100,", "1:1:1", "100:1000001"}) {
    EXPECT_FALSE(ChunkSizes::parse(text).ok()) << text;
  }
}

TEST(ChunkSizes, DrawsByWeightAndWithinTheRange) {
  const auto sizes = ChunkSizes::parse("100:90,1KiB-64KiB:10").value();
  EXPECT_EQ(sizes.largest(), 65536U);
  std::map<bool, int> small;
  std::uint64_t state = 1;
  for (int i = 0; i < 10'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto bytes = sizes.draw(state ^ (state >> 29U));
    EXPECT_TRUE(bytes == 100 || (bytes >= 1024 && bytes <= 65536)) << bytes;
    ++small[bytes == 100];
  }
  EXPECT_NEAR(small[true], 9000, 200);
}

TEST(ChunkSizes, EachOrderOfMagnitudeIsAsLikely) {
  const auto sizes = ChunkSizes::parse("1-1MiB").value();
  int below_a_kibibyte = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    below_a_kibibyte += sizes.draw((i * 429'496U) << 32U) < 1024 ? 1 : 0;
  }
  EXPECT_NEAR(below_a_kibibyte, 5000, 300);
}

TEST(ChunkSizes, ReachesBothEndsOfARange) {
  const auto sizes = ChunkSizes::parse("3-5").value();
  EXPECT_EQ(sizes.draw(0), 3U);
  EXPECT_EQ(sizes.draw(~std::uint64_t{0}), 5U);
}

}  // namespace
}  // namespace mentat_sync
