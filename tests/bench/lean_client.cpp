// Blocking calls on one socket.
#include "bench/lean_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::string_view header_end = "\r\n\r\n";

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error{what};
}

}  // namespace

LeanClient::LeanClient(std::uint16_t port, std::string user) : user_(std::move(user)) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket_, generic, sizeof address) != 0) fail("cannot connect");
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

LeanClient::~LeanClient() {
  ::close(socket_);
}

void LeanClient::send_get(std::string_view path) {
  request_.assign("GET /0.1/")
      .append(user_)
      .append(path)
      .append(" HTTP/1.1\r\nHost: bench\r\n\r\n");
  send(request_, {});
}

std::string_view LeanClient::get(std::string_view path) {
  send_get(path);
  return receive(200);
}

std::uint64_t LeanClient::get_and_drop(std::string_view path) {
  send_get(path);
  constexpr std::string_view last_chunk = "\r\n0\r\n\r\n";
  std::array<char, 256 * 1024> bytes;
  std::string end;
  std::uint64_t received = 0;
  while (!end.ends_with(last_chunk)) {
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got <= 0) fail("the connection was lost");
    const std::string_view part{bytes.data(), static_cast<std::size_t>(got)};
    received += part.size();
    end.append(part.substr(part.size() - std::min(part.size(), last_chunk.size())));
    end.erase(0, end.size() - std::min(end.size(), last_chunk.size()));
  }
  return received;
}

void LeanClient::put(std::string_view path, std::string_view body, unsigned status) {
  request_.assign("PUT /0.1/").append(user_).append(path);
  request_.append(" HTTP/1.1\r\nHost: bench\r\nContent-Length: ");
  request_.append(std::to_string(body.size())).append(header_end);
  send(request_, body);
  receive(status);
}

void LeanClient::post_log(std::string_view log, unsigned status) {
  request_.assign("POST /0.1/").append(user_);
  request_.append(
      "/log HTTP/1.1\r\nHost: bench\r\n"
      "Content-Type: application/vnd.mentat-sync.log+cbor-seq\r\nContent-Length: ");
  request_.append(std::to_string(log.size())).append(header_end);
  send(request_, log);
  receive(status);
}

void LeanClient::send(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    std::array<iovec, 2> parts{iovec{const_cast<char*>(head.data()), head.size()},
                               iovec{const_cast<char*>(body.data()), body.size()}};
    const ssize_t sent = ::writev(socket_, parts.data(), parts.size());
    if (sent <= 0) fail("the connection was lost");
    const std::size_t of_head = std::min(static_cast<std::size_t>(sent), head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<std::size_t>(sent) - of_head);
  }
}

void LeanClient::read_more() {
  std::array<char, 256 * 1024> bytes;
  const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got <= 0) fail("the connection was lost");
  received_bytes_ += static_cast<std::uint64_t>(got);
  input_.append(bytes.data(), static_cast<std::size_t>(got));
}

std::string_view LeanClient::receive(unsigned status) {
  input_.clear();
  std::size_t end = std::string::npos;
  while ((end = input_.find(header_end)) == std::string::npos) read_more();
  const std::string_view header{input_.data(), end + header_end.size()};
  if (header.substr(9, 3) != std::to_string(status)) fail("refused: " + input_.substr(0, 500));
  if (header.find("Transfer-Encoding: chunked") != std::string_view::npos) {
    receive_chunked(header.size());
    return body_;
  }
  constexpr std::string_view length_field = "Content-Length: ";
  const auto at = header.find(length_field);
  if (at == std::string_view::npos) return {};
  const std::size_t length = std::stoul(input_.substr(at + length_field.size(), 20));
  const std::size_t header_bytes = header.size();
  while (input_.size() < header_bytes + length) read_more();
  return std::string_view{input_}.substr(header_bytes);
}

void LeanClient::receive_chunked(std::size_t header_bytes) {
  body_.clear();
  std::size_t at = header_bytes;
  for (;;) {
    std::size_t line = std::string::npos;
    while ((line = input_.find("\r\n", at)) == std::string::npos) read_more();
    const std::size_t size = std::stoul(input_.substr(at, line - at), nullptr, 16);
    at = line + 2;
    while (input_.size() < at + size + 2) read_more();
    if (size == 0) return;
    body_.append(input_, at, size);
    at += size + 2;
    // What has been taken goes before the buffer becomes as large as the log.
    input_.erase(0, std::exchange(at, 0));
  }
}

}  // namespace mentat_sync
