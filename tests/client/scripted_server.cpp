// Blocking sockets with a short time-out, so that the thread notices when it is to end.
#include "scripted_server.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr int poll_ms = 20;
constexpr std::string_view header_end = "\r\n\r\n";
constexpr std::string_view length_field = "Content-Length: ";

std::size_t length_of(std::string_view header) {
  const auto at = header.find(length_field);
  if (at == header.npos) return 0;
  return std::stoul(std::string{header.substr(at + length_field.size())});
}

}  // namespace

bool ScriptedConnection::read_some() {
  std::array<char, 65536> piece;
  while (!stopping_) {
    pollfd waiting{descriptor_, POLLIN, 0};
    if (::poll(&waiting, 1, poll_ms) <= 0) continue;
    const auto count = ::recv(descriptor_, piece.data(), piece.size(), 0);
    if (count > 0) buffer_.append(piece.data(), static_cast<std::size_t>(count));
    return count > 0;
  }
  return false;
}

std::string ScriptedConnection::receive_header() {
  std::size_t end = 0;
  while ((end = buffer_.find(header_end)) == std::string::npos) {
    if (!read_some()) return {};
  }
  auto header = buffer_.substr(0, end + header_end.size());
  buffer_.erase(0, header.size());
  return header;
}

std::string ScriptedConnection::receive() {
  auto request = receive_header();
  const auto length = length_of(request);
  while (buffer_.size() < length) {
    if (!read_some()) return {};
  }
  request += buffer_.substr(0, length);
  buffer_.erase(0, length);
  return request;
}

void ScriptedConnection::send(std::string_view bytes) const {
  while (!bytes.empty() && !stopping_) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void ScriptedConnection::wait_for_end() {
  while (read_some()) {
  }
}

void ScriptedConnection::reset() const {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts)
    : scripts_(std::move(scripts)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, name, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, name, &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  thread_.join();
  if (listener_ >= 0) ::close(listener_);
}

int ScriptedServer::accept_one() const {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, poll_ms) > 0)
      return ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  }
  return -1;
}

void ScriptedServer::run() {
  for (const auto& script : scripts_) {
    const int descriptor = accept_one();
    if (descriptor < 0) return;
    ++connections_;
    const timeval timeout{0, poll_ms * 1000};
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    ScriptedConnection connection{descriptor, stopping_};
    script(connection);
    ::close(descriptor);
  }
  ::close(std::exchange(listener_, -1));
}

std::string answer(unsigned status, std::string_view headers, std::string_view body) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  text.append(headers);
  // Neither may have a length.
  if (status != 304 && status != 204) {
    text.append(length_field).append(std::to_string(body.size())).append("\r\n");
  }
  return text.append("\r\n").append(body);
}

ScriptedServer::Script answering(std::vector<std::string> answers,
                                 std::vector<std::string>* requests) {
  return [answers = std::move(answers), requests](ScriptedConnection& connection) {
    for (const auto& text : answers) {
      auto request = connection.receive();
      if (request.empty()) return;
      if (requests) requests->push_back(std::move(request));
      connection.send(text);
    }
    connection.wait_for_end();
  };
}

}  // namespace mentat_sync
