// Latencies: what each of many operations took, round after round: the median and the 99th
// percentile of each round, and of these the median over the rounds.
//
// Thread-safety: value types.
#pragma once

#include "bench/figures.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace mentat_sync {

class Latencies {
 public:
  template <class Work>
  void time(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    add(std::chrono::steady_clock::now() - start);
  }
  void add(std::chrono::duration<double, std::milli> took) { round_ms_.push_back(took.count()); }

  /// After at least one time().
  void end_round() {
    std::ranges::sort(round_ms_);
    p50_ms_.push_back(round_ms_[round_ms_.size() / 2]);
    p99_ms_.push_back(round_ms_[round_ms_.size() * 99 / 100]);
    round_ms_.clear();
  }

  /// After at least one round.
  double p50_ms() const { return median(p50_ms_); }
  double p99_ms() const { return median(p99_ms_); }

 private:
  std::vector<double> round_ms_;
  std::vector<double> p50_ms_;
  std::vector<double> p99_ms_;
};

/// "name   1.234 ms   1.00 x   p99 2.345 ms   1.00 x"
inline void print(const std::string& name, const Latencies& latencies, const Latencies& yardstick) {
  std::printf("  %-34s %8.3f ms %6.2f x    p99 %8.3f ms %6.2f x\n", name.c_str(),
              latencies.p50_ms(), latencies.p50_ms() / yardstick.p50_ms(), latencies.p99_ms(),
              latencies.p99_ms() / yardstick.p99_ms());
}

}  // namespace mentat_sync
