// The options of `serve` that bound what connections and requests may take: sizes, rates, time.
//
// Thread-safety: reads the environment, so parse before threads start.
// Failures: what cannot be used is CLI11's ValidationError, a usage error.
#pragma once

#include "http/deadlines.hpp"
#include "http/trusted_proxies.hpp"
#include "storage/bounds.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct RequestLimits {
  std::size_t max_connections = bounds::connections_default;
  /// 0: no bound; so are the rates.
  std::size_t connections_per_address = bounds::connections_per_address_default;
  std::uint32_t user_rate = bounds::request_rate_default;
  std::uint32_t address_rate = bounds::request_rate_default;
  TrustedProxies trusted_proxies;

  std::uint64_t header_bytes = bounds::header_bytes;
  std::uint64_t target_bytes = bounds::target_bytes;
  std::uint64_t json_body_bytes = bounds::json_body_bytes;
  std::uint64_t push_bytes = bounds::push_bytes_default;
  std::uint64_t bodies_bytes = bounds::bodies_bytes_default;
  std::uint64_t answers_bytes = bounds::answers_bytes_default;

  Deadlines deadlines;
  std::chrono::milliseconds event_heartbeat = bounds::event_heartbeat;
};

void add_request_limits(CLI::App& command, RequestLimits& limits);

/// What is wrong with them together; empty: nothing.
std::string contradiction_in(const RequestLimits& limits);

}  // namespace mentat_sync
