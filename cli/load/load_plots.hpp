// The plots of a load test's page.
//
// Thread-safety: pure functions. Failures: none; empty text when there is nothing to plot.
#pragma once

#include "cli/load/load_result.hpp"

#include <string>
#include <vector>

namespace mentat_sync {

/// Some whole seconds of the run, put together so that a long one fits a page.
struct LoadSpan {
  double from_s = 0;
  double to_s = 0;
  LoadSecond content;

  double requests_per_second() const {
    return static_cast<double>(content.requests) / (to_s - from_s);
  }
};

/// At most 300. A last second that is not half over when the run ends counts to the one before.
std::vector<LoadSpan> spans_of(const LoadResult& result);

std::string throughput_plot(const LoadResult& result);
/// Empty when there were none.
std::string errors_plot(const LoadResult& result);
std::string latency_over_time_plot(const LoadResult& result);
/// Latency by percentile, of each operation.
std::string distribution_plot(const LoadResult& result);

}  // namespace mentat_sync
