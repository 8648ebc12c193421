// RequestNotes: what a connection remembers of a request until it is answered, for its answer's
// header and for whoever observes requests.
//
// Thread-safety: none; they belong to one connection.
#pragma once

#include "http/request_observer.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

struct RequestNotes {
  using TimePoint = std::chrono::steady_clock::time_point;

  std::string id;
  /// See Admission::answer_headers.
  std::string answer_headers;
  // Only when an observer needs them:
  std::string method;
  std::string target;
  std::string user_agent;

  std::optional<Action> action;
  UserId user;
  boost::asio::ip::address client;
  TimePoint header_read;
  std::uint64_t request_bytes = 0;
  /// Of the answer; 0 while there is none.
  unsigned status = 0;
  std::string_view problem;
  std::uint64_t response_bytes = 0;

  ObservedRequest observed(TimePoint now, bool aborted) const {
    ObservedRequest observed;
    observed.method = method;
    observed.target = target;
    observed.user_agent = user_agent;
    observed.action = action;
    observed.user = user;
    observed.client = client;
    observed.request_id = id;
    observed.status = status;
    observed.problem = problem;
    observed.request_bytes = request_bytes;
    observed.response_bytes = response_bytes;
    observed.took = now - header_read;
    observed.aborted = aborted;
    return observed;
  }
};

}  // namespace mentat_sync
