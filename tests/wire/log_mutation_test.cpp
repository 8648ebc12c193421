// Damaged logs: whatever happens to the bytes, a decoder refuses, waits or reads another log that
// is a log; it never crashes, and never depends on how the bytes were split.
#include "http/wire/log_decoder.hpp"
#include "log_samples.hpp"

#include <gtest/gtest.h>

#include <random>

namespace mentat_sync {
namespace {

/// What must hold of any bytes.
void check(const std::string& bytes, std::size_t piece) {
  const auto whole = decode(bytes, bytes.size() + 1, 10'000);
  const auto split = decode(bytes, piece, 10'000);
  ASSERT_EQ(whole.items, split.items);
  ASSERT_EQ(whole.status.message(), split.status.message());
  if (whole.status.ok()) {
    const auto again = decode(cbor_of(whole.items), piece, 10'000);
    ASSERT_TRUE(again.status.ok());
    ASSERT_EQ(again.items, whole.items);
  }
}

std::string mutate(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t end) { return random() % end; };
  for (auto changes = 1 + below(3); changes > 0; --changes) {
    const auto at = below(bytes.size());
    switch (below(5)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        bytes[at] = static_cast<char>(random());
        break;
      case 2:
        bytes.erase(at, 1 + below(4));
        break;
      case 3:
        bytes.insert(at, 1 + below(4), static_cast<char>(random()));
        break;
      default:
        bytes.insert(at, bytes.substr(below(bytes.size()), below(60)));
    }
    if (bytes.empty()) bytes = "\xa0";
  }
  return bytes;
}

TEST(DamagedLog, EachBitFlippedIsNoCrash) {
  const auto bytes = cbor_of(sample_log());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    ASSERT_NO_FATAL_FAILURE(check(damaged, 7)) << "bit " << bit;
  }
}

TEST(DamagedLog, RandomChangesAreNoCrash) {
  std::mt19937 random(20160810);
  const auto bytes = cbor_of(sample_log());
  for (int i = 0; i < 20'000; ++i) {
    const auto damaged = mutate(bytes, random);
    ASSERT_NO_FATAL_FAILURE(check(damaged, 1 + random() % 64)) << "change " << i;
  }
}

TEST(DamagedLog, RandomBytesAreNoCrash) {
  std::mt19937 random(5013);
  const auto header = cbor_of({sample_log().front()});
  for (int i = 0; i < 10'000; ++i) {
    std::string bytes = header + "\xa2";
    for (auto size = random() % 80; size > 0; --size) bytes.push_back(static_cast<char>(random()));
    ASSERT_NO_FATAL_FAILURE(check(bytes, 1 + random() % 16)) << "bytes " << i;
  }
}

}  // namespace
}  // namespace mentat_sync
