// Metrics with something in every family, and their text by line.
#pragma once

#include "http/metrics/metrics.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace mentat_sync {

inline ObservedRequest observed(Action action, unsigned status, std::chrono::nanoseconds took) {
  ObservedRequest request;
  request.action = action;
  request.status = status;
  request.took = took;
  return request;
}

inline MetricsSources full_sources() {
  MetricsSources sources;
  sources.server = [] {
    ServerStatistics server;
    server.connections = 3;
    server.bodies_bytes = 4096;
    server.answers_bytes = 8192;
    server.accepted = 9;
    server.refused = 2;
    server.refused_by_address = 1;
    return server;
  };
  sources.store = [] {
    StoreStatistics store;
    store.users = 5;
    store.used_bytes = 1 << 20;
    store.queued_commands = 7;
    store.commits = 11;
    return Result<StoreStatistics>{store};
  };
  sources.store_health = [] { return Status{}; };
  auto actors = std::make_shared<ActorCounters>();
  actors->watches = 4;
  actors->last_pass_ns = 2'500'000'000;
  sources.actors = actors;
  sources.refused_by_user_rate = [] { return std::uint64_t{6}; };
  sources.refused_by_address_rate = [] { return std::uint64_t{8}; };
  sources.access_log_dropped = [] { return std::uint64_t{10}; };
  sources.certificate_expiry = [] {
    return std::optional{
        std::chrono::system_clock::time_point{std::chrono::seconds{1'800'000'000}}};
  };
  return sources;
}

inline CommitReport commit_of(std::size_t commands, bool succeeded = true) {
  CommitReport report;
  report.commands = commands;
  report.bytes = 100;
  report.waited = std::chrono::microseconds{80};
  report.applied = std::chrono::microseconds{300};
  report.committed = std::chrono::milliseconds{4};
  report.succeeded = succeeded;
  return report;
}

}  // namespace mentat_sync
