// One character at a time: streams like these are slow by nature.
#include "http/client/event_stream_parser.hpp"

#include "storage/bounds.hpp"

#include <charconv>
#include <cstdint>

namespace mentat_sync {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// A day: a server's number must not keep a client away for good.
constexpr std::int64_t retry_ms_max = 86'400'000;

std::optional<std::chrono::milliseconds> parse_retry(std::string_view digits) {
  std::int64_t number = -1;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || rest != end || number < 0 || number > retry_ms_max) {
    return std::nullopt;
  }
  return std::chrono::milliseconds{number};
}

}  // namespace

Status EventStreamParser::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (stopped_) break;
    const bool second_of_crlf = c == '\n' && std::exchange(after_cr_, false);
    after_cr_ = c == '\r';
    if (second_of_crlf) continue;
    if (c == '\n' || c == '\r') {
      end_line();
    } else {
      line_.push_back(c);
    }
    if (line_.size() + event_.data.size() > bounds::event_line_bytes) {
      return {ErrorCode::invalid, "an event of the server is too long"};
    }
  }
  return {};
}

void EventStreamParser::end_line() {
  std::string_view line = line_;
  if (std::exchange(at_start_, false) && line.starts_with(byte_order_mark)) {
    line.remove_prefix(byte_order_mark.size());
  }
  if (line_.empty()) {
    dispatch();
  } else if (!line.starts_with(':')) {  // a comment, sent to keep the connection alive
    const auto colon = line.find(':');
    auto value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    take_field(line.substr(0, colon), value);
  }
  line_.clear();
}

void EventStreamParser::take_field(std::string_view name, std::string_view value) {
  if (name == "event") event_.type = value;
  if (name == "data") {
    if (has_data_) event_.data.push_back('\n');
    event_.data.append(value);
    has_data_ = true;
  }
  if (name == "id" && value.find('\0') == value.npos) id_ = value;
  if (name == "retry") {
    if (const auto parsed = parse_retry(value)) retry_ = parsed;
  }
}

void EventStreamParser::dispatch() {
  last_id_ = id_;
  if (has_data_) stopped_ = !on_event_(event_);
  event_ = {};
  has_data_ = false;
}

}  // namespace mentat_sync
