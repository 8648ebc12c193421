// PublishedLimits: the bounds that this server keeps, as GET /__limits__ tells clients of them.
//
// Thread-safety: a value type.
// Units: last in each name; 0 where a comment says so: no bound.
// Source: docs/protocol.md, "Limits".
#pragma once

#include "storage/bounds.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mentat_sync {

struct PublishedLimits {
  // One request.
  std::uint64_t chunk_bytes = bounds::chunk_bytes_default;
  std::uint64_t transaction_chunks = bounds::chunks_per_transaction;
  std::uint64_t json_body_bytes = bounds::json_body_bytes;
  std::uint64_t push_body_bytes = bounds::push_bytes_default;
  std::uint64_t push_items = bounds::push_items;
  std::uint64_t missing_chunks = bounds::find_missing_chunks;
  std::uint64_t header_bytes = bounds::header_bytes;
  std::uint64_t target_bytes = bounds::target_bytes;
  std::uint64_t page_transactions = bounds::page_transactions_max;
  std::chrono::seconds watch_wait = bounds::watch_wait_max;

  // One user. 0 bytes, or requests a second: no bound.
  std::uint64_t user_bytes = bounds::user_bytes_default;
  std::uint64_t user_pending_transactions = bounds::pending_transactions_per_user;
  std::uint64_t user_requests_per_second = bounds::request_rate_default;
  std::uint64_t user_queued_commands = bounds::user_queue_commands;
  std::uint64_t user_watchers = bounds::watchers_per_user;

  // One address. 0: no bound.
  std::uint64_t address_connections = bounds::connections_per_address_default;
  std::uint64_t address_requests_per_second = bounds::request_rate_default;

  // All together.
  std::uint64_t connections = bounds::connections_default;
  std::uint64_t bodies_bytes = bounds::bodies_bytes_default;
  std::uint64_t answers_bytes = bounds::answers_bytes_default;
  std::uint64_t queued_commands = bounds::writer_queue_commands;
  std::uint64_t live_users = bounds::live_users;
  /// 0: as much as the disk allows.
  std::uint64_t store_bytes = 0;

  // Patience.
  std::chrono::milliseconds idle_timeout = bounds::idle_timeout;
  std::chrono::milliseconds handshake_timeout = bounds::handshake_timeout;
  std::chrono::milliseconds header_timeout = bounds::header_timeout;
  std::chrono::milliseconds body_timeout = bounds::body_timeout;
  std::chrono::milliseconds body_total_timeout = bounds::body_total_timeout;
  std::chrono::milliseconds write_timeout = bounds::write_timeout;
};

}  // namespace mentat_sync
