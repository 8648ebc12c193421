// ChunkSizes: a distribution of chunk sizes.
//
// Thread-safety: a value; draw() does not change it. Units: bytes.
// Failures: a Status that says what is wrong with the text.
#pragma once

#include "storage/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

class ChunkSizes {
 public:
  /// Always 100.
  ChunkSizes();
  /// "100"; "1KiB-64KiB" (each order of magnitude as likely as another); "100:90,64KiB:10"
  /// (weights; each size may be a range).
  static Result<ChunkSizes> parse(std::string_view text);

  /// `random`: 64 random bits.
  std::uint64_t draw(std::uint64_t random) const;
  std::uint64_t largest() const;
  std::string to_string() const;

 private:
  struct Range {
    std::uint64_t from_bytes;
    std::uint64_t to_bytes;
    std::uint64_t weight;
  };

  std::vector<Range> ranges_;
};

}  // namespace mentat_sync
