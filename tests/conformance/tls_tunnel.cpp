// See tls_tunnel.hpp. Blocking sockets: its clients send small requests and then read.
#include "tls_tunnel.hpp"

#include <algorithm>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr int poll_ms = 20;
constexpr short ended = POLLIN | POLLHUP | POLLERR;

bool send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

TlsTunnel::TlsTunnel(std::uint16_t server_port, TlsPeerOptions options)
    : server_port_(server_port),
      options_(std::move(options)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, name, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, name, &size) != 0) {
    ::close(listener_);
    throw std::runtime_error("cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

TlsTunnel::~TlsTunnel() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

void TlsTunnel::run() {
  while (!ending_) {
    std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
    for (const Connection& each : open_) {
      waiting.push_back({each.client, POLLIN, 0});
      waiting.push_back({each.server->descriptor(), POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), poll_ms) <= 0) continue;
    std::vector<Connection> still_open;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (forward(open_[i], waiting[2 * i + 1].revents, waiting[2 * i + 2].revents)) {
        still_open.push_back(std::move(open_[i]));
      } else {
        ::close(open_[i].client);
      }
    }
    open_ = std::move(still_open);
    if (waiting[0].revents & POLLIN) accept();
  }
  for (const Connection& each : open_) ::close(each.client);
}

void TlsTunnel::accept() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  try {
    auto server = std::make_unique<TlsPeer>(server_port_, options_);
    if (server->failure().empty()) {
      SSL_clear_mode(&server->tls(), SSL_MODE_AUTO_RETRY);
      ++connections_;
      open_.push_back({client, std::move(server)});
      return;
    }
  } catch (const std::runtime_error&) {
    // Nobody listens there: the client sees that its connection ends.
  }
  ::close(client);
}

/// False when either side has ended.
bool TlsTunnel::forward(const Connection& connection, short client_events, short server_events) {
  if (client_events & ended) {
    std::array<char, 16'384> piece;
    const auto count = ::recv(connection.client, piece.data(), piece.size(), 0);
    if (count <= 0) return false;
    if (!connection.server->send({piece.data(), static_cast<std::size_t>(count)})) return false;
  }
  if (!(server_events & ended)) return true;
  do {
    if (!forward_answer(connection)) return false;
  } while (::SSL_pending(&connection.server->tls()) > 0);
  return true;
}

/// One record. It may be TLS's own, a session ticket say, and then nothing may follow it.
bool TlsTunnel::forward_answer(const Connection& connection) {
  SSL& tls = connection.server->tls();
  std::array<char, 16'384> piece;
  std::size_t count = 0;
  const int result = ::SSL_read_ex(&tls, piece.data(), piece.size(), &count);
  if (result != 1) return ::SSL_get_error(&tls, result) == SSL_ERROR_WANT_READ;
  return send_all(connection.client, {piece.data(), count});
}

}  // namespace mentat_sync
