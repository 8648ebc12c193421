// text_plot: how a cost grows, to be seen at a glance: a row for each size, and an empty one for
// each power of ten between two of them, so that the way down is logarithmic; bars show the ratio.
//
// Thread-safety: a pure function. Failures: none; empty text when there is nothing to plot.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace mentat_sync {

struct PlotPoint {
  std::size_t size = 0;
  /// What it costs, in terms of the yardstick.
  double ratio = 0;
};

namespace text_plot_parts {

inline constexpr double bar_chars = 40;

inline int decade_of(std::size_t size) {
  int decade = 0;
  for (; size >= 10; size /= 10) ++decade;
  return decade;
}

inline std::string row(const std::string& label, const std::string& rest) {
  constexpr std::size_t label_chars = 11;
  const std::size_t gap = label.size() < label_chars ? label_chars - label.size() : 0;
  return std::string(gap, ' ') + label + " |" + rest + "\n";
}

inline std::string bar(double ratio, double end) {
  const auto length = static_cast<std::size_t>(std::lround(ratio / end * bar_chars));
  char value[32];
  std::snprintf(value, sizeof value, " %.2f", ratio);
  return std::string(length, '#') + value;
}

}  // namespace text_plot_parts

/// `points` in growing order of their sizes; `what` names the sizes and the bars. Where cost does
/// not grow, all bars have one length.
inline std::string text_plot(const std::string& what, const std::vector<PlotPoint>& points) {
  using namespace text_plot_parts;
  if (points.empty()) return {};
  const double largest = std::ranges::max(points, {}, &PlotPoint::ratio).ratio;
  // At least twice the yardstick, lest noise look like growth.
  const double end = std::max(2.0, std::ceil(largest));
  std::string plot = what + "\n";
  int decade = decade_of(points.front().size);
  for (const PlotPoint& point : points) {
    for (++decade; decade < decade_of(point.size); ++decade) plot += row("", "");
    decade = decade_of(point.size);
    plot += row(std::to_string(point.size), bar(point.ratio, end));
  }
  return plot;
}

}  // namespace mentat_sync
