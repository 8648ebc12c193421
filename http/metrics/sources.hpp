// MetricsSources: what is asked when Prometheus asks. Functions, so that whoever tells it (a
// server, a store) knows nothing of metrics, and a test needs neither.
//
// Thread-safety: each is called on any thread, by one at a time.
// Failures: one that is empty, fails or throws leaves its families out; failures are counted.
#pragma once

#include "actors/counters.hpp"
#include "http/server.hpp"
#include "storage/result.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace mentat_sync {

struct MetricsSources {
  std::function<ServerStatistics()> server;
  std::function<Result<StoreStatistics>()> store;
  std::function<Status()> store_health;
  std::shared_ptr<const ActorCounters> actors;
  // Since the start:
  std::function<std::uint64_t()> refused_by_user_rate;
  std::function<std::uint64_t()> refused_by_address_rate;
  std::function<std::uint64_t()> access_log_dropped;
  /// Until when the server's certificate is valid; nothing: there is none.
  std::function<std::optional<std::chrono::system_clock::time_point>()> certificate_expiry;
};

}  // namespace mentat_sync
