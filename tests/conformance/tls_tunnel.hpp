// TlsTunnel: lets a client that knows no TLS talk to a server that speaks nothing else: what comes
// in on a port of its own goes on to the server over TLS, a connection for each.
//
// Thread-safety: the connections are worked on by its own thread, one after the other's piece.
// Ownership and lifetime: the destructor ends the thread and all connections.
// Failures: the constructor throws std::runtime_error; a connection that fails is closed.
#pragma once

#include "tls_peer.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {

class TlsTunnel {
 public:
  /// To a server of this machine, whose certificate is checked against `options`.
  TlsTunnel(std::uint16_t server_port, TlsPeerOptions options);
  ~TlsTunnel();
  TlsTunnel(const TlsTunnel&) = delete;
  TlsTunnel& operator=(const TlsTunnel&) = delete;

  std::uint16_t port() const { return port_; }
  /// Connections that were made to the server.
  int connections() const { return connections_; }

 private:
  struct Connection {
    int client = -1;
    std::unique_ptr<TlsPeer> server;
  };

  void run();
  void accept();
  bool forward(const Connection& connection, short client_events, short server_events);
  static bool forward_answer(const Connection& connection);

  const std::uint16_t server_port_;
  const TlsPeerOptions options_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<Connection> open_;
  std::atomic<int> connections_{0};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace mentat_sync
