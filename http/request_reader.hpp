// RequestReader: one request out of a connection's bytes, however they are split.
//
// Beast's parser knows the grammar. Around it stand the rules that it leaves open: the header is
// handed to it whole and within its bound, lines end in CRLF and are not folded, the version is 1.0
// or 1.1, nothing but `chunked` is a transfer coding. Bodies do not come to it at all: those in
// chunks are read by ChunkedBody, for the others it takes no grammar.
//
// Thread-safety: none; it belongs to one connection.
// Ownership and lifetime: one for each message; it keeps nothing of the bytes it is fed.
// Failures: state() malformed with a fault(), or too_large; nothing more is read then.
// Source: RFC 9112.
#pragma once

#include "http/chunked_body.hpp"
#include "http/message.hpp"
#include "storage/bounds.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mentat_sync {

class RequestReader final : private beast_http::basic_parser<true> {
 public:
  enum class State {
    header,
    /// The header is whole: time for accept_body(), or for the end of this reader.
    admitting,
    body,
    complete,
    too_large,
    malformed,
  };

  struct Fault {
    unsigned status = 400;
    std::string detail;
  };

  /// `header_bytes`: the longest header that is taken, request line included.
  explicit RequestReader(std::uint32_t header_bytes = bounds::header_bytes);

  /// Takes bytes from the front of `bytes` and returns how many it is done with. What is left must
  /// be in front of what arrives next. 0 in the states header and body: it needs more.
  std::size_t feed(std::string_view bytes);

  State state() const { return state_; }
  /// Only when malformed.
  const Fault& fault() const { return fault_; }

  // From admitting on:
  const RequestHeader& header() const { return request_; }
  /// Whether bytes of the body are still to come.
  bool body_follows() const { return state_ != State::complete && !is_done(); }
  bool expects_continue() const;
  bool keep_alive() const { return basic_parser::keep_alive(); }
  /// Goes on to the body, or to complete when there is none, or to too_large. Without a sink the
  /// body is kept.
  void accept_body(std::uint64_t limit_bytes, std::shared_ptr<BodySink> sink = {});

  /// Of the body, as far as it has come.
  std::uint64_t body_bytes() const { return body_bytes_; }
  /// Of memory, for what has come of the body.
  std::uint64_t held_bytes() const {
    return request_.sink ? request_.sink->held_bytes() : body_bytes_;
  }

  /// Only when complete, and once.
  Request&& take() { return std::move(request_); }

 private:
  using View = boost::beast::string_view;
  using Error = boost::beast::error_code;

  std::size_t feed_header(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  std::size_t feed_chunks(std::string_view bytes);
  void take_content(std::string_view content);
  std::size_t find_header_end(std::string_view bytes);
  bool check_line(std::string_view line);
  bool check_request_line(std::string_view line);
  void check_framing();
  void fail(unsigned status, std::string detail);

  void on_request_impl(beast_http::verb method, View name, View target, int version,
                       Error& error) override;
  void on_response_impl(int, View, int, Error&) override {}
  void on_field_impl(beast_http::field field, View name, View value, Error& error) override;
  void on_header_impl(Error&) override {}
  // Bodies do not come to the parser.
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(View, Error&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, View, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View, Error&) override { return 0; }
  void on_finish_impl(Error&) override {}

  const std::uint32_t header_bytes_;
  State state_ = State::header;
  bool blank_line_skipped_ = false;
  /// Where the line that is looked at starts, and how far newlines have been looked for.
  std::size_t line_start_ = 0;
  std::size_t scanned_ = 0;
  Request request_;
  std::uint64_t body_bytes_ = 0;
  /// Of a body that has a length: what is still to come.
  std::uint64_t body_left_ = 0;
  /// Of one that comes in chunks, from accept_body() on. Apart, for every connection has a reader.
  std::unique_ptr<ChunkedBody> chunks_;
  Fault fault_;
};

}  // namespace mentat_sync
