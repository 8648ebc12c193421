// The POSIX socket below the tests' HTTP client; Beast parses the answers.
#include "support/http_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

namespace http = boost::beast::http;
using ResponseParser = http::response_parser<http::string_body>;

constexpr std::uint32_t answer_header_bytes = 64 * 1024;
constexpr std::uint64_t answer_body_bytes = std::uint64_t{1} << 30;
constexpr std::size_t wire_piece_bytes = 7;  // Small, so that a body takes several pieces.

[[noreturn]] void fail(const std::string& what, int error) {
  throw HttpError(what + ": " + std::strerror(error));
}

bool has_body(const HttpRequest& request) {
  return !request.body.empty() || request.method == "PUT" || request.method == "POST";
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string hexadecimal(std::size_t number) {
  std::array<char, 2 * sizeof number + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%zx", number);
  return digits.data();
}

HttpResponse to_response(ResponseParser& parser) {
  HttpResponse response;
  response.keep_alive = parser.keep_alive();
  auto message = parser.release();
  response.status = message.result_int();
  for (const auto& field : message)
    response.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
  response.body = std::move(message.body());
  return response;
}

/// Gives the parser what there is; returns how much it took.
std::size_t feed(ResponseParser& parser, const std::string& bytes) {
  boost::system::error_code error;
  const std::size_t taken = parser.put(boost::asio::buffer(bytes), error);
  if (error && error != http::error::need_more)
    throw HttpError("not an HTTP answer (" + error.message() + "): " + bytes.substr(0, 200));
  return taken;
}

void feed_end(ResponseParser& parser) {
  boost::system::error_code error;
  if (parser.got_some()) parser.put_eof(error);
  if (!parser.is_done()) throw HttpError("the peer closed before the end of its answer");
}

}  // namespace

std::string chunked_body(std::string_view body, std::size_t piece_bytes) {
  std::string wire;
  while (!body.empty()) {
    const std::string_view piece = body.substr(0, piece_bytes);
    wire.append(hexadecimal(piece.size())).append("\r\n").append(piece).append("\r\n");
    body.remove_prefix(piece.size());
  }
  return wire + "0\r\n\r\n";
}

std::string to_wire(const HttpRequest& request) {
  std::string wire = request.method + " " + request.target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (const auto& [name, value] : request.headers) wire += name + ": " + value + "\r\n";
  if (request.framing == BodyFraming::chunked)
    return wire + "Transfer-Encoding: chunked\r\n\r\n" +
           chunked_body(request.body, std::max(wire_piece_bytes, request.body.size() / 3));
  if (has_body(request)) wire += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return wire + "\r\n" + request.body;
}

std::string HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

bool HttpResponse::has(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const auto& field) { return same_name(field.first, name); });
}

nlohmann::json HttpResponse::json() const {
  return nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
}

HttpConnection::HttpConnection(std::uint16_t port, std::chrono::milliseconds timeout)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), timeout_(timeout) {
  if (socket_ < 0) fail("socket", errno);
  try {
    connect(port);
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

HttpConnection::~HttpConnection() {
  if (socket_ >= 0) ::close(socket_);
}

HttpConnection::HttpConnection(HttpConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      timeout_(other.timeout_),
      buffer_(std::move(other.buffer_)) {}

HttpConnection::Deadline HttpConnection::deadline() const {
  return std::chrono::steady_clock::now() + timeout_;
}

void HttpConnection::connect(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket_, generic, sizeof address) != 0) {
    if (errno != EINPROGRESS) fail("connect", errno);
    wait(POLLOUT, deadline());
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) fail("connect", error);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

short HttpConnection::wait(short events, Deadline until) const {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd entry{socket_, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready > 0) return entry.revents;
    if (ready == 0) throw HttpError("timed out");
    if (errno != EINTR) fail("poll", errno);
  }
}

bool HttpConnection::read_some() {
  std::array<char, 64 * 1024> bytes;
  const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  if (got < 0 && errno != EAGAIN && errno != EINTR) fail("recv", errno);
  return got != 0;
}

bool HttpConnection::send(std::string_view bytes) {
  const Deadline until = deadline();
  short interest = POLLIN | POLLOUT;
  while (!bytes.empty()) {
    const short events = wait(interest, until);
    // After the peer's end there is nothing more to read, but it may still take what we send.
    if ((events & POLLIN) != 0 && !read_some()) interest = POLLOUT;
    if ((events & (POLLOUT | POLLERR | POLLHUP)) == 0) continue;
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
    if (sent < 0 && errno != EAGAIN && errno != EINTR) fail("send", errno);
  }
  return true;
}

void HttpConnection::shutdown_send() {
  ::shutdown(socket_, SHUT_WR);
}

HttpResponse HttpConnection::receive() {
  for (;;) {
    HttpResponse response = receive_any();
    if (response.status >= 200) return response;
  }
}

HttpResponse HttpConnection::receive_to_head() {
  return receive_any(/*without_body=*/true);
}

HttpResponse HttpConnection::receive_any(bool without_body) {
  const Deadline until = deadline();
  ResponseParser parser;
  parser.eager(true);
  parser.skip(without_body);
  parser.header_limit(answer_header_bytes);
  parser.body_limit(answer_body_bytes);
  for (;;) {
    if (!buffer_.empty()) buffer_.erase(0, feed(parser, buffer_));
    if (parser.is_done()) return to_response(parser);
    wait(POLLIN, until);
    if (!read_some()) {
      feed_end(parser);
      return to_response(parser);
    }
  }
}

HttpResponse HttpConnection::receive_header() {
  const Deadline until = deadline();
  std::size_t end = buffer_.find("\r\n\r\n");
  for (; end == std::string::npos; end = buffer_.find("\r\n\r\n")) {
    wait(POLLIN, until);
    if (!read_some()) throw HttpError("the peer closed before its answer");
  }
  ResponseParser parser;
  parser.skip(true);
  const std::string header = buffer_.substr(0, end + 4);
  feed(parser, header);
  buffer_.erase(0, header.size());
  return to_response(parser);
}

std::optional<std::string> HttpConnection::read_raw(std::chrono::milliseconds timeout) {
  if (!buffer_.empty()) return std::exchange(buffer_, {});
  pollfd entry{socket_, POLLIN, 0};
  if (::poll(&entry, 1, static_cast<int>(timeout.count())) == 0) return {};
  try {
    read_some();
  } catch (const HttpError&) {
    // As good as the end: what a server that was killed leaves behind.
  }
  return std::exchange(buffer_, {});
}

void HttpConnection::set_receive_buffer(int bytes) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

std::string HttpConnection::read_to_end() {
  const Deadline until = deadline();
  do {
    wait(POLLIN, until);
  } while (read_some());
  return std::exchange(buffer_, {});
}

bool HttpConnection::silent_for(std::chrono::milliseconds duration) {
  pollfd entry{socket_, POLLIN, 0};
  return buffer_.empty() && ::poll(&entry, 1, static_cast<int>(duration.count())) == 0;
}

HttpResponse HttpConnection::request(const HttpRequest& request) {
  send(to_wire(request));
  return request.method == "HEAD" ? receive_to_head() : receive();
}

HttpClient::HttpClient(std::uint16_t port, std::chrono::milliseconds timeout)
    : port_(port), timeout_(timeout) {}

HttpResponse HttpClient::request(const HttpRequest& request) {
  if (!connection_) connection_.emplace(port_, timeout_);
  try {
    HttpResponse response = connection_->request(request);
    if (!response.keep_alive) connection_.reset();
    return response;
  } catch (const HttpError&) {
    connection_.reset();
    throw;
  }
}

HttpResponse one_shot(std::uint16_t port, HttpRequest request) {
  request.headers.emplace_back("Connection", "close");
  return HttpConnection{port}.request(request);
}

}  // namespace mentat_sync
