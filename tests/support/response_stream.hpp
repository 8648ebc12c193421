// ResponseStream: an answer that is read piece by piece: a long log, an event stream. What
// HttpConnection::receive() would wait for the end of.
//
// Thread-safety: one thread.
// Failures: HttpError when the connection fails before the header, or the framing is no HTTP. A
// body that is cut off, by a reset too, is a value: ended() without whole().
// Source: RFC 9112, sections 6 and 7.1.
#pragma once

#include "support/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mentat_sync {

class ResponseStream {
 public:
  /// Sends the request over a connection of its own, and reads the answer's header.
  ResponseStream(std::uint16_t port, const HttpRequest& request);

  const HttpResponse& header() const { return header_; }

  /// The next bytes of the body, as they come; nothing after `timeout`, or at the end.
  std::optional<std::string> read(std::chrono::milliseconds timeout = std::chrono::seconds{20});
  /// All that comes until the end; HttpError when there is none within `timeout` of the last bytes.
  std::string read_to_end(std::chrono::milliseconds timeout = std::chrono::seconds{20});

  /// No more bytes will come.
  bool ended() const { return ended_; }
  /// The end was that of the framing: the last chunk, or all of Content-Length. A body that ends
  /// with its connection is whole as far as can be told.
  bool whole() const { return whole_; }
  /// Whether the peer has closed the connection.
  bool closed() const { return closed_; }

 private:
  enum class Framing { chunked, length, connection };

  void set_framing();
  /// Takes the body out of raw_.
  std::string decode();
  /// One step; false when it takes more bytes.
  bool decode_chunk(std::string& body);

  HttpConnection connection_;
  HttpResponse header_;
  Framing framing_ = Framing::connection;
  std::string raw_;
  /// What is still to come of the chunk, with its CRLF, or of the body.
  std::size_t left_ = 0;
  bool ended_ = false;
  bool whole_ = false;
  bool closed_ = false;
};

}  // namespace mentat_sync
