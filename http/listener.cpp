// See listener.hpp.
#include "http/listener.hpp"

#include "storage/bounds.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;

enum class Sharing { none, among_loops };

std::string to_text(const Endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = ":" + std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]" + port : address + port;
}

Status bind_failed(const Endpoint& endpoint, const Error& error) {
  if (error == asio::error::address_in_use) {
    return {ErrorCode::busy, "cannot listen on " + to_text(endpoint) +
                                 ": another program does; stop it, or choose another port"};
  }
  return {ErrorCode::io, "cannot listen on " + to_text(endpoint) + ": " + error.message()};
}

Error set_reuse_port(int descriptor) {
  const int on = 1;
  if (::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0) return {};
  return {errno, boost::system::system_category()};
}

/// Opens and binds. SO_REUSEADDR only lets a new server take over from connections of an old one
/// that are still in TIME_WAIT; it shares nothing.
template <class Acceptor>
Error bind(Acceptor& acceptor, const Endpoint& endpoint, Sharing sharing) {
  Error error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && endpoint.protocol() == tcp::v6()) {
    // Only `::` means every address, IPv4's too.
    const bool only_v6 = !endpoint.address().is_unspecified();
    acceptor.set_option(asio::ip::v6_only(only_v6), error);
  }
  if (!error && sharing == Sharing::among_loops) error = set_reuse_port(acceptor.native_handle());
  if (!error) acceptor.bind(endpoint, error);
  return error;
}

Status cannot_take_over(int descriptor, const std::string& reason) {
  return {ErrorCode::invalid, "cannot listen on the socket handed over as descriptor " +
                                  std::to_string(descriptor) + ": " + reason};
}

/// 0: it is none, or the descriptor is no socket.
int socket_option(int descriptor, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 ? value : 0;
}

/// Empty: it is a TCP socket that listens.
std::string fault_of(int descriptor) {
  const int family = socket_option(descriptor, SO_DOMAIN);
  if (family == AF_UNIX) return "it is a Unix-domain socket, and only TCP is spoken";
  if (family != AF_INET && family != AF_INET6) return "it is no internet socket";
  if (socket_option(descriptor, SO_TYPE) != SOCK_STREAM) return "it is no TCP socket";
  return socket_option(descriptor, SO_ACCEPTCONN) != 0 ? "" : "it does not listen";
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& address, std::uint16_t port) {
  Error error;
  const auto parsed = asio::ip::make_address(address, error);
  if (!error) return Endpoint{parsed, port};
  return Status{ErrorCode::invalid,
                "cannot listen on \"" + address + "\": it is no numeric IPv4 or IPv6 address"};
}

Status check_port_is_free(const Endpoint& endpoint) {
  asio::io_context io;
  tcp::acceptor probe{io};
  const Error error = bind(probe, endpoint, Sharing::none);
  return error ? bind_failed(endpoint, error) : Status{};
}

Listener::Listener(asio::io_context& io, const Log& log, std::function<void(Socket)> accepted)
    : acceptor_(io), backoff_(io), log_(log), accepted_(std::move(accepted)) {}

Status Listener::listen(const Endpoint& endpoint) {
  Error error = bind(acceptor_, endpoint, Sharing::among_loops);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  return error ? bind_failed(endpoint, error) : Status{};
}

Status Listener::listen_on(int descriptor) {
  if (const auto fault = fault_of(descriptor); !fault.empty()) {
    return cannot_take_over(descriptor, fault);
  }
  const bool v6 = socket_option(descriptor, SO_DOMAIN) == AF_INET6;
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  Error error{own < 0 ? errno : 0, boost::system::system_category()};
  if (!error) acceptor_.assign(v6 ? tcp::v6() : tcp::v4(), own, error);
  if (!error) return {};
  if (own >= 0) ::close(own);
  return cannot_take_over(descriptor, error.message());
}

std::uint16_t Listener::port() const {
  return acceptor_.local_endpoint().port();
}

void Listener::start() {
  do_accept();
}

void Listener::stop() {
  close();
  backoff_.cancel();
}

/// Not acceptor_.close(), which counts on the kernel to forget a closed descriptor: that goes on
/// reporting on one which has duplicates elsewhere, as those handed over do.
void Listener::close() {
  if (!acceptor_.is_open()) return;
  Error failed;
  const int descriptor = acceptor_.release(failed);
  if (!failed) ::close(descriptor);
}

void Listener::do_accept() {
  acceptor_.async_accept(
      [this](Error error, Socket socket) { on_accept(error, std::move(socket)); });
}

void Listener::on_accept(Error error, Socket socket) {
  if (!acceptor_.is_open()) return;
  // This one client was gone before it was accepted.
  if (error == asio::error::connection_aborted) return do_accept();
  if (error) return back_off(error);
  failing_ = false;
  Error ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  do_accept();
  accepted_(std::move(socket));
}

void Listener::back_off(Error error) {
  if (!failing_ && log_) {
    log_(LogLevel::warning, "cannot accept connections", {{"reason", error.message()}});
  }
  failing_ = true;
  backoff_.expires_after(bounds::accept_backoff);
  backoff_.async_wait([this](Error) {
    if (acceptor_.is_open()) do_accept();
  });
}

}  // namespace mentat_sync
