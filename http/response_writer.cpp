// See response_writer.hpp.
#include "http/response_writer.hpp"

#include "http/joined.hpp"
#include "storage/bounds.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <cassert>
#include <charconv>
#include <utility>

namespace mentat_sync {
namespace {

/// A buffer of one idle connection that is kept for its next answer.
constexpr std::size_t kept_bytes = 1 * bounds::KiB;

void append_hex(std::string& out, std::size_t number) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  out.append(digits.data(), end);
}

void append_two_digits(std::string& out, int number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

/// RFC 9110: neither has a body, and for 204 a Content-Length is forbidden.
bool may_have_body(unsigned status) {
  return status != 204 && status != 304;
}

std::string_view reason_of(unsigned status) {
  const auto reason = beast_http::obsolete_reason(beast_http::int_to_status(status));
  return {reason.data(), reason.size()};
}

/// `text` where it is to be said, else nothing.
std::string_view said(bool is, std::string_view text) {
  return is ? text : std::string_view{};
}

std::string_view connection_line(const Response& response, const Framing& framing) {
  if (!framing.keep_alive || response.close) return "Connection: close\r\n";
  return said(framing.http_1_0, "Connection: keep-alive\r\n");
}

void append_header(std::string& out, const Response& response, const Framing& framing,
                   std::string_view date) {
  assert(response.headers.empty() || response.headers.ends_with("\r\n"));
  const bool has_length = !response.source && may_have_body(response.status);
  const bool is_chunked = response.source && !framing.http_1_0;
  const Digits length{response.body.size()};
  append(out, "HTTP/1.1 ", Digits{response.status}, " ", reason_of(response.status),
         "\r\nServer: mentat-sync\r\nDate: ", date,
         said(!framing.request_id.empty(), "\r\nX-Request-Id: "), framing.request_id,
         said(!response.content_type.empty(), "\r\nContent-Type: "), response.content_type,
         said(is_chunked, "\r\nTransfer-Encoding: chunked"),
         said(has_length, "\r\nContent-Length: "), said(has_length, length.text()), "\r\n",
         response.headers, framing.headers, connection_line(response, framing), "\r\n");
}

}  // namespace

std::string http_date(std::time_t time) {
  // Not strftime: the names must not follow the locale.
  static constexpr std::string_view days = "SunMonTueWedThuFriSat";
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::tm parts{};
  gmtime_r(&time, &parts);
  const auto name = [](std::string_view names, int index) {
    return names.substr(3 * static_cast<std::size_t>(index), 3);
  };
  std::string out;
  out.append(name(days, parts.tm_wday)).append(", ");
  append_two_digits(out, parts.tm_mday);
  out.append(" ").append(name(months, parts.tm_mon)).append(" ");
  append(out, Digits{static_cast<std::uint64_t>(parts.tm_year) + 1900});
  for (const auto& [separator, number] :
       {std::pair{' ', parts.tm_hour}, std::pair{':', parts.tm_min},
        std::pair{':', parts.tm_sec}}) {
    out += separator;
    append_two_digits(out, number);
  }
  return out.append(" GMT");
}

std::string_view DateClock::now() {
  const std::time_t second = std::time(nullptr);
  if (second != second_) {
    second_ = second;
    text_ = http_date(second);
  }
  return text_;
}

void ResponseWriter::append(Response&& response, const Framing& framing, std::string_view date) {
  std::string& out = last_small_piece();
  append_header(out, response, framing, date);
  if (framing.head || !may_have_body(response.status) || response.body.empty()) return;
  append_bytes(std::move(response.body));
}

void ResponseWriter::append_bytes(std::string bytes) {
  if (bytes.size() <= bounds::gathered_copy_bytes) {
    last_small_piece() += bytes;
  } else {
    pieces_.push_back(std::move(bytes));
    last_is_small_ = false;
  }
}

void ResponseWriter::append_piece(std::string bytes, bool chunked) {
  if (bytes.empty()) return;  // an empty chunk would be the last one
  if (chunked) append_hex(last_small_piece(), bytes.size());
  if (chunked) last_small_piece() += "\r\n";
  append_bytes(std::move(bytes));
  if (chunked) last_small_piece() += "\r\n";
}

void ResponseWriter::append_last_chunk() {
  last_small_piece() += "0\r\n\r\n";
}

void ResponseWriter::append_continue() {
  last_small_piece() += "HTTP/1.1 100 Continue\r\n\r\n";
}

std::span<const boost::asio::const_buffer> ResponseWriter::buffers() {
  buffers_.clear();
  for (std::size_t i = first_; i < pieces_.size(); ++i) {
    buffers_.emplace_back(pieces_[i].data(), pieces_[i].size());
  }
  if (!buffers_.empty()) buffers_.front() += offset_;
  return buffers_;
}

void ResponseWriter::consume(std::size_t bytes) {
  offset_ += bytes;
  while (first_ < pieces_.size() && offset_ >= pieces_[first_].size()) {
    offset_ -= pieces_[first_].size();
    ++first_;
  }
  if (!empty()) return;
  // Everything is written: one small buffer is kept for the next answer.
  pieces_.resize(last_is_small_ && pieces_.size() == 1 && pieces_[0].capacity() <= kept_bytes);
  if (!pieces_.empty()) pieces_[0].clear();
  first_ = pieces_.size();
  offset_ = 0;
}

/// Where the next header goes.
std::string& ResponseWriter::last_small_piece() {
  if (empty() && pieces_.size() == 1 && last_is_small_) {
    first_ = 0;  // the kept one
  } else if (pieces_.empty() || !last_is_small_) {
    pieces_.emplace_back();
  }
  last_is_small_ = true;
  return pieces_.back();
}

}  // namespace mentat_sync
