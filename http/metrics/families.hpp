// Families: the samples of one scrape, by family. Hides how prometheus-cpp wants them.
//
// Thread-safety: none; it belongs to one scrape.
// Failures: none.
#pragma once

#include <cstdint>
#include <prometheus/metric_family.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mentat_sync {

struct HistogramSample {
  /// Upper bounds, and how many samples are at or below each.
  std::vector<std::pair<double, std::uint64_t>> buckets;
  std::uint64_t count = 0;
  double sum = 0;
};

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// One family; samples are added to it.
class Family {
 public:
  explicit Family(prometheus::MetricFamily& family) : family_(&family) {}

  Family& add(double value, const Labels& labels = {});
  Family& add(const HistogramSample& sample, const Labels& labels = {});

 private:
  prometheus::ClientMetric& new_metric(const Labels& labels);

  prometheus::MetricFamily* family_;
};

class Families {
 public:
  // The family's name is "mentat_sync_" and `name`. What is returned is good until the next call.
  Family counter(std::string_view name, std::string_view help);
  Family gauge(std::string_view name, std::string_view help);
  Family histogram(std::string_view name, std::string_view help);

  /// Of the names that all programs share: process_….
  Family shared(std::string_view name, std::string_view help, prometheus::MetricType type);

  /// Families without samples are left out.
  std::string text() const;

 private:
  std::vector<prometheus::MetricFamily> families_;
};

inline double as_number(std::uint64_t number) {
  return static_cast<double>(number);
}

}  // namespace mentat_sync
