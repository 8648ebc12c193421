// AnswerParser: takes one answer out of bytes as they come, and keeps of it what a load test looks
// at: the status and the body.
//
// Thread-safety: one thread. Ownership: body() may point into what was fed last; keep() before
// that is overwritten.
// Failures: feed() says malformed. Source: RFC 9112, by Boost.Beast.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

class AnswerParser : private boost::beast::http::basic_parser<false> {
  using Base = boost::beast::http::basic_parser<false>;
  using IoCode = boost::beast::error_code;
  using Text = boost::beast::string_view;

 public:
  /// `body`: room to collect it in, where it comes in pieces.
  explicit AnswerParser(std::string& body) : collected_(body) {
    collected_.clear();
    eager(true);
    body_limit(std::numeric_limits<std::uint64_t>::max());
    header_limit(64 * 1024);
  }

  /// How many bytes it took. What it did not take has to come again, with more behind it.
  std::size_t feed(std::string_view bytes);
  /// No more comes.
  void end();
  void keep();

  bool malformed() const { return malformed_; }
  bool begun() const { return got_some(); }
  bool has_header() const { return is_header_done(); }
  bool whole() const { return is_done(); }
  unsigned status() const { return status_; }
  std::string_view body() const { return part_.empty() ? std::string_view{collected_} : part_; }
  /// Of a stream: what has come is taken.
  void forget_body();
  bool kept_alive() const { return keep_alive(); }
  /// The server says that it waited (Preference-Applied).
  bool waited() const { return waited_; }
  /// Nothing: it does not say, or as a date.
  std::optional<std::chrono::seconds> retry_after() const { return retry_after_; }

 private:
  std::size_t take(Text piece);
  void take_retry_after(Text value);

  void on_request_impl(boost::beast::http::verb, Text, Text, int, IoCode&) override {}
  void on_response_impl(int code, Text, int, IoCode&) override {
    status_ = static_cast<unsigned>(code);
  }
  void on_field_impl(boost::beast::http::field name, Text, Text value, IoCode&) override {
    if (name == boost::beast::http::field::preference_applied) waited_ = true;
    if (name == boost::beast::http::field::retry_after) take_retry_after(value);
  }
  void on_header_impl(IoCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, IoCode&) override {}
  std::size_t on_body_impl(Text piece, IoCode&) override { return take(piece); }
  void on_chunk_header_impl(std::uint64_t, Text, IoCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text piece, IoCode&) override {
    return take(piece);
  }
  void on_finish_impl(IoCode&) override {}

  std::string& collected_;
  std::string_view part_;
  unsigned status_ = 0;
  bool malformed_ = false;
  bool waited_ = false;
  std::optional<std::chrono::seconds> retry_after_;
};

}  // namespace mentat_sync
