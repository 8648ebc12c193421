// ResponseWriter: answers as bytes, gathered so that all that are ready leave in one write.
//
// Thread-safety: none; a writer belongs to one connection, a clock to one loop.
// Ownership and lifetime: takes the answers; buffers() stays valid until the next other call.
// Source: RFC 9110 (Date, Content-Length), RFC 9112 (status line, Connection).
#pragma once

#include "http/message.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::time_t time);

/// The Date header's value, formatted once a second.
class DateClock {
 public:
  std::string_view now();

 private:
  std::time_t second_ = -1;
  std::string text_;
};

/// What the request decides about its answer.
struct Framing {
  /// HEAD: the header of the answer, without its body.
  bool head = false;
  bool http_1_0 = false;
  bool keep_alive = true;
  /// The request's id, and further header lines of its answer, each with its CRLF. Views: whoever
  /// holds a Framing keeps what they refer to.
  std::string_view request_id = {};
  std::string_view headers = {};
};

class ResponseWriter {
 public:
  /// The answer is the last of its connection when `framing` or the answer says so.
  void append(Response&& response, const Framing& framing, std::string_view date);
  /// A piece of the body of the answer appended last, whose body comes from a source; in a chunk of
  /// its own when `chunked`.
  void append_piece(std::string bytes, bool chunked);
  /// The end of a chunked body.
  void append_last_chunk();
  /// The interim answer that lets a client send its body.
  void append_continue();

  bool empty() const { return first_ == pieces_.size(); }
  /// Whether all there is lies together: no large body among it.
  bool in_one_piece() const { return first_ + 1 == pieces_.size(); }
  /// What is to be written, in order.
  std::span<const boost::asio::const_buffer> buffers();
  /// `bytes` of it have been written.
  void consume(std::size_t bytes);

 private:
  std::string& last_small_piece();
  void append_bytes(std::string bytes);

  /// Small answers one behind another in one string, large bodies each in its own.
  std::vector<std::string> pieces_;
  bool last_is_small_ = false;
  /// The first piece that is not written yet, and how much of it is.
  std::size_t first_ = 0;
  std::size_t offset_ = 0;
  std::vector<boost::asio::const_buffer> buffers_;
};

}  // namespace mentat_sync
