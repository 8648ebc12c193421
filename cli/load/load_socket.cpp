// Each function is one attempt.
#include "cli/load/load_socket.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

LoadSocket::Attempt outcome_of(ssize_t count) {
  if (count >= 0) return {LoadSocket::State::done, static_cast<std::size_t>(count)};
  const bool blocked = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {blocked ? LoadSocket::State::blocked : LoadSocket::State::failed};
}

LoadSocket::Attempt outcome_of(const ClientTls::Attempt& attempt) {
  if (attempt.error == boost::asio::error::eof) return {LoadSocket::State::ended};
  if (attempt.error) return {LoadSocket::State::failed};
  if (attempt.waits_for != 0) return {LoadSocket::State::blocked};
  return {LoadSocket::State::done, attempt.bytes};
}

}  // namespace

bool LoadSocket::open(const LoadTarget& target) {
  close();
  const auto* address = target.address();
  descriptor_ = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) return false;
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (target.tls()) tls_.emplace(*target.tls(), descriptor_, target.host());
  if (::connect(descriptor_, address, target.address_bytes()) == 0 || errno == EINPROGRESS) {
    return true;
  }
  close();
  return false;
}

LoadSocket::State LoadSocket::connect() {
  if (connected_) return shake_hands();
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return State::failed;
  sockaddr_storage peer{};
  socklen_t peer_bytes = sizeof peer;
  if (::getpeername(descriptor_, reinterpret_cast<sockaddr*>(&peer), &peer_bytes) != 0) {
    return errno == ENOTCONN ? State::blocked : State::failed;
  }
  connected_ = true;
  return shake_hands();
}

LoadSocket::State LoadSocket::shake_hands() {
  if (!tls_ || secured_) return State::done;
  const auto state = outcome_of(tls_->handshake()).state;
  secured_ = state == State::done;
  return state;
}

std::string LoadSocket::tls_fault() const {
  if (!tls_ || !connected_ || secured_) return {};
  const auto fault = tls_->certificate_fault();
  return fault.empty() ? "the handshake failed" : fault;
}

LoadSocket::Attempt LoadSocket::write(std::string_view head, std::string_view body) {
  if (tls_) return outcome_of(tls_->write(head.empty() ? body : head));
  if (body.empty()) {
    return outcome_of(::send(descriptor_, head.data(), head.size(), MSG_NOSIGNAL));
  }
  std::array<iovec, 2> parts{iovec{const_cast<char*>(head.data()), head.size()},
                             iovec{const_cast<char*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return outcome_of(::sendmsg(descriptor_, &message, MSG_NOSIGNAL));
}

LoadSocket::Attempt LoadSocket::read(char* room, std::size_t size) {
  if (tls_) return outcome_of(tls_->read(room, size));
  const auto count = ::recv(descriptor_, room, size, 0);
  if (count == 0) return {State::ended};
  return outcome_of(count);
}

void LoadSocket::close() {
  if (tls_ && secured_) tls_->say_goodbye();
  tls_.reset();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  connected_ = false;
  secured_ = false;
}

}  // namespace mentat_sync
