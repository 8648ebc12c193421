// Round numbers are 1, 2 and 5 times a power of ten.
#include "cli/load/plot_axis.hpp"

#include "cli/load/load_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace mentat_sync {
namespace {

constexpr int steps_wanted = 6;
/// Time is longer than high.
constexpr int time_steps_wanted = 10;
/// Beyond 99.99999 % nobody has measured enough.
constexpr double nines_max = 7;

/// The smallest round number of which at most `steps` fit below `max`.
double round_step(double max, int steps) {
  const double least = max / steps;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (power * factor >= least * (1 - 1e-9)) return power * factor;
  }
  return power * 10;
}

std::string number_label(double value, double step) {
  const int decimals = step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
  return grouped(value, decimals);
}

/// 0.99 is 2.
double nines_of(double quantile) {
  return -std::log10(std::max(1 - quantile, 1e-12));
}

/// "99.9": as many nines.
std::string percent_label(int nines) {
  std::string label = nines == 1 ? "90" : "99";
  if (nines > 2) label += "." + std::string(static_cast<std::size_t>(nines - 2), '9');
  return label + "%";
}

/// "100 µs", "1 ms".
std::string decade_label(double value) {
  auto nanoseconds = static_cast<std::int64_t>(std::llround(value));
  const char* unit = "ns";
  for (const char* larger : {"µs", "ms", "s"}) {
    if (nanoseconds < 1000) break;
    nanoseconds /= 1000;
    unit = larger;
  }
  return grouped(static_cast<std::uint64_t>(nanoseconds)) + " " + unit;
}

}  // namespace

PlotAxis PlotAxis::linear(double max) {
  const double step = round_step(std::max(max, 1e-9), steps_wanted);
  PlotAxis axis{Kind::linear, 0, std::ceil(std::max(max, 1e-9) / step - 1e-9) * step};
  for (int i = 0; i * step <= axis.to_ * (1 + 1e-9); ++i) {
    axis.mark(i * step, number_label(i * step, step));
  }
  return axis;
}

PlotAxis PlotAxis::linear_until(double max) {
  // A run of ten seconds may have lasted 9.9999.
  constexpr double nearly = 1.001;
  PlotAxis axis{Kind::linear, 0, std::max(max, 1e-9)};
  const double step = round_step(axis.to_, time_steps_wanted);
  for (int i = 0; i * step <= axis.to_ * nearly; ++i) {
    axis.mark(i * step, number_label(i * step, step));
  }
  return axis;
}

PlotAxis PlotAxis::logarithmic_time(double min_ns, double max_ns) {
  const double from = std::floor(std::log10(std::max(min_ns, 1.0)) + 1e-9);
  const double to = std::ceil(std::log10(std::max(max_ns, 1.0)) - 1e-9);
  PlotAxis axis{Kind::logarithmic, from, std::max(to, from + 1)};
  for (double decade = axis.from_; decade <= axis.to_ + 1e-9; ++decade) {
    const double value = std::pow(10, decade);
    axis.mark(value, decade_label(value));
    for (int i = 2; i < 10 && decade < axis.to_; ++i) axis.mark(i * value, "");
  }
  return axis;
}

PlotAxis PlotAxis::quantiles(double count) {
  const double nines = std::clamp(std::log10(std::max(count, 1.0)), 1.0, nines_max);
  PlotAxis axis{Kind::quantile, 0, nines};
  axis.mark(0, "0%");
  axis.mark(0.5, "50%");
  for (int i = 1; i <= nines + 1e-9; ++i) axis.mark(1 - std::pow(10, -i), percent_label(i));
  return axis;
}

double PlotAxis::place(double value) const {
  double position = value;
  if (kind_ == Kind::logarithmic) position = std::log10(std::max(value, 1e-9));
  if (kind_ == Kind::quantile) position = nines_of(value);
  return std::clamp((position - from_) / (to_ - from_), 0.0, 1.0);
}

void PlotAxis::mark(double value, std::string label) {
  marks_.push_back({place(value), std::move(label)});
}

}  // namespace mentat_sync
