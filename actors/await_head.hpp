// AwaitHead: asks a user actor to say when HEAD is somewhere else. What long polls, event streams
// and other nodes' watchers are made of.
//
// Thread-safety: a value type.
#pragma once

#include "storage/ids.hpp"

#include <atomic>
#include <cstdint>

namespace mentat_sync {

/// Names a watcher of this process, for as long as it waits.
using WatchTicket = std::uint64_t;

/// From 1 on, and none twice. From any thread.
inline WatchTicket new_watch_ticket() {
  static std::atomic<WatchTicket> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// Answered by an Outcome with `current_head` and `current_seq`: `applied` as soon as HEAD is not
/// `known`, perhaps at once; `already_there` when it still is after the wait; `overloaded` when the
/// user has too many watchers; `unavailable` when the watcher was lost, and should ask again.
struct AwaitHead {
  UserId user;
  TransactionId known;
  /// Milliseconds; clamped to bounds::watch_wait_max.
  std::uint64_t wait_ms = 0;
  /// The sequence number of `known`; 0: not said. Who has just read HEAD may know more than the
  /// user's actor has been told yet: with this it is never told of what came before.
  std::uint64_t known_seq = 0;
};

inline UserId user_of(const AwaitHead& watch) {
  return watch.user;
}

}  // namespace mentat_sync
