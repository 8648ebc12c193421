// Figures: what was measured round after round, and how it is printed: medians, and ratios to a
// yardstick of the same run, for absolute figures vary with the machine and its load.
//
// Thread-safety: value types.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace mentat_sync {

inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// One thing that is timed, in ms.
struct Timing {
  std::string name;
  std::vector<double> ms = {};

  template <class Work>
  void time(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    ms.push_back(took.count());
  }
};

/// "name   12.3 ms    4.56 x": how many times the yardstick it took.
inline void print(const Timing& timing, const Timing& yardstick) {
  const double value = median(timing.ms);
  std::printf("%-52s %10.1f ms   %8.2f x\n", timing.name.c_str(), value,
              value / median(yardstick.ms));
}

}  // namespace mentat_sync
