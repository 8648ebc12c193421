// SplitMix64: random numbers that follow from a seed, and a hash of 64 bits.
//
// Thread-safety: a value. Failures: none. Not for secrets.
// Source: Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014).
#pragma once

#include <cstdint>

namespace mentat_sync {

inline std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31U);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mixed(state_ += 0x9E3779B97F4A7C15U); }
  /// From 0 to `count` - 1; `count` is not 0.
  std::uint64_t below(std::uint64_t count) { return next() % count; }
  /// Whether it is one of `percent` in a hundred.
  bool chance(double percent) {
    return percent > 0 && static_cast<double>(next() >> 11U) * 0x1p-53 * 100 < percent;
  }

 private:
  std::uint64_t state_;
};

}  // namespace mentat_sync
