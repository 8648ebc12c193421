// See request_reader.hpp.
#include "http/request_reader.hpp"

#include "http/ascii_case.hpp"
#include "http/field_list.hpp"
#include "storage/bounds.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;

constexpr std::string_view version_prefix = " HTTP/";

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

bool may_start_a_request(char c) {
  return c > ' ' && c < '\x7f';
}

}  // namespace

RequestReader::RequestReader(std::uint32_t header_bytes) : header_bytes_(header_bytes) {
  header_limit(header_bytes);
  body_limit(boost::none);  // the parser sees no bodies, and would refuse long ones by its own
}

std::size_t RequestReader::feed(std::string_view bytes) {
  if (state_ == State::header) return feed_header(bytes);
  if (state_ == State::body) return chunks_ ? feed_chunks(bytes) : feed_body(bytes);
  return 0;
}

bool RequestReader::expects_continue() const {
  return request_.version() == 11 &&
         equal_ignoring_case(lines_of(request_, beast_http::field::expect).value, "100-continue");
}

void RequestReader::accept_body(std::uint64_t limit_bytes, std::shared_ptr<BodySink> sink) {
  request_.sink = std::move(sink);
  if (is_done()) {
    state_ = State::complete;
    return;
  }
  state_ = State::body;
  if (chunked()) {
    chunks_ = std::make_unique<ChunkedBody>(limit_bytes, header_bytes_);
    return;
  }
  body_left_ = *content_length();
  if (body_left_ > limit_bytes) {
    state_ = State::too_large;
  } else if (!request_.sink) {
    request_.body().reserve(std::min(body_left_, bounds::body_reserve_bytes));
  }
}

std::size_t RequestReader::feed_header(std::string_view bytes) {
  if (bytes.empty()) return 0;
  // RFC 9112 section 2.2: some clients send an empty line after a body.
  if (!blank_line_skipped_ && bytes.front() == '\r') {
    if (bytes.size() == 1) return 0;
    blank_line_skipped_ = true;
    if (bytes[1] == '\n') return 2;
  }
  if (!may_start_a_request(bytes.front())) {
    fail(400, "The request does not start with a method. Is this meant to be plain HTTP?");
    return 0;
  }
  const std::size_t end = find_header_end(bytes);
  if (end == 0) return 0;
  Error error;
  put(asio::const_buffer{bytes.data(), end}, error);
  if (error) {
    fail(400, "The request's header is not valid HTTP: " + error.message() + ".");
  } else {
    state_ = State::admitting;
    check_framing();
  }
  return end;
}

/// Where the header ends, or 0 when that is not known yet, or it is malformed.
std::size_t RequestReader::find_header_end(std::string_view bytes) {
  while (state_ == State::header) {
    const std::size_t newline = bytes.find('\n', scanned_);
    const bool found = newline != std::string_view::npos;
    scanned_ = found ? newline + 1 : bytes.size();
    if (scanned_ > header_bytes_ || (!found && scanned_ == header_bytes_)) {
      fail(431, "The request's header is longer than " + std::to_string(header_bytes_) + " bytes.");
      return 0;
    }
    if (!found) return 0;
    const std::string_view line = bytes.substr(line_start_, newline - line_start_);
    if (!check_line(line)) return 0;
    line_start_ = scanned_;
    if (line == "\r") return scanned_;
  }
  return 0;
}

/// `line` is without its LF.
bool RequestReader::check_line(std::string_view line) {
  if (!line.ends_with('\r')) {
    fail(400, "A line of the header ends in LF alone; CRLF is needed.");
    return false;
  }
  line.remove_suffix(1);
  if (line_start_ == 0) return check_request_line(line);
  if (line.starts_with(' ') || line.starts_with('\t')) {
    fail(400, "A header is folded over several lines.");
    return false;
  }
  return true;
}

bool RequestReader::check_request_line(std::string_view line) {
  constexpr std::size_t suffix_chars = version_prefix.size() + 3;
  const auto suffix = line.size() < suffix_chars ? "" : line.substr(line.size() - suffix_chars);
  const auto version = suffix.empty() ? "" : suffix.substr(version_prefix.size());
  if (!suffix.starts_with(version_prefix) || !is_ascii_digit(version[0]) || version[1] != '.' ||
      !is_ascii_digit(version[2])) {
    fail(400, "The first line is not a method, a target and an HTTP version.");
    return false;
  }
  if (version != "1.1" && version != "1.0") {
    fail(505, "This server speaks HTTP/1.1 and HTTP/1.0.");
    return false;
  }
  return true;
}

/// Beast refuses a Content-Length beside chunked, and lengths that differ. It takes any other
/// transfer coding for no body at all, which would make the body the next request.
void RequestReader::check_framing() {
  const auto [lines, coding] = lines_of(request_, beast_http::field::transfer_encoding);
  if (lines == 0) return;
  if (request_.version() == 10) {
    fail(400, "HTTP/1.0 has no Transfer-Encoding; send a Content-Length.");
  } else if (lines != 1 || !equal_ignoring_case(coding, "chunked")) {
    fail(501, "The only transfer coding that this server takes is chunked.");
  }
}

std::size_t RequestReader::feed_body(std::string_view bytes) {
  const auto content = bytes.substr(0, std::min<std::uint64_t>(body_left_, bytes.size()));
  take_content(content);
  body_left_ -= content.size();
  if (body_left_ == 0) state_ = State::complete;
  return content.size();
}

std::size_t RequestReader::feed_chunks(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && chunks_->state() == ChunkedBody::State::reading) {
    const auto step = chunks_->feed(bytes.substr(used));
    take_content(step.content);
    used += step.used;
  }
  switch (chunks_->state()) {
    case ChunkedBody::State::reading:
      break;
    case ChunkedBody::State::complete:
      state_ = State::complete;
      break;
    case ChunkedBody::State::too_large:
      state_ = State::too_large;
      break;
    case ChunkedBody::State::too_long:
      fail(431, "The extensions of the body's chunks, and its trailers, are longer than " +
                    std::to_string(header_bytes_) + " bytes.");
      break;
    case ChunkedBody::State::malformed:
      fail(400, "The request's body is not valid HTTP: " + std::string(chunks_->complaint()) + ".");
      break;
  }
  return used;
}

void RequestReader::take_content(std::string_view content) {
  body_bytes_ += content.size();
  if (request_.sink) {
    request_.sink->take(content);
  } else {
    request_.body().append(content);
  }
}

void RequestReader::fail(unsigned status, std::string detail) {
  state_ = State::malformed;
  fault_ = {status, std::move(detail)};
}

void RequestReader::on_request_impl(beast_http::verb method, View name, View target, int version,
                                    Error&) {
  if (method == beast_http::verb::unknown) {
    request_.method_string(name);
  } else {
    request_.method(method);
  }
  request_.target(target);
  request_.version(static_cast<unsigned>(version));
}

void RequestReader::on_field_impl(beast_http::field field, View name, View value, Error&) {
  request_.insert(field, name, value);
}

}  // namespace mentat_sync
