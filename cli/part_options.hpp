// What the options of `serve` are to each part of the server.
//
// Thread-safety: pure functions.
// Failures: none.
#pragma once

#include "actors/runtime.hpp"
#include "cli/authentication.hpp"
#include "cli/serve_options.hpp"
#include "http/handlers.hpp"
#include "http/server.hpp"
#include "storage/lmdb_store.hpp"

#include <filesystem>
#include <memory>

namespace mentat_sync {

/// Absolute, so that the log says where the data is whatever directory the reader is in.
std::filesystem::path data_directory(const ServeOptions& options);

LmdbStoreOptions store_options(const ServeOptions& options, const Log& log);
ActorRuntimeOptions actor_options(const ServeOptions& options, const Log& log);
HandlerOptions handler_options(const ServeOptions& options,
                               const ServerAuthentication& authentication);
/// `credentials` may be null: without TLS.
ServerOptions server_options(const ServeOptions& options,
                             const std::shared_ptr<TlsCredentials>& credentials, const Log& log);

}  // namespace mentat_sync
