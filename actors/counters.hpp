// ActorCounters: what the actors have done and have in hand, for monitoring. No outcome depends on
// them but one: `watches` is also what bounds the watches of sessions.
//
// Thread-safety: any thread. Relaxed: each is right by itself, two read together may be a moment
// apart.
// Ownership and lifetime: shared by the actors, who may end later than whoever made them, and
// whoever reads them. One set for each directory with its gateway and its collector.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace mentat_sync {

struct ActorCounters {
  using Counter = std::atomic<std::uint64_t>;

  // Now:
  /// User actors, those that are about to go included.
  Counter live_users{0};
  /// Commands that user actors have given to the store, which has not answered yet; their bytes.
  Counter commands_in_flight{0};
  Counter bytes_in_flight{0};
  /// Watches of sessions that are not answered yet.
  Counter watches{0};

  // Since the start:
  /// Commands and watches answered `overloaded`, whosever bound it was.
  Counter overloaded{0};
  /// Passes of the collector that looked at all users, and those that something stopped.
  Counter collection_passes{0};
  Counter collection_passes_stopped{0};
  Counter collection_steps{0};
  Counter collected_transactions{0};
  Counter collected_chunks{0};
  Counter collected_chunk_bytes{0};

  /// Of the last pass that looked at all users, its rests included; nanoseconds.
  Counter last_pass_ns{0};
};

inline void add(ActorCounters::Counter& counter, std::uint64_t count = 1) {
  counter.fetch_add(count, std::memory_order_relaxed);
}
inline void subtract(ActorCounters::Counter& counter, std::uint64_t count = 1) {
  counter.fetch_sub(count, std::memory_order_relaxed);
}

/// `counters`, or new ones that nobody reads: so that those who count need not ask.
inline std::shared_ptr<ActorCounters> counters_or_own(std::shared_ptr<ActorCounters> counters) {
  return counters ? std::move(counters) : std::make_shared<ActorCounters>();
}

}  // namespace mentat_sync
