// Telling: what a running server tells of itself besides its log: metrics, at GET /metrics, and a
// line for each request in the access log.
//
// Thread-safety: the main thread's, which makes it before the store and the server.
// Ownership and lifetime: must outlive the store, the actors and the server that it is given to.
#pragma once

#include "actors/runtime.hpp"
#include "cli/access_log.hpp"
#include "http/handlers.hpp"
#include "http/metrics/metrics.hpp"
#include "http/observers.hpp"
#include "http/server.hpp"
#include "http/tls/tls_credentials.hpp"
#include "storage/lmdb_store.hpp"

#include <memory>

namespace mentat_sync {

class Telling {
 public:
  /// `access_log` may be null.
  explicit Telling(std::unique_ptr<AccessLog> access_log);
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  // The same options, by which what is made with them tells it what it does.
  LmdbStoreOptions hearing(LmdbStoreOptions options);
  ActorRuntimeOptions hearing(ActorRuntimeOptions options);
  HandlerOptions hearing(HandlerOptions options);
  ServerOptions hearing(ServerOptions options);

  /// Files that were moved away are begun anew.
  void reopen();

  /// While it lives, metrics have what these say of themselves; before and after it, only what was
  /// heard. They must outlive it. `credentials` may be null.
  class Asking {
   public:
    Asking(Telling& telling, Store& store, const Handlers& handlers, const Server& server,
           std::shared_ptr<const TlsCredentials> credentials);
    ~Asking();
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

   private:
    Telling& telling_;
  };

 private:
  Metrics metrics_;
  std::unique_ptr<AccessLog> access_log_;
  Observers observers_;
  std::shared_ptr<ActorCounters> actors_ = std::make_shared<ActorCounters>();
};

}  // namespace mentat_sync
