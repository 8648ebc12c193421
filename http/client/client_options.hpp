// ClientOptions: how patient a client is, what it calls itself, and whom it trusts.
//
// Thread-safety: a value type. Ownership: the interrupter must outlive every client that has it.
#pragma once

#include "http/client/interrupter.hpp"
#include "storage/bounds.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace mentat_sync {

struct ClientOptions {
  /// To connect to one address of the host. Looking the host's name up is not bounded by it, but by
  /// the system's resolver.
  std::chrono::milliseconds connect_timeout = bounds::client_connect_timeout;
  /// Without any bytes getting through, either way.
  std::chrono::milliseconds idle_timeout = bounds::client_idle_timeout;
  /// From the end of a request to the header of its answer.
  std::chrono::milliseconds answer_timeout = bounds::client_answer_timeout;
  /// How often a request is repeated when the server is overloaded (503 with Retry-After).
  unsigned overload_retries = bounds::client_overload_retries;
  /// An item of a pulled log that is larger than this is malformed.
  std::uint64_t max_item_bytes = bounds::log_item_bytes_max;
  /// One line of printable ASCII.
  std::string user_agent = "mentat-sync-client";
  /// Sent with each request, as `Authorization: Bearer`; printable ASCII without blanks. Empty:
  /// none.
  std::string token = {};
  /// Of https. PEM: whose certificates are trusted, instead of the system's authorities.
  std::filesystem::path ca_file = {};
  /// Of https. PEM: the client's own certificate and key, where the server asks for them.
  std::filesystem::path certificate_file = {};
  std::filesystem::path key_file = {};
  /// Nothing: the client cannot be interrupted.
  const Interrupter* interrupter = nullptr;
};

}  // namespace mentat_sync
