// Watching HEAD: hears of every change of it until told to stop, over as many connections as it
// takes.
//
// Thread-safety: one thread for each watch, which blocks it; ends it from elsewhere:
// ClientOptions::interrupter. Inside the handlers other Clients may be used.
// Failures: what may pass (no connection, a server that ends or fails) is waited out, ever longer
// up to bounds::client_reconnect_max; what the server refuses (4xx) is returned. Source:
// docs/protocol.md, "Hearing of changes"; the HTML standard, section 9.2 (server-sent events).
#pragma once

#include "http/client/client_error.hpp"
#include "http/client/client_options.hpp"
#include "http/client/server_url.hpp"
#include "storage/ids.hpp"
#include "storage/queries.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace mentat_sync {

struct WatchHandlers {
  /// HEAD as it is when the watch begins, and whenever it has moved; several moves in quick
  /// succession may be told as one. False ends the watch.
  std::function<bool(const Head&)> on_head;
  /// The connection is lost, or was not to be had; it is tried again after `rest`. May be empty.
  std::function<void(const ClientError& why, std::chrono::milliseconds rest)> on_lost = {};
};

/// Returns Done when on_head said so; interrupted and refused are errors. `known`: the HEAD that
/// the caller has heard of already, which is no news.
Reply<Done> watch_head(const ServerUrl& server, const UserId& user, const ClientOptions& options,
                       const WatchHandlers& handlers, std::optional<Head> known = {});

}  // namespace mentat_sync
