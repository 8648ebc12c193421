// LatencyHistogram: how often how long, with a relative error of at most 1/64 and bounded memory
// (16 KiB; 8 B for each bucket up to the slowest that there was).
//
// Thread-safety: one thread; merge those of several when they have ended. Ownership: a value.
// Failures: none; what is longer than the last bucket counts as that long, but max() is exact.
// Units: nanoseconds in, nanoseconds out. Buckets: log-linear, as HdrHistogram's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mentat_sync {

class LatencyHistogram {
 public:
  using Duration = std::chrono::nanoseconds;

  void record(Duration latency);
  void merge(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  /// Exact; zero when nothing was recorded.
  Duration max() const { return max_; }
  Duration mean() const;
  /// What at least `quantile` (0 to 1) of all were not longer than; never more than max().
  Duration at(double quantile) const;

  /// For plots and files: calls visit(upper bound of the bucket, count) for each that is not empty,
  /// in ascending order.
  template <class Visit>
  void for_each_bucket(Visit&& visit) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] > 0) visit(upper_bound_of(i), counts_[i]);
    }
  }

 private:
  /// 64 buckets for each doubling, from 1,024 ns (below it one bucket for each 16 ns) to 2^40 ns.
  static constexpr std::size_t buckets = 64 + 30 * 64;

  static std::size_t bucket_of(Duration latency);
  static Duration upper_bound_of(std::size_t bucket);

  /// Up to the last bucket that is not empty: one of a second of a run is small.
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  Duration sum_{0};
  Duration max_{0};
};

}  // namespace mentat_sync
