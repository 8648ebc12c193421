// See raw_client.hpp.
#include "raw_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr int timeout_s = 20;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

RawAnswer parse_header(std::string_view header) {
  RawAnswer answer;
  answer.status = static_cast<unsigned>(std::stoul(std::string{header.substr(9, 3)}));
  header.remove_prefix(header.find("\r\n") + 2);
  while (!header.starts_with("\r\n")) {
    const auto line = header.substr(0, header.find("\r\n"));
    const auto colon = line.find(": ");
    answer.headers[lower(std::string{line.substr(0, colon)})] = line.substr(colon + 2);
    header.remove_prefix(line.size() + 2);
  }
  return answer;
}

}  // namespace

RawClient::RawClient(std::uint16_t port, const char* address)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval timeout{timeout_s, 0};
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &peer.sin_addr);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) {
    ::close(descriptor_);
    throw std::runtime_error("cannot connect");
  }
}

RawClient::~RawClient() {
  ::close(descriptor_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

bool RawClient::receive() {
  std::array<char, 65536> buffer;
  const auto count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
  ended_ = ended_ || count == 0;
  reset_ = reset_ || (count < 0 && errno == ECONNRESET);
  return count > 0;
}

RawAnswer RawClient::read_answer(bool head) {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return {};
  }
  end += 4;
  RawAnswer answer = parse_header(std::string_view{received_}.substr(0, end));
  if (!head && answer.headers.contains("transfer-encoding")) {
    received_.erase(0, end);
    read_chunks(answer);
    return answer;
  }
  std::size_t length = 0;
  if (!head && answer.headers.contains("content-length")) {
    length = std::stoul(answer.headers["content-length"]);
  }
  while (received_.size() < end + length) {
    if (!receive()) return {};
  }
  answer.body = received_.substr(end, length);
  received_.erase(0, end + length);
  answer.complete = true;
  return answer;
}

/// Strictly as this server writes them: without extensions and trailers.
void RawClient::read_chunks(RawAnswer& answer) {
  for (;;) {
    std::size_t line = 0;
    while ((line = received_.find("\r\n")) == std::string::npos) {
      if (!receive()) return;
    }
    const std::size_t size = std::stoul(received_.substr(0, line), nullptr, 16);
    while (received_.size() < line + 2 + size + 2) {
      if (!receive()) return;
    }
    answer.body.append(received_, line + 2, size);
    if (received_.compare(line + 2 + size, 2, "\r\n") != 0) {
      throw std::runtime_error("a chunk is longer than it says");
    }
    received_.erase(0, line + 2 + size + 2);
    answer.complete = size == 0;
    if (answer.complete) return;
  }
}

bool RawClient::awaits(std::string_view text) {
  while (received_.find(text) == std::string::npos) {
    if (!receive()) return false;
  }
  return true;
}

std::string RawClient::read_to_end() {
  while (receive()) {
  }
  return std::move(received_);
}

bool RawClient::closed_by_server() {
  if (!ended_ && !reset_ && receive()) return false;
  return (ended_ || reset_) && received_.empty();
}

}  // namespace mentat_sync
