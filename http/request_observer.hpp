// RequestObserver: is told of every request once its answer has been handed to the socket, or will
// never be. Metrics and the access log are such observers.
//
// Thread-safety: called on every I/O thread at once.
// Ownership and lifetime: must outlive the server. What `observed` refers to lives until
// on_request() returns.
// Failures: must not throw, nor block.
#pragma once

#include "http/router.hpp"
#include "storage/ids.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mentat_sync {

struct ObservedRequest {
  /// As received; empty when no observer needs_text(), or when the request was not understood.
  std::string_view method;
  std::string_view target;
  std::string_view user_agent;
  /// Nothing: no such path, or not understood.
  std::optional<Action> action;
  /// Of a routed request that names one.
  UserId user;
  boost::asio::ip::address client;
  std::string_view request_id;
  unsigned status = 0;
  /// The end of a refusal's problem type (problem_names.hpp); empty: none, or "about:blank".
  std::string_view problem;
  /// Of the bodies, without headers and framing.
  std::uint64_t request_bytes = 0;
  std::uint64_t response_bytes = 0;
  /// From the end of the request's header to the last byte of the answer being handed over.
  std::chrono::nanoseconds took{0};
  /// The connection ended before the whole answer was handed over.
  bool aborted = false;
};

class RequestObserver {
 public:
  virtual ~RequestObserver() = default;

  /// Whether method, target and user agent are wanted: keeping them costs.
  virtual bool needs_text() const { return false; }
  virtual void on_request(const ObservedRequest& observed) noexcept = 0;
};

}  // namespace mentat_sync
