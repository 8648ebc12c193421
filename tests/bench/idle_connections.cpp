// Sockets from several source addresses, for one has ports for less than thirty thousand.
#include "bench/idle_connections.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr std::size_t connections_of_an_address = 10'000;
constexpr int patience_ms = 20'000;

/// Reads until what has come holds `expected`.
void await(int socket, std::string_view expected) {
  std::string text;
  std::array<char, 4096> bytes;
  while (text.find(expected) == std::string::npos) {
    pollfd entry{socket, POLLIN, 0};
    if (::poll(&entry, 1, patience_ms) <= 0) throw std::runtime_error{"no answer: " + text};
    const ssize_t got = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (got <= 0) throw std::runtime_error{"a connection was lost: " + text};
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

sockaddr_in loopback(std::uint32_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
  return address;
}

}  // namespace

std::size_t raise_open_files_to(std::size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted) return wanted;
  rlimit raised{wanted, std::max<rlim_t>(wanted, limit.rlim_max)};
  if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) {
    raised = {limit.rlim_max, limit.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &raised);
  }
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

void IdleConnections::open(const std::string& target, std::string_view expected) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) throw std::runtime_error{"no more sockets"};
  sockets_.push_back(socket);
  const auto host = static_cast<std::uint32_t>(sockets_.size() / connections_of_an_address);
  const sockaddr_in from = loopback(host, 0);
  const sockaddr_in to = loopback(0, port_);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
      ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error{"cannot connect"};
  }
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: bench\r\n\r\n";
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    throw std::runtime_error{"cannot send"};
  }
  await(socket, expected);
}

void IdleConnections::close_all() {
  for (const int socket : sockets_) ::close(socket);
  sockets_.clear();
}

void IdleConnections::await_on_all(std::string_view expected) {
  for (const int socket : sockets_) await(socket, expected);
}

}  // namespace mentat_sync
