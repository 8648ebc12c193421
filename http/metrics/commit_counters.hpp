// CommitCounters: how many commands share a write transaction, and what its parts cost.
//
// Thread-safety: any thread; see AtomicHistogram.
// Failures: none.
#pragma once

#include "http/metrics/atomic_histogram.hpp"
#include "storage/lmdb_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mentat_sync {

class CommitCounters {
 public:
  void count(const CommitReport& report) noexcept;
  void tell(Families& families) const;

 private:
  using Commands = AtomicHistogram<11>;
  using Durations = AtomicHistogram<16>;
  static const Commands::Bounds command_bounds;
  /// Nanoseconds.
  static const Durations::Bounds duration_bounds;

  Commands commands_;
  Durations waited_;
  Durations applied_;
  Durations committed_;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> failed_{0};
};

}  // namespace mentat_sync
