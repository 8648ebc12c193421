// See metrics.hpp.
#include "http/metrics/metrics.hpp"

#include "http/metrics/commit_counters.hpp"
#include "http/metrics/process_families.hpp"
#include "http/metrics/request_counters.hpp"
#include "http/metrics/source_families.hpp"

#include <mutex>
#include <utility>

namespace mentat_sync {

class Metrics::Impl {
 public:
  RequestCounters requests;
  CommitCounters commits;

  void read_from(MetricsSources sources) {
    const std::lock_guard lock{mutex_};
    sources_ = std::move(sources);
  }

  std::string text() {
    Families families;
    requests.tell(families);
    commits.tell(families);
    {
      const std::lock_guard lock{mutex_};
      source_failures_ += tell_sources(families, sources_);
      families
          .counter("metrics_source_failures_total",
                   "Times that a part of the metrics could not be had, and was left out.")
          .add(as_number(source_failures_));
    }
    tell_process(families);
    return families.text();
  }

 private:
  /// Protects what stands below it, while a scrape asks the sources.
  std::mutex mutex_;
  MetricsSources sources_;
  std::uint64_t source_failures_ = 0;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}

Metrics::~Metrics() = default;

void Metrics::read_from(MetricsSources sources) {
  impl_->read_from(std::move(sources));
}

void Metrics::on_request(const ObservedRequest& observed) noexcept {
  impl_->requests.count(observed);
}

CommitObserver Metrics::commit_observer() {
  return [this](const CommitReport& report) { impl_->commits.count(report); };
}

std::string Metrics::text() {
  return impl_->text();
}

}  // namespace mentat_sync
