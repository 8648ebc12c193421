// See families.hpp.
#include "http/metrics/families.hpp"

#include <algorithm>
#include <iterator>
#include <prometheus/text_serializer.h>

namespace mentat_sync {
namespace {

constexpr std::string_view name_prefix = "mentat_sync_";

}  // namespace

prometheus::ClientMetric& Family::new_metric(const Labels& labels) {
  auto& metric = family_->metric.emplace_back();
  for (const auto& [name, value] : labels) {
    metric.label.push_back({std::string{name}, std::string{value}});
  }
  return metric;
}

Family& Family::add(double value, const Labels& labels) {
  auto& metric = new_metric(labels);
  metric.counter.value = value;
  metric.gauge.value = value;
  return *this;
}

Family& Family::add(const HistogramSample& sample, const Labels& labels) {
  auto& histogram = new_metric(labels).histogram;
  histogram.sample_count = sample.count;
  histogram.sample_sum = sample.sum;
  for (const auto& [bound, count] : sample.buckets) histogram.bucket.push_back({count, bound});
  return *this;
}

Family Families::shared(std::string_view name, std::string_view help, prometheus::MetricType type) {
  auto& family = families_.emplace_back();
  family.name = name;
  family.help = help;
  family.type = type;
  return Family{family};
}

Family Families::counter(std::string_view name, std::string_view help) {
  return shared(std::string{name_prefix}.append(name), help, prometheus::MetricType::Counter);
}

Family Families::gauge(std::string_view name, std::string_view help) {
  return shared(std::string{name_prefix}.append(name), help, prometheus::MetricType::Gauge);
}

Family Families::histogram(std::string_view name, std::string_view help) {
  return shared(std::string{name_prefix}.append(name), help, prometheus::MetricType::Histogram);
}

std::string Families::text() const {
  std::vector<prometheus::MetricFamily> told;
  std::ranges::copy_if(families_, std::back_inserter(told),
                       [](const auto& family) { return !family.metric.empty(); });
  return prometheus::TextSerializer{}.Serialize(told);
}

}  // namespace mentat_sync
