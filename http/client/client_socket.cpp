// Non-blocking sockets, and poll(2) where they would block.
#include "http/client/client_socket.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;
using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

boost::system::error_code last_error() {
  return {errno, boost::system::system_category()};
}

boost::system::error_code resolver_error(int code) {
  if (code == EAI_SYSTEM) return last_error();
  if (code == EAI_AGAIN) return asio::error::host_not_found_try_again;
  return asio::error::host_not_found;
}

AddressList resolve(const ServerUrl& server, boost::system::error_code& error) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const auto port = std::to_string(server.port());
  const int code = ::getaddrinfo(server.host().c_str(), port.c_str(), &hints, &found);
  error = code == 0 ? boost::system::error_code{} : resolver_error(code);
  return {found, &::freeaddrinfo};
}

int timeout_ms(ClientSocket::Clock::time_point until) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - ClientSocket::Clock::now());
  constexpr std::int64_t max = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, max));
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

void ClientSocket::connect(const ServerUrl& server, std::chrono::milliseconds timeout,
                           IoCode& error) {
  close();
  const auto addresses = resolve(server, error);
  if (error) return;
  for (const auto* address = addresses.get(); address; address = address->ai_next) {
    connect_to(address->ai_addr, address->ai_addrlen, address->ai_family, Clock::now() + timeout,
               error);
    if (!error || error == asio::error::operation_aborted) return;
    close();
  }
}

void ClientSocket::connect_to(const void* address, std::size_t address_bytes, int family,
                              Clock::time_point until, IoCode& error) {
  error = {};
  descriptor_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) {
    error = last_error();
    return;
  }
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(descriptor_, static_cast<const sockaddr*>(address),
                static_cast<socklen_t>(address_bytes)) == 0) {
    return;
  }
  error = last_error();
  if (errno != EINPROGRESS && errno != EINTR) return;
  wait(POLLOUT, until, error);
  if (error) return close();
  int result = 0;
  socklen_t size = sizeof result;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &result, &size);
  error = {result, boost::system::system_category()};
}

void ClientSocket::secure(SSL_CTX& context, const std::string& host,
                          std::chrono::milliseconds timeout, IoCode& error) {
  const auto until = Clock::now() + timeout;
  tls_.emplace(context, descriptor_, host);
  for (;;) {
    const auto attempt = tls_->handshake();
    error = attempt.error;
    if (error || attempt.waits_for == 0) return;
    wait(attempt.waits_for, until, error);
    if (error) return;
  }
}

void ClientSocket::close() {
  if (tls_) tls_->say_goodbye();
  tls_.reset();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void ClientSocket::set_deadlines(std::chrono::milliseconds idle, Clock::time_point end) {
  idle_ = idle;
  end_ = end;
}

ClientSocket::Clock::time_point ClientSocket::deadline() const {
  return std::min(Clock::now() + idle_, end_);
}

short ClientSocket::wait(short events, Clock::time_point until, IoCode& error) const {
  error = {};
  const int interrupted = interrupter_ ? interrupter_->descriptor() : -1;
  for (;;) {
    pollfd waiting[] = {{descriptor_, events, 0}, {interrupted, POLLIN, 0}};
    const int ready = ::poll(waiting, std::size(waiting), timeout_ms(until));
    if (ready < 0 && errno != EINTR) {
      error = last_error();
      return 0;
    }
    if (waiting[1].revents != 0 && ready > 0) error = asio::error::operation_aborted;
    if (error) return 0;
    if (ready > 0 && waiting[0].revents != 0) return waiting[0].revents;
    if (Clock::now() >= until) {
      error = asio::error::timed_out;
      return 0;
    }
  }
}

bool ClientSocket::write_all(std::string_view bytes, bool more_follows, IoCode& error) {
  error = {};
  if (tls_) return write_all_encrypted(bytes, error);
  const int flags = MSG_NOSIGNAL | (more_follows ? MSG_MORE : 0);
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), flags);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (!would_block()) error = last_error();
    if (error) return false;
    const short came = wait(POLLOUT | POLLIN, deadline(), error);
    if (error || ((came & POLLIN) && !(came & POLLOUT))) return false;
  }
  return true;
}

bool ClientSocket::write_all_encrypted(std::string_view bytes, IoCode& error) {
  while (!bytes.empty()) {
    const auto attempt = tls_->write(bytes);
    bytes.remove_prefix(attempt.bytes);
    error = attempt.error;
    if (error) return false;
    if (attempt.waits_for == 0) continue;
    const short came = wait(static_cast<short>(attempt.waits_for | POLLIN), deadline(), error);
    if (error) return false;
    if ((came & POLLIN) && !(came & POLLOUT) && peer_speaks(error)) return false;
    if (error) return false;
  }
  return true;
}

/// TLS says things of its own, which are no answer.
bool ClientSocket::peer_speaks(IoCode& error) {
  const auto attempt = tls_->peek();
  error = attempt.error;
  return attempt.bytes != 0;
}

std::size_t ClientSocket::read_encrypted(void* data, std::size_t size, IoCode& error) {
  for (;;) {
    const auto attempt = tls_->read(data, size);
    error = attempt.error;
    if (error || attempt.bytes != 0) return attempt.bytes;
    wait(attempt.waits_for, deadline(), error);
    if (error) return 0;
  }
}

std::size_t ClientSocket::read(void* data, std::size_t size, IoCode& error) {
  error = {};
  if (tls_) return read_encrypted(data, size, error);
  for (;;) {
    const auto count = ::recv(descriptor_, data, size, 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) error = asio::error::eof;
    if (count < 0 && !would_block()) error = last_error();
    if (error) return 0;
    wait(POLLIN, deadline(), error);
    if (error) return 0;
  }
}

}  // namespace mentat_sync
