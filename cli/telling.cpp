// See telling.hpp.
#include "cli/telling.hpp"

#include <utility>

namespace mentat_sync {

Telling::Telling(std::unique_ptr<AccessLog> access_log) : access_log_(std::move(access_log)) {
  observers_.add(metrics_);
  if (access_log_) observers_.add(*access_log_);
}

void Telling::reopen() {
  if (access_log_) access_log_->reopen();
}

LmdbStoreOptions Telling::hearing(LmdbStoreOptions options) {
  options.on_commit = metrics_.commit_observer();
  return options;
}

ActorRuntimeOptions Telling::hearing(ActorRuntimeOptions options) {
  options.actors.counters = actors_;
  options.collector.counters = actors_;
  return options;
}

HandlerOptions Telling::hearing(HandlerOptions options) {
  options.metrics = [this] { return metrics_.text(); };
  return options;
}

ServerOptions Telling::hearing(ServerOptions options) {
  options.observer = &observers_;
  return options;
}

Telling::Asking::Asking(Telling& telling, Store& store, const Handlers& handlers,
                        const Server& server, std::shared_ptr<const TlsCredentials> credentials)
    : telling_(telling) {
  MetricsSources sources;
  sources.server = [&server] { return server.statistics(); };
  sources.store = [&store] { return store.statistics(); };
  sources.store_health = [&store] { return store.health(); };
  sources.actors = telling.actors_;
  sources.refused_by_user_rate = [&handlers] { return handlers.refused_by_user_rate(); };
  sources.refused_by_address_rate = [&handlers] { return handlers.refused_by_address_rate(); };
  if (credentials) {
    sources.certificate_expiry = [credentials = std::move(credentials)] {
      return std::optional{credentials->expires()};
    };
  }
  if (telling.access_log_) {
    sources.access_log_dropped = [log = telling.access_log_.get()] { return log->dropped(); };
  }
  telling.metrics_.read_from(std::move(sources));
}

Telling::Asking::~Asking() {
  telling_.metrics_.read_from({});
}

}  // namespace mentat_sync
