// Server: listens, and runs one I/O loop for each thread.
//
// Each loop has its own thread, io_context, acceptor (SO_REUSEPORT) and connections; nothing is
// shared between loops but the application. A connection never leaves its loop.
//
// Thread-safety: start(), drain() and the destructor belong to one thread.
// Ownership and lifetime: the application must outlive the server. The destructor closes what is
// open and joins the threads; answers that arrive later are dropped.
// Failures: start() says which address could not be bound, or which socket not be taken over, and
// why.
#pragma once

#include "actors/thread_guest.hpp"
#include "http/application.hpp"
#include "http/deadlines.hpp"
#include "http/request_observer.hpp"
#include "storage/bounds.hpp"
#include "storage/log.hpp"
#include "storage/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mentat_sync {

class TlsCredentials;

struct ServerOptions {
  /// A numeric address, IPv4 or IPv6; port 0 lets the system choose.
  std::string address = "127.0.0.1";
  std::uint16_t port = 5013;
  /// TCP sockets that listen already, from a service manager say; then `address` and `port` are not
  /// looked at. Each loop accepts on duplicates; these stay the caller's, who may close them once
  /// the server has started. What still waits in one that stays open is its next user's.
  std::vector<int> inherited_sockets = {};
  /// null: plain HTTP. It may be reloaded at any time.
  std::shared_ptr<TlsCredentials> tls = nullptr;
  /// 0: one for each core this process may use.
  unsigned threads = 0;
  std::size_t max_connections = bounds::connections_default;
  /// From one address (of IPv6: one /64); 0: no bound.
  std::size_t max_connections_per_address = bounds::connections_per_address_default;
  /// The longest header of a request, its first line included.
  std::uint32_t max_header_bytes = bounds::header_bytes;
  /// Of the bodies that all connections together receive or have worked on.
  std::uint64_t max_bodies_bytes = bounds::bodies_bytes_default;
  /// Of the answers that are being written to all connections together, or wait for it.
  std::uint64_t max_answers_bytes = bounds::answers_bytes_default;
  /// Is told of every request; may be null, else it must outlive the server.
  RequestObserver* observer = nullptr;
  /// Runs on the loops' threads too; may be null, else it must outlive the server.
  ThreadGuest* guest = nullptr;
  Deadlines deadlines;
  Log log;
};

struct ServerStatistics {
  /// Open now.
  std::size_t connections = 0;
  /// Bytes of bodies being received or worked on.
  std::uint64_t bodies_bytes = 0;
  /// Bytes of answers that are not written yet.
  std::uint64_t answers_bytes = 0;
  // Since the start:
  std::uint64_t accepted = 0;
  /// For there were too many, and too many from one address.
  std::uint64_t refused = 0;
  std::uint64_t refused_by_address = 0;
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Application& application);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The port that is listened on; with inherited sockets, the first one's.
  std::uint16_t port() const;
  unsigned threads() const;
  /// Connections open now, in all loops.
  std::size_t connections() const;
  /// May be called from any thread.
  ServerStatistics statistics() const;
  /// Whether each loop comes round to what it is asked within `patience`, all together. May be
  /// called from any thread; waits that long at most.
  bool loops_turn(std::chrono::milliseconds patience) const;

  /// Stops accepting, closes idle connections, lets requests that have begun finish and be
  /// answered, and closes what is still open after `deadline`. Returns whether all had finished.
  bool drain(std::chrono::milliseconds deadline = bounds::drain_timeout);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mentat_sync
