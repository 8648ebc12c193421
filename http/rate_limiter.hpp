// RateLimiter: how many requests a second each of many keys (users, addresses) may send, with a
// burst for those that were quiet.
//
// The generic cell rate algorithm: of each key it remembers one point of time only, the one at
// which its whole burst is there again. A key whose point has passed is as good as never seen, and
// is forgotten when room is needed. With no room left, keys that are not known pass: it is a fence
// against the greedy few, not the last line.
//
// Thread-safety: any thread. The keys are spread over shards, each with a mutex that is held for
// one look-up, or for one pass over the shard's keys (2 ms) once a second at the most when it is
// full.
// Source: ITU-T I.371, annex A (virtual scheduling).
#pragma once

#include "storage/bounds.hpp"
#include "storage/seeded_hash.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace mentat_sync {

class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;
  using Key = std::array<unsigned char, 16>;

  /// `per_second` 0: nothing is limited.
  explicit RateLimiter(std::uint32_t per_second, std::chrono::seconds burst = bounds::request_burst,
                       std::size_t max_keys = bounds::rated_keys);

  bool limits() const { return interval_.count() > 0; }

  /// Nothing: one more request is within the key's rate, and is counted. Else how long to wait
  /// until one is.
  std::optional<Clock::duration> refuse(const Key& key, Clock::time_point now);

  /// Requests refused since it was made.
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Key, Clock::time_point, SeededHash> full_again;
    Clock::time_point next_clearing;
  };

  void make_room(Shard& shard, Clock::time_point now) const;

  static constexpr std::size_t shard_count = 64;

  const Clock::duration interval_;
  const Clock::duration burst_;
  const std::size_t keys_of_shard_;
  const SeededHash hash_;
  std::atomic<std::uint64_t> refused_{0};
  std::array<Shard, shard_count> shards_;
};

}  // namespace mentat_sync
