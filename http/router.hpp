// The router: a pure function from method and target to what is asked for. Percent-encoding is
// decoded here, once.
//
// Thread-safety: pure functions over value types.
// Source: RFC 9112 section 3.2 (request targets), RFC 3986 (percent-encoding); docs/protocol.md.
#pragma once

#include "storage/ids.hpp"

#include <boost/beast/http/verb.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

namespace mentat_sync {

enum class Action {
  root,          // GET /
  lb_heartbeat,  // GET /__lbheartbeat__
  heartbeat,     // GET /__heartbeat__
  version,       // GET /__version__
  limits,        // GET /__limits__
  metrics,       // GET /metrics
  summary,       // GET /0.1/{user}
  delete_user,   // DELETE /0.1/{user}
  get_head,      // GET /0.1/{user}/head
  put_head,      // PUT /0.1/{user}/head
  events,        // GET /0.1/{user}/events
  pull,          // GET /0.1/{user}/log?from=&limit=&max_bytes=&chunks=
  push,          // POST /0.1/{user}/log
  missing,       // POST /0.1/{user}/missing
  list,          // GET /0.1/{user}/transactions?from=&limit=
  get_transaction,
  put_transaction,
  get_chunk,
  put_chunk,
};

/// Whether it is about the server, and no user's log.
constexpr bool is_operational(Action action) {
  return action <= Action::metrics;
}

/// A request that the router understood. Which ids are set follows from the action.
struct Route {
  Action action = Action::root;
  UserId user;
  TransactionId transaction;
  ChunkId chunk;
  /// Of a listing: exclusive start, and the page size asked for, clamped to the bounds.
  TransactionId from;
  std::uint32_t limit = 0;
  /// Of a pull, which has `from` too: what it ends at, and whether it has the chunks.
  std::uint64_t max_transactions = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max_bytes = std::numeric_limits<std::uint64_t>::max();
  bool with_chunks = true;
};

/// No such path (404).
struct NoRoute {};
/// The path is known, the method is not for it (405). `allow` is the Allow header's value.
struct MethodNotAllowed {
  std::string_view allow;
};
/// The path's shape is known, a part of it is malformed (400).
struct MalformedTarget {
  /// For a person: what is wrong, and what it should look like.
  std::string detail;
};

using Routing = std::variant<Route, NoRoute, MethodNotAllowed, MalformedTarget>;

/// HEAD is routed as GET. `target` is as received, in origin-form or absolute-form.
Routing route(boost::beast::http::verb method, std::string_view target);

}  // namespace mentat_sync
