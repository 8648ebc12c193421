// ScriptedServer: a TCP server that says what a test tells it to, however wrong.
//
// Thread-safety: the scripts run on the server's own thread, one connection after the other; the
// requests are for the test once it has stopped the server.
// Ownership and lifetime: the destructor ends the thread, also in the middle of a script.
// Failures: throws std::runtime_error from the constructor.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mentat_sync {

class ScriptedConnection {
 public:
  ScriptedConnection(int descriptor, const std::atomic<bool>& stopping)
      : descriptor_(descriptor), stopping_(stopping) {}

  /// The next request, header and body (by its Content-Length); empty when the peer has gone.
  std::string receive();
  /// Reads one request's header alone.
  std::string receive_header();
  void send(std::string_view bytes) const;
  /// Until the peer closes.
  void wait_for_end();
  /// Closes with a reset.
  void reset() const;

 private:
  bool read_some();

  int descriptor_;
  const std::atomic<bool>& stopping_;
  std::string buffer_;
};

class ScriptedServer {
 public:
  using Script = std::function<void(ScriptedConnection&)>;

  /// One for each connection, in order; it is closed when its script returns. Further connections
  /// are refused.
  explicit ScriptedServer(std::vector<Script> scripts);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  /// Connections whose script has begun.
  int connections() const { return connections_; }

 private:
  void run();
  int accept_one() const;

  std::vector<Script> scripts_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

/// An answer with a Content-Length. `headers`: each with its CRLF.
std::string answer(unsigned status, std::string_view headers, std::string_view body);

/// A connection that answers one request after the other, each with the next of `answers`, and adds
/// the requests to `requests`.
ScriptedServer::Script answering(std::vector<std::string> answers,
                                 std::vector<std::string>* requests = nullptr);

}  // namespace mentat_sync
