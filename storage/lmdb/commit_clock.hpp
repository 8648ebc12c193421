// CommitClock: the times of one write transaction, taken only when somebody wants to know them.
//
// Thread-safety: belongs to the writer's thread.
// Lifetime: one write transaction, from right after it was begun; refers to the observer.
#pragma once

#include "storage/lmdb_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mentat_sync {

class CommitClock {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit CommitClock(const CommitObserver& observer) : observer_(observer), mark_(now()) {}

  /// What the transaction is for; without it, a step of the purge.
  void is_of(std::size_t commands, std::uint64_t bytes, Time oldest_arrival) {
    report_.commands = commands;
    report_.bytes = bytes;
    report_.waited = mark_ - oldest_arrival;
  }

  /// The commit begins.
  void applied() { report_.applied = since_mark(); }

  /// The commit has ended; tells the observer.
  void committed(bool succeeded) {
    if (!observer_) return;
    report_.committed = since_mark();
    report_.succeeded = succeeded;
    observer_(report_);
  }

 private:
  Time now() const { return observer_ ? std::chrono::steady_clock::now() : Time{}; }

  std::chrono::nanoseconds since_mark() {
    const Time before = mark_;
    mark_ = now();
    return mark_ - before;
  }

  const CommitObserver& observer_;
  Time mark_;
  CommitReport report_;
};

}  // namespace mentat_sync
