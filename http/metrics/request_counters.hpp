// RequestCounters: how many requests there were, how long they took and how large they were, by
// what they asked for and how they were answered.
//
// Thread-safety: any thread; see AtomicHistogram.
// Failures: none. A status that no answer of ours has is counted as "other".
#pragma once

#include "http/metrics/atomic_histogram.hpp"
#include "http/problem_names.hpp"
#include "http/request_observer.hpp"
#include "http/route_names.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mentat_sync {

class RequestCounters {
 public:
  void count(const ObservedRequest& observed) noexcept;
  void tell(Families& families) const;

 private:
  // Nanoseconds: from what a read takes to the longest that a long poll may.
  static constexpr std::size_t bounds_count = 16;
  using Durations = AtomicHistogram<bounds_count>;
  static const Durations::Bounds duration_bounds;

  /// Each action, and what no route leads to.
  static constexpr std::size_t routes_count = route_names.size() + 1;
  /// The answers that there are, no answer, and others.
  static constexpr std::size_t codes_count = 38;

  struct Sizes {
    std::atomic<std::uint64_t> request_bytes{0};
    std::atomic<std::uint64_t> response_bytes{0};
  };

  static std::size_t route_index(const ObservedRequest& observed);
  void count_problem(std::string_view name) noexcept;
  void tell_bytes(Families& families) const;
  void tell_problems(Families& families) const;

  std::array<std::array<Durations, codes_count>, routes_count> durations_{};
  std::array<Sizes, routes_count> sizes_{};
  std::array<std::atomic<std::uint64_t>, problem_names.size()> problems_{};
  std::atomic<std::uint64_t> aborted_{0};

  static const std::array<unsigned, codes_count> codes;
};

}  // namespace mentat_sync
