// See chunked_body.hpp.
#include "http/chunked_body.hpp"

#include "http/ascii_case.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mentat_sync {
namespace {

/// As many as a number of 64 bits has.
constexpr int size_digits = 16;

/// Fields that say where a message ends and what becomes of its connection: the header has decided
/// that (RFC 9110, section 6.5.1).
constexpr std::array<std::string_view, 3> framing_fields{"content-length", "transfer-encoding",
                                                         "connection"};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// White space or what can be seen, of whatever encoding.
bool is_text(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

bool is_token_char(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  const char lower = ascii_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
         marks.find(c) != std::string_view::npos;
}

bool is_hex_digit(char c) {
  const char lower = ascii_lower(c);
  return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
}

unsigned hex_value(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : ascii_lower(digit) - 'a' + 10);
}

bool frames_the_message(std::string_view field) {
  return std::any_of(framing_fields.begin(), framing_fields.end(),
                     [&](auto name) { return equal_ignoring_case(name, field); });
}

}  // namespace

ChunkedBody::Step ChunkedBody::feed(std::string_view bytes) {
  Step step;
  while (step.used < bytes.size() && state_ == State::reading) {
    if (place_ == Place::content) {
      step.content = take_content(bytes.substr(step.used));
      step.used += step.content.size();
      return step;
    }
    take(bytes[step.used++]);
  }
  return step;
}

std::string_view ChunkedBody::take_content(std::string_view bytes) {
  const auto content = bytes.substr(0, std::min<std::uint64_t>(chunk_left_, bytes.size()));
  chunk_left_ -= content.size();
  if (chunk_left_ == 0) place_ = Place::content_cr;
  return content;
}

void ChunkedBody::take(char c) {
  const Place from = std::exchange(place_, after(place_, c));
  if (place_ == Place::nowhere) return refuse(complaint_at(from));
  if (in_extension(place_) || in_trailers(place_)) drop_byte();
  if (place_ == Place::size) take_size_digit(c);
  if (place_ == Place::trailer_name) trailer_name_.push_back(c);
  if (from == Place::trailer_name && place_ == Place::trailer_value) check_trailer();
  if (from == Place::size_lf) begin_chunk();
  if (place_ == Place::end) state_ = State::complete;
}

void ChunkedBody::take_size_digit(char c) {
  if (digits_ == size_digits) return refuse(complaint_at(Place::size));
  ++digits_;
  chunk_left_ = chunk_left_ * 16 + hex_value(c);
}

void ChunkedBody::drop_byte() {
  if (dropped_left_ == 0) {
    state_ = State::too_long;
  } else {
    --dropped_left_;
  }
}

void ChunkedBody::begin_chunk() {
  digits_ = 0;
  if (chunk_left_ == 0) {
    place_ = Place::trailer_begin;
  } else if (chunk_left_ > content_left_) {
    state_ = State::too_large;
  } else {
    content_left_ -= chunk_left_;
  }
}

void ChunkedBody::check_trailer() {
  if (frames_the_message(trailer_name_)) {
    refuse("a trailer that says where a message or its connection ends");
  }
  trailer_name_.clear();
}

void ChunkedBody::refuse(std::string_view complaint) {
  state_ = State::malformed;
  complaint_ = complaint;
}

/// `nowhere` when the grammar does not have `c` there.
ChunkedBody::Place ChunkedBody::after(Place place, char c) {
  const auto followed_by = [c](char wanted, Place next) {
    return c == wanted ? next : Place::nowhere;
  };
  switch (place) {
    case Place::size_begin:
      return is_hex_digit(c) ? Place::size : Place::nowhere;
    case Place::size:
      return is_hex_digit(c) ? place : after_part(c);
    case Place::size_lf:
      return followed_by('\n', Place::content);
    case Place::content_cr:
      return followed_by('\r', Place::content_lf);
    case Place::content_lf:
      return followed_by('\n', Place::size_begin);
    case Place::trailer_lf:
      return followed_by('\n', Place::trailer_begin);
    case Place::last_lf:
      return followed_by('\n', Place::end);
    default:
      return in_extension(place) ? after_in_extension(place, c) : after_in_trailer(place, c);
  }
}

ChunkedBody::Place ChunkedBody::after_in_extension(Place place, char c) {
  switch (place) {
    case Place::before_semicolon:
      if (is_blank(c)) return place;
      return c == ';' ? Place::before_name : Place::nowhere;
    case Place::before_name:
      if (is_blank(c)) return place;
      return is_token_char(c) ? Place::name : Place::nowhere;
    case Place::name:
      if (is_token_char(c)) return place;
      if (is_blank(c)) return Place::before_equals;
      return c == '=' ? Place::before_value : after_part(c);
    case Place::before_equals:
      if (is_blank(c)) return place;
      if (c == '=') return Place::before_value;
      return c == ';' ? Place::before_name : Place::nowhere;
    case Place::before_value:
      if (is_blank(c)) return place;
      if (c == '"') return Place::quoted;
      return is_token_char(c) ? Place::value : Place::nowhere;
    case Place::value:
      return is_token_char(c) ? place : after_part(c);
    case Place::quoted:
      if (c == '"') return Place::after_quoted;
      if (c == '\\') return Place::escaped;
      return is_text(c) ? place : Place::nowhere;
    case Place::escaped:
      return is_text(c) ? Place::quoted : Place::nowhere;
    default:
      return after_part(c);
  }
}

/// After the size, or an extension that may end here.
ChunkedBody::Place ChunkedBody::after_part(char c) {
  if (c == '\r') return Place::size_lf;
  return after_in_extension(Place::before_semicolon, c);
}

ChunkedBody::Place ChunkedBody::after_in_trailer(Place place, char c) {
  switch (place) {
    case Place::trailer_begin:
      if (c == '\r') return Place::last_lf;
      return is_token_char(c) ? Place::trailer_name : Place::nowhere;
    case Place::trailer_name:
      if (c == ':') return Place::trailer_value;
      return is_token_char(c) ? place : Place::nowhere;
    default:
      if (c == '\r') return Place::trailer_lf;
      return is_text(c) ? place : Place::nowhere;
  }
}

std::string_view ChunkedBody::complaint_at(Place place) {
  if (place <= Place::size_lf) {
    return "a chunk's size is 1 to 16 hexadecimal digits, and an extension or CRLF behind them";
  }
  if (place < Place::last_lf) return "a chunk ends with CRLF, where its size says";
  if (in_extension(place)) {
    return "a chunk's extension is a semicolon, a name and perhaps = and a value, up to CRLF";
  }
  return "a trailer is a name, a colon, a value and CRLF, and not folded";
}

}  // namespace mentat_sync
