// ClientExchange: one HTTP request and its answer at a time, over one connection that is kept.
//
// Thread-safety: one thread. Ownership: the interrupter in the options must outlive it.
// Failures: ClientError. A kept connection may have been closed by the server meanwhile: then the
// request is sent once more over a new one, for every request of this API may be repeated.
// Source: RFC 9110, RFC 9112.
#pragma once

#include "http/client/client_error.hpp"
#include "http/client/client_options.hpp"
#include "http/client/server_url.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

struct ClientRequest {
  std::string_view method = "GET";
  /// Path and query, without the server's prefix.
  std::string target;
  /// Further header lines, each with its CRLF.
  std::string headers = {};
  /// Of a request that has a body.
  std::string_view content_type = {};
  std::string_view body = {};
  /// Added to ClientOptions::answer_timeout: what the server was asked to wait.
  std::chrono::milliseconds server_waits{0};
  /// Instead of ClientOptions::idle_timeout, while the answer's body is read.
  std::optional<std::chrono::milliseconds> body_idle_timeout = {};
};

/// An answer up to its body.
struct ClientAnswer {
  unsigned status = 0;
  std::string content_type;
  std::string content_encoding;
  std::string retry_after;
  std::string link;
};

class ClientExchange {
 public:
  ClientExchange(ServerUrl server, ClientOptions options);
  ~ClientExchange();
  ClientExchange(ClientExchange&&) noexcept;
  ClientExchange& operator=(ClientExchange&&) noexcept;

  /// Sends a request and reads the header of its answer, of whatever status. What is left of the
  /// answer before is not waited for: its connection is given up.
  Reply<ClientAnswer> begin(const ClientRequest& request);

  /// Some of the answer's body; 0 at its end. An error when it is cut off.
  Reply<std::size_t> read_some(char* data, std::size_t size);

  /// The rest of the body; an error when it is longer than `max_bytes`.
  Reply<std::string> read_rest(std::uint64_t max_bytes);

  /// begin(), with rests and repeats while the server is overloaded; and an error when the status
  /// is not a success. 304 is one.
  Reply<ClientAnswer> succeed(const ClientRequest& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mentat_sync
