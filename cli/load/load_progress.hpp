// LoadProgress: what the live line shows of a load test while it runs.
//
// Thread-safety: all of it, from any thread; each figure by itself.
// Units: in the names. Shards add to it about ten times a second, not for each request.
#pragma once

#include <atomic>
#include <cstdint>

namespace mentat_sync {

struct LoadProgress {
  enum class Phase : std::uint8_t { preparing, ramping, measuring, verifying, ended };

  std::atomic<Phase> phase{Phase::preparing};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> errors{0};
  std::atomic<std::uint64_t> conflicts{0};
  /// Of the last whole second, of the first shard.
  std::atomic<std::int64_t> p50_ns{0};
  std::atomic<std::int64_t> p99_ns{0};
  /// Of `verifying`.
  std::atomic<std::uint64_t> users_verified{0};
};

}  // namespace mentat_sync
