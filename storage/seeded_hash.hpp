// SeededHash: a hash of 16 bytes that nobody outside can predict, for tables whose keys others
// choose: keys that collide would make such a table slow.
//
// Thread-safety: immutable.
// Source: the finalizer of SplitMix64 (Steele, Lea, Flood 2014), twice, with random seeds.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <random>

namespace mentat_sync {

class SeededHash {
 public:
  SeededHash() {
    std::random_device random;
    for (auto& seed : seeds_) seed = (std::uint64_t{random()} << 32) | random();
  }

  std::size_t operator()(const std::array<unsigned char, 16>& key) const {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::memcpy(&first, key.data(), sizeof first);
    std::memcpy(&second, key.data() + sizeof first, sizeof second);
    return mixed(mixed(first ^ seeds_[0]) ^ second ^ seeds_[1]);
  }

 private:
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  std::array<std::uint64_t, 2> seeds_{};
};

}  // namespace mentat_sync
