// Where plots put what they show.
#include "cli/load/load_plots.hpp"
#include "cli/load/plot_axis.hpp"
#include "cli/load/svg_plot.hpp"
#include "load/sample_result.hpp"
#include "load/well_formed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> labels(const PlotAxis& axis) {
  std::vector<std::string> all;
  for (const auto& mark : axis.marks()) {
    if (!mark.label.empty()) all.push_back(mark.label);
  }
  return all;
}

TEST(PlotAxis, BeginsAtZeroAndEndsAtARoundNumber) {
  const auto axis = PlotAxis::linear(4'321);
  EXPECT_THAT(labels(axis), ElementsAre("0", "1,000", "2,000", "3,000", "4,000", "5,000"));
  EXPECT_DOUBLE_EQ(axis.place(0), 0);
  EXPECT_DOUBLE_EQ(axis.place(2'500), 0.5);
  EXPECT_DOUBLE_EQ(axis.place(5'000), 1);
}

TEST(PlotAxis, HasDecimalsWhereStepsAreSmall) {
  EXPECT_THAT(labels(PlotAxis::linear(0.11)),
              ElementsAre("0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12"));
  EXPECT_THAT(labels(PlotAxis::linear(0)), Not(IsEmpty())) << "even when nothing happened";
}

TEST(PlotAxis, OfTimeEndsWithTheRun) {
  const auto axis = PlotAxis::linear_until(30.04);
  EXPECT_DOUBLE_EQ(axis.place(30.04), 1);
  EXPECT_THAT(labels(axis), ElementsAre("0", "5", "10", "15", "20", "25", "30"));
  EXPECT_THAT(labels(PlotAxis::linear_until(9.9999)), ::testing::Contains("10"));
}

TEST(PlotAxis, OfLatenciesHasWholeDecades) {
  const auto axis = PlotAxis::logarithmic_time(85'000, 12'000'000);
  EXPECT_THAT(labels(axis), ElementsAre("10 µs", "100 µs", "1 ms", "10 ms", "100 ms"));
  EXPECT_DOUBLE_EQ(axis.place(1e6), 0.5);
  EXPECT_DOUBLE_EQ(axis.place(1), 0) << "what is below stands at the beginning";
}

TEST(PlotAxis, OfOneLatencyStillHasALength) {
  EXPECT_THAT(labels(PlotAxis::logarithmic_time(1e9, 1e9)), ElementsAre("1 s", "10 s"));
}

TEST(PlotAxis, PutsEachNineAtTheSameDistance) {
  const auto axis = PlotAxis::quantiles(1'000);
  EXPECT_THAT(labels(axis), ElementsAre("0%", "50%", "90%", "99%", "99.9%"));
  EXPECT_NEAR(axis.place(0.9), 1 / 3.0, 1e-9);
  EXPECT_NEAR(axis.place(0.99), 2 / 3.0, 1e-9);
  EXPECT_NEAR(axis.place(0.999), 1, 1e-9);
  EXPECT_DOUBLE_EQ(axis.place(1), 1) << "which stands infinitely far";
}

TEST(SvgPlot, PutsTheOriginBelowAndAtTheLeft) {
  SvgPlot plot{{"what", "x", "y"}, PlotAxis::linear(10), PlotAxis::linear(10), 300};
  plot.add({"a & b", "blue", {{0, 0}, {10, 10}}});
  const auto svg = plot.to_string();
  EXPECT_EQ(fault_of_xml(svg), "");
  EXPECT_THAT(svg, HasSubstr("M84.0 250.0 L790.0 12.0"));
  EXPECT_THAT(svg, HasSubstr("a &amp; b"));
}

TEST(LoadSpans, PutALongRunTogether) {
  LoadResult result;
  result.seconds.resize(1'000);
  for (auto& second : result.seconds) second.requests = 10;
  result.elapsed = std::chrono::seconds{1'000};
  const auto spans = spans_of(result);
  ASSERT_EQ(spans.size(), 250U);
  EXPECT_EQ(spans.front().content.requests, 40U);
  EXPECT_DOUBLE_EQ(spans.back().requests_per_second(), 10);
  EXPECT_DOUBLE_EQ(spans.back().to_s, 1'000);
}

TEST(LoadSpans, MeasureABrokenLastSecondByItsLength) {
  LoadResult result;
  result.seconds.resize(3);
  for (auto& second : result.seconds) second.requests = 10;
  result.elapsed = std::chrono::milliseconds{2'500};
  auto spans = spans_of(result);
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_DOUBLE_EQ(spans.back().requests_per_second(), 20);
  result.elapsed = std::chrono::milliseconds{2'100};
  spans = spans_of(result);
  ASSERT_EQ(spans.size(), 2U) << "too short to be told by itself";
  EXPECT_EQ(spans.back().content.requests, 20U);
  EXPECT_DOUBLE_EQ(spans.back().to_s, 2.1);
}

TEST(LoadSpans, DoNotHideThatNoAnswerCameInTheEnd) {
  LoadResult result;
  result.seconds.resize(1);
  result.seconds[0].requests = 10;
  result.elapsed = std::chrono::seconds{4};
  const auto spans = spans_of(result);
  ASSERT_EQ(spans.size(), 4U);
  EXPECT_DOUBLE_EQ(spans.back().requests_per_second(), 0);
  EXPECT_DOUBLE_EQ(spans.back().to_s, 4);
}

TEST(LoadPlots, LeaveAGapWhereNothingWasAnswered) {
  auto result = sample_result();
  result.seconds[1] = {};
  const auto svg = latency_over_time_plot(result);
  EXPECT_EQ(fault_of_xml(svg), "");
  EXPECT_THAT(svg, HasSubstr("<circle")) << "a line of one point is a dot";
}

TEST(LoadPlots, OfNothingAreNone) {
  EXPECT_EQ(throughput_plot({}), "");
  EXPECT_EQ(errors_plot({}), "");
  EXPECT_EQ(latency_over_time_plot({}), "");
  EXPECT_EQ(distribution_plot({}), "");
}

}  // namespace
}  // namespace mentat_sync
