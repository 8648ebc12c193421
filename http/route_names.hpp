// What routes are called where people read of them: in metrics and in the access log.
//
// Thread-safety: a pure function.
#pragma once

#include "http/router.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace mentat_sync {

/// In the order of Action.
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Action::put_chunk) + 1>
    route_names{
        "root",     "lb_heartbeat", "heartbeat", "version",         "limits",          "metrics",
        "summary",  "delete_user",  "get_head",  "put_head",        "events",          "pull",
        "push",     "missing",      "list",      "get_transaction", "put_transaction", "get_chunk",
        "put_chunk"};

constexpr std::string_view route_name(Action action) {
  return route_names[static_cast<std::size_t>(action)];
}

}  // namespace mentat_sync
