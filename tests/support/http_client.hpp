// A small blocking HTTP/1.1 client for the tests that talk to the running program. It can also say
// what a well-behaved client never would: raw bytes, pipelined floods, bodies cut off.
//
// Thread-safety: one thread for each connection or client.
// Failures: HttpError, also when an operation takes longer than its time-out: no test ever hangs.
// Units: time-outs are milliseconds for a whole operation (one send, one answer).
// Source: RFC 9112.
#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mentat_sync {

/// The connection failed, timed out, or the peer did not speak HTTP.
class HttpError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

enum class BodyFraming {
  /// Content-Length, for every method that has a body or when there is one.
  length,
  /// Transfer-Encoding: chunked, without a length, as tolstoy's client sends it.
  chunked,
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::string body = {};
  /// Besides Host and the framing of the body.
  HttpHeaders headers = {};
  BodyFraming framing = BodyFraming::length;
};

/// The bytes of a request, with a Host.
std::string to_wire(const HttpRequest& request);

/// `body` as chunks of `piece_bytes` each (RFC 9112, section 7.1), with the last one.
std::string chunked_body(std::string_view body, std::size_t piece_bytes);

struct HttpResponse {
  unsigned status = 0;
  HttpHeaders headers = {};
  std::string body = {};
  /// Whether the connection can carry another request.
  bool keep_alive = false;

  /// The value of the first header of that name (any case); empty when there is none.
  std::string header(std::string_view name) const;
  bool has(std::string_view name) const;
  /// The body as JSON; a discarded value (is_discarded()) when it is none.
  nlohmann::json json() const;
};

/// One TCP connection to a server on the loopback interface.
class HttpConnection {
 public:
  static constexpr std::chrono::milliseconds default_timeout{20'000};

  explicit HttpConnection(std::uint16_t port, std::chrono::milliseconds timeout = default_timeout);
  ~HttpConnection();
  HttpConnection(HttpConnection&& other) noexcept;
  HttpConnection& operator=(HttpConnection&&) = delete;

  /// Sends the bytes as they are. What arrives meanwhile is kept for receive(), so that a flood of
  /// requests cannot block both sides. Returns false when the peer closed before taking them all.
  bool send(std::string_view bytes);
  void shutdown_send();

  /// The next final answer; interim ones (100) are skipped.
  HttpResponse receive();
  /// The next answer to a HEAD request: none has a body.
  HttpResponse receive_to_head();
  /// The next answer of any kind.
  HttpResponse receive_any(bool without_body = false);

  /// The header of the next answer, without a word of its body: that is for read_raw().
  HttpResponse receive_header();
  /// What is there or arrives next, as it is: nothing after `timeout`, empty at the end. A reset is
  /// an end too.
  std::optional<std::string> read_raw(std::chrono::milliseconds timeout);
  /// Makes the kernel take in no more than about so much for a peer that does not read; before the
  /// first request.
  void set_receive_buffer(int bytes);

  /// Waits until the peer closes and returns what it sent until then.
  std::string read_to_end();
  /// Whether nothing arrives, not even the end, for `duration`.
  bool silent_for(std::chrono::milliseconds duration);

  HttpResponse request(const HttpRequest& request);

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  Deadline deadline() const;
  void connect(std::uint16_t port);
  short wait(short events, Deadline until) const;
  /// Reads once into buffer_; false at the end of the stream.
  bool read_some();

  int socket_ = -1;
  std::chrono::milliseconds timeout_;
  std::string buffer_;
};

/// Makes requests over one connection as long as it lasts, and over a new one after that.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port,
                      std::chrono::milliseconds timeout = HttpConnection::default_timeout);

  HttpResponse request(const HttpRequest& request);
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_;
  std::chrono::milliseconds timeout_;
  std::optional<HttpConnection> connection_;
};

/// Over a connection of its own, with `Connection: close`.
HttpResponse one_shot(std::uint16_t port, HttpRequest request);

}  // namespace mentat_sync
