// Loop: one I/O thread of a server, with its io_context, listener and connections.
//
// Thread-safety: listen() and start() before the thread runs; drain(), close_connections() and the
// destructor from the server's thread. Everything else happens on the loop's thread.
// Ownership and lifetime: owns its connections. The options, the application and what is shared
// must outlive it. The destructor closes everything and joins the thread. Failures: nothing that a
// handler throws leaves it.
#pragma once

#include "http/body_budget.hpp"
#include "http/connection.hpp"
#include "http/connection_counts.hpp"
#include "http/listener.hpp"
#include "http/server.hpp"
#include "http/transport.hpp"
#include "http/turns.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

namespace mentat_sync {

/// What all loops of a server have together.
struct SharedAmongLoops {
  ConnectionCounts connections;
  BodyBudget bodies;
  BodyBudget answers;
};

class Loop {
 public:
  Loop(const ServerOptions& options, Application& application, SharedAmongLoops& shared);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Status listen(const Endpoint& endpoint);
  /// On a socket that listens already and stays its owner's.
  Status listen_on(int descriptor);
  /// Of what is listened on first.
  std::uint16_t port() const { return listeners_.front()->port(); }
  void start();

  /// Is ready once the loop has come round to it. From any thread, while the loop lives.
  std::future<void> turn();

  /// Stops accepting, and has the connections finish what has begun.
  void drain();
  /// Closes all connections, and returns how many of them had not finished.
  std::size_t close_connections();

 private:
  Listener& add_listener();
  void stop_listening();
  void run();
  void run_until_ended();
  std::unique_ptr<Transport> make_transport(Socket socket) const;
  void on_accepted(Socket socket);
  void turn_away(Socket socket, std::string_view reason);
  void on_closed(const std::shared_ptr<Connection>& connection);
  void do_sweep();
  void sweep();
  void for_each_connection(const std::function<void(Connection&)>& visit);

  // First, because everything below refers to it.
  /// One thread runs it, and no other touches its sockets: others only post.
  boost::asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;

  const ServerOptions& options_;
  Application& application_;
  ConnectionCounts& counts_;
  DateClock clock_;
  RequestIds request_ids_;
  std::shared_ptr<Mailbox> mailbox_;
  Turns turns_;
  Rounds rounds_;
  ConnectionHost host_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  /// One coarse timer for the deadlines of all connections; it rests while there are none.
  Timer sweep_timer_;
  bool sweeping_ = false;
  std::thread thread_;
};

}  // namespace mentat_sync
