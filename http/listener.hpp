// Listener: accepts connections for one loop, on a port that the loops of one server share.
//
// Thread-safety: none; it belongs to its loop's thread, listen…() and port() excepted before that
// runs. Ownership and lifetime: the io_context must outlive it; `accepted` is called until stop().
// Failures: listen() says which address could not be bound and why, and listen_on() why a
// descriptor is of no use. While running, a failed accept
// is logged once, and tried again after bounds::accept_backoff until one succeeds.
#pragma once

#include "http/transport.hpp"
#include "storage/log.hpp"
#include "storage/result.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace mentat_sync {

/// On the loop's own executor, as Socket.
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>,
                                                boost::asio::io_context::executor_type>;

using Endpoint = boost::asio::ip::tcp::endpoint;

/// `address` must be numeric.
Result<Endpoint> parse_endpoint(const std::string& address, std::uint16_t port);

/// busy when something else listens on `endpoint`. Sharing a port among the loops would otherwise
/// let a second server have a part of the first one's clients.
Status check_port_is_free(const Endpoint& endpoint);

class Listener {
 public:
  Listener(boost::asio::io_context& io, const Log& log, std::function<void(Socket)> accepted);

  Status listen(const Endpoint& endpoint);
  /// On a duplicate of `descriptor`, a TCP socket that listens already. It stays its owner's.
  Status listen_on(int descriptor);
  /// What is listened on; with port 0, what the system chose.
  std::uint16_t port() const;

  void start();
  void stop();

 private:
  void do_accept();
  void on_accept(boost::system::error_code error, Socket socket);
  void back_off(boost::system::error_code error);
  void close();

  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>
      acceptor_;
  Timer backoff_;
  const Log& log_;
  std::function<void(Socket)> accepted_;
  bool failing_ = false;
};

}  // namespace mentat_sync
