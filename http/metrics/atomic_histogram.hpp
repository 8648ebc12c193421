// AtomicHistogram: a histogram that many threads count into without waiting for each other.
// prometheus-cpp's own takes a mutex for each observation, which is too dear for each request.
//
// Thread-safety: any thread. Relaxed: the buckets of one scrape may be a moment apart, and so may
// the sum. Units: whole numbers (nanoseconds, commands), which sample() turns into the family's
// unit.
#pragma once

#include "http/metrics/families.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mentat_sync {

template <std::size_t N>
class AtomicHistogram {
 public:
  /// Upper bounds, ascending, each included in its bucket.
  using Bounds = std::array<std::uint64_t, N>;

  void observe(const Bounds& bounds, std::uint64_t value) {
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
    buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  /// `units_of_one` of what was observed are one of the family's unit; to divide is exact where it
  /// can be. The count is that of the buckets, so that the last one is never less than it.
  HistogramSample sample(const Bounds& bounds, double units_of_one) const {
    HistogramSample sample;
    for (std::size_t i = 0; i < N; ++i) {
      sample.count += buckets_[i].load(std::memory_order_relaxed);
      sample.buckets.emplace_back(static_cast<double>(bounds[i]) / units_of_one, sample.count);
    }
    sample.count += buckets_[N].load(std::memory_order_relaxed);
    sample.sum = static_cast<double>(sum_.load(std::memory_order_relaxed)) / units_of_one;
    return sample;
  }

 private:
  std::array<std::atomic<std::uint64_t>, N + 1> buckets_{};
  std::atomic<std::uint64_t> sum_{0};
};

}  // namespace mentat_sync
