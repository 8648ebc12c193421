// See response_writer.hpp.
#include "http/response_writer.hpp"

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

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

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

void append_status_line(std::string& out, unsigned status) {
  out += "HTTP/1.1 ";
  append_number(out, status);
  out += ' ';
  const auto reason = beast_http::obsolete_reason(beast_http::int_to_status(status));
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

void append_header(std::string& out, const Response& response, const Framing& framing,
                   std::string_view date) {
  append_status_line(out, response.status);
  out += "Server: mentat-sync\r\nDate: ";
  out += date;
  if (!framing.request_id.empty()) {
    out += "\r\nX-Request-Id: ";
    out += framing.request_id;
  }
  if (!response.content_type.empty()) {
    out += "\r\nContent-Type: ";
    out += response.content_type;
  }
  if (response.source) {
    if (!framing.http_1_0) out += "\r\nTransfer-Encoding: chunked";
  } else if (may_have_body(response.status)) {
    out += "\r\nContent-Length: ";
    append_number(out, response.body.size());
  }
  out += "\r\n";
  assert(response.headers.empty() || response.headers.ends_with("\r\n"));
  out += response.headers;
  out += framing.headers;
  if (!framing.keep_alive || response.close) {
    out += "Connection: close\r\n";
  } else if (framing.http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
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
  append_number(out, static_cast<std::size_t>(parts.tm_year + 1900));
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

void ResponseWriter::append(Response response, const Framing& framing, std::string_view date) {
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
