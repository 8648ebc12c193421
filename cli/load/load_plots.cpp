// What is plotted, and how: throughput from zero, latencies on a logarithmic axis, for they differ
// by decades.
#include "cli/load/load_plots.hpp"

#include "cli/load/load_words.hpp"
#include "cli/load/svg_plot.hpp"
#include "cli/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::size_t spans_max = 300;
constexpr double shortest_span_s = 0.5;
constexpr const char* time_title = "time since the measuring began, in seconds";
constexpr const char* latency_title = "latency, logarithmic";

/// What is done with one kind of thing has one colour; what writes is dashed.
constexpr std::array<const char*, load_operation_count> styles{
    "blue",        "blue dashed",   "green dotted", "green",         "green dashed",
    "orange",      "orange dashed", "purple",       "purple dashed", "grey",
    "grey dashed", "red",           "ink"};

void add(LoadSecond& sum, const LoadSecond& second) {
  sum.requests += second.requests;
  sum.errors += second.errors;
  sum.latencies.merge(second.latencies);
}

double end_of(const std::vector<LoadSpan>& spans) {
  return spans.empty() ? 1 : spans.back().to_s;
}

/// "seconds 10 to 12: 1,234 requests a second, 3 errors".
std::string hint_of(const LoadSpan& span) {
  return "seconds " + grouped(span.from_s, 0) + " to " + grouped(span.to_s, 1) + ": " +
         grouped(span.requests_per_second(), 0) + " requests a second, " +
         count_of(span.content.errors, "error");
}

template <class Value>
std::vector<PlotBar> bars_of(const std::vector<LoadSpan>& spans, Value value) {
  std::vector<PlotBar> bars;
  for (const auto& span : spans) {
    bars.push_back({span.from_s, span.to_s, value(span), hint_of(span)});
  }
  return bars;
}

template <class Value>
double largest(const std::vector<LoadSpan>& spans, Value value) {
  double max = spans.empty() ? 0 : value(spans.front());
  for (const auto& span : spans) max = std::max(max, value(span));
  return max;
}

double errors_per_second(const LoadSpan& span) {
  return static_cast<double>(span.content.errors) / (span.to_s - span.from_s);
}

/// A line of each stretch without a gap.
void add_quantile(SvgPlot& plot, const std::vector<LoadSpan>& spans, double quantile,
                  const std::string& name, const std::string& style) {
  PlotLine line{name, style, {}};
  for (const auto& span : spans) {
    const auto& latencies = span.content.latencies;
    if (latencies.count() == 0) {
      plot.add(std::exchange(line, PlotLine{name, style, {}}));
      continue;
    }
    line.points.push_back(
        {(span.from_s + span.to_s) / 2, static_cast<double>(latencies.at(quantile).count())});
  }
  plot.add(std::move(line));
}

/// From the quantile that a bucket begins at: where the curve of HdrHistogram steps up.
PlotLine distribution_of(const LatencyHistogram& latencies, std::string name, std::string style) {
  PlotLine line{std::move(name), std::move(style), {}};
  const auto all = static_cast<double>(latencies.count());
  const auto longest = static_cast<double>(latencies.max().count());
  double before = 0;
  latencies.for_each_bucket([&](LatencyHistogram::Duration bound, std::uint64_t count) {
    const double latency = std::min(static_cast<double>(bound.count()), longest);
    line.points.push_back({before / all, latency});
    before += static_cast<double>(count);
  });
  // Up to the one that is the longest: of n it stands at the quantile of 1 - 1/n.
  if (all > 1) line.points.push_back({1 - 1 / all, longest});
  return line;
}

/// The slowest first, as they stand one above the other at the right end.
std::vector<std::size_t> slowest_first(const LoadResult& result) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < result.operations.size(); ++i) {
    if (result.operations[i].latencies.count() > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return result.operations[a].latencies.max() > result.operations[b].latencies.max();
  });
  return order;
}

/// Not below a microsecond, where the buckets are as wide as what they hold.
double shortest_of(const LatencyHistogram& latencies) {
  return std::max(static_cast<double>(latencies.at(0).count()), 1e3);
}

}  // namespace

std::vector<LoadSpan> spans_of(const LoadResult& result) {
  const double end = seconds_of(result.elapsed);
  // Also those at the end in which no answer came.
  const auto lasted = static_cast<std::size_t>(std::ceil(end - shortest_span_s));
  const auto seconds = std::max(result.seconds.size(), end > 0 ? lasted : 0);
  const auto each = std::max<std::size_t>((seconds + spans_max - 1) / spans_max, 1);
  std::vector<LoadSpan> spans;
  for (std::size_t i = 0; i < seconds; ++i) {
    const auto from = static_cast<double>(i);
    const bool too_short = i + 1 == seconds && end - from < shortest_span_s;
    if (i % each == 0 && !(too_short && !spans.empty())) spans.push_back({from, from, {}});
    auto& span = spans.back();
    if (i < result.seconds.size()) add(span.content, result.seconds[i]);
    const bool is_last = i + 1 == seconds && end > span.from_s;
    span.to_s = is_last ? std::min(end, from + 1) : from + 1;
  }
  return spans;
}

std::string throughput_plot(const LoadResult& result) {
  const auto spans = spans_of(result);
  if (spans.empty()) return {};
  const auto rate = [](const LoadSpan& span) { return span.requests_per_second(); };
  SvgPlot plot{{"Throughput over time", time_title, "requests a second"},
               PlotAxis::linear_until(end_of(spans)),
               PlotAxis::linear(largest(spans, rate)),
               300};
  plot.add_bars("blue", bars_of(spans, rate));
  const auto all = static_cast<double>(result.requests());
  plot.add_note("mean " + grouped(per_second(all, result), 0));
  plot.add_note("most " + grouped(largest(spans, rate), 0));
  plot.add_note("least " +
                grouped(-largest(spans, [&](const LoadSpan& s) { return -rate(s); }), 0));
  return plot.to_string();
}

std::string errors_plot(const LoadResult& result) {
  const auto spans = spans_of(result);
  const double max = largest(spans, errors_per_second);
  if (max <= 0) return {};
  SvgPlot plot{{"Errors over time", time_title, "errors a second"},
               PlotAxis::linear_until(end_of(spans)),
               PlotAxis::linear(max),
               180};
  plot.add_bars("red", bars_of(spans, errors_per_second));
  plot.add_note(grouped(errors_of(result)) + " in all");
  return plot.to_string();
}

std::string latency_over_time_plot(const LoadResult& result) {
  const auto spans = spans_of(result);
  double min = 1e18;
  double max = 0;
  for (const auto& span : spans) {
    const auto& latencies = span.content.latencies;
    if (latencies.count() == 0) continue;
    min = std::min(min, static_cast<double>(latencies.at(0.5).count()));
    max = std::max(max, static_cast<double>(latencies.max().count()));
  }
  if (max <= 0) return {};
  SvgPlot plot{{"Latency of all requests over time", time_title, latency_title},
               PlotAxis::linear_until(end_of(spans)),
               PlotAxis::logarithmic_time(min, max),
               320};
  add_quantile(plot, spans, 1, "maximum", "grey dotted");
  add_quantile(plot, spans, 0.99, "p99", "orange");
  add_quantile(plot, spans, 0.5, "p50", "blue");
  return plot.to_string();
}

std::string distribution_plot(const LoadResult& result) {
  const auto order = slowest_first(result);
  if (order.empty()) return {};
  double min = 1e18;
  double max = 0;
  double count = 0;
  for (const auto i : order) {
    const auto& latencies = result.operations[i].latencies;
    min = std::min(min, shortest_of(latencies));
    max = std::max(max, static_cast<double>(latencies.max().count()));
    count = std::max(count, static_cast<double>(latencies.count()));
  }
  SvgPlot plot{{"Distribution of latencies by percentile",
                "percentile, each nine at equal distance", latency_title},
               PlotAxis::quantiles(count),
               PlotAxis::logarithmic_time(min, max),
               440};
  for (const auto i : order) {
    plot.add(distribution_of(result.operations[i].latencies,
                             std::string{name_of(static_cast<LoadOperation>(i))}, styles[i]));
  }
  return plot.to_string();
}

}  // namespace mentat_sync
