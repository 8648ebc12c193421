// GarbageRules: the rules of collection, as arithmetic on the clock that records carry.
//
// Thread-safety: immutable.
// Units: ms of the wall clock since 1970.
#pragma once

#include "storage/bounds.hpp"
#include "storage/lmdb/format.hpp"
#include "storage/lmdb_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace mentat_sync {

inline std::uint64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

class GarbageRules {
 public:
  explicit GarbageRules(const CollectionRules& rules)
      : dead_grace_ms_(to_ms(rules.dead_grace)),
        abandoned_after_ms_(to_ms(rules.abandoned_after)),
        lease_ms_(to_ms(rules.chunk_lease)),
        renewal_ms_(lease_ms_ / bounds::lease_renewal_divisor) {}

  std::uint64_t grace_ends_ms(std::uint64_t dead_since_ms) const {
    return dead_since_ms + dead_grace_ms_;
  }
  bool grace_is_over(std::uint64_t dead_since_ms, std::uint64_t now_ms) const {
    return grace_ends_ms(dead_since_ms) <= now_ms;
  }
  std::uint64_t abandoned_ms(std::uint64_t stored_ms) const {
    return stored_ms + abandoned_after_ms_;
  }
  bool is_abandoned(std::uint64_t stored_ms, std::uint64_t now_ms) const {
    return abandoned_ms(stored_ms) <= now_ms;
  }

  /// Whether telling a client that the chunk is there must be written down. One that a transaction
  /// names needs no lease: its lease starts when the last of them goes.
  bool lease_is_due(const format::ChunkRecord& chunk, std::uint64_t now_ms) const {
    return chunk.references == 0 && chunk.touched_ms + renewal_ms_ <= now_ms;
  }
  /// A client may have been told up to `renewal_ms_` after what the record says.
  std::uint64_t lease_ends_ms(std::uint64_t touched_ms) const {
    return touched_ms + lease_ms_ + renewal_ms_;
  }
  bool lease_has_run_out(const format::ChunkRecord& chunk, std::uint64_t now_ms) const {
    return chunk.references == 0 && lease_ends_ms(chunk.touched_ms) <= now_ms;
  }

 private:
  static std::uint64_t to_ms(std::chrono::milliseconds duration) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
  }

  std::uint64_t dead_grace_ms_;
  std::uint64_t abandoned_after_ms_;
  std::uint64_t lease_ms_;
  std::uint64_t renewal_ms_;
};

}  // namespace mentat_sync
