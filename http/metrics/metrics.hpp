// Metrics: counts requests and commits, and says these and what its sources know in Prometheus'
// text format. docs/operations/monitoring.md lists the families and what they mean.
//
// Thread-safety: any thread. Requests and commits are counted in relaxed atomics, without a mutex;
// one protects the sources, which only scrapes and read_from() touch. Ownership and lifetime: must
// outlive the server and the store that tell it. Sources are not called any more once read_from()
// has replaced them. Failures: none; a source that fails is left out, and counted
// (mentat_sync_metrics_source_failures_total).
// Units: seconds and bytes, as Prometheus' conventions have it.
// Source: Prometheus' exposition formats, text version 0.0.4.
#pragma once

#include "http/metrics/sources.hpp"
#include "http/request_observer.hpp"
#include "storage/lmdb_store.hpp"

#include <memory>
#include <string>

namespace mentat_sync {

class Metrics final : public RequestObserver {
 public:
  Metrics();
  ~Metrics() override;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// From now on; {}: none.
  void read_from(MetricsSources sources);

  void on_request(const ObservedRequest& observed) noexcept override;
  /// For LmdbStoreOptions::on_commit.
  CommitObserver commit_observer();

  /// What GET /metrics answers.
  std::string text();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mentat_sync
