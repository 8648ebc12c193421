// Parses an event stream as the standard says, for lines that end in LF alone.
#include "support/event_watcher.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace mentat_sync {

using Clock = std::chrono::steady_clock;

std::string ServerSentEvent::head() const {
  return nlohmann::json::parse(data, nullptr, false).value("head", "");
}

std::uint64_t ServerSentEvent::seq() const {
  return nlohmann::json::parse(data, nullptr, false).value("seq", std::uint64_t{0});
}

namespace {

HttpRequest watching(std::string_view user, std::string_view last_event_id) {
  HttpRequest request{.target = "/0.1/" + std::string{user} + "/events"};
  if (!last_event_id.empty()) request.headers.emplace_back("Last-Event-ID", last_event_id);
  return request;
}

}  // namespace

EventWatcher::EventWatcher(std::uint16_t port, std::string_view user,
                           std::string_view last_event_id)
    : stream_(port, watching(user, last_event_id)) {}

std::optional<ServerSentEvent> EventWatcher::next(std::chrono::milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  for (;;) {
    for (auto end = text_.find("\n\n"); end != std::string::npos; end = text_.find("\n\n")) {
      const std::string block = text_.substr(0, end + 1);
      text_.erase(0, end + 2);
      if (auto event = parse_block(block)) return event;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) return {};
    const auto bytes = stream_.read(left);
    if (!bytes) return {};
    text_ += *bytes;
  }
}

bool EventWatcher::hears_of(std::string_view head, std::chrono::milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    const auto event = next(left);
    if (!event) return false;
    if (event->head() == head) return true;
  }
}

std::optional<ServerSentEvent> EventWatcher::parse_block(const std::string& block) {
  ServerSentEvent event;
  bool has_data = false;
  std::istringstream lines{block};
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    const std::string field = line.substr(0, colon);
    std::string value = colon == std::string::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.erase(0, 1);
    if (field == "id") event.id = value;
    if (field == "event") event.type = value;
    if (field == "retry") retry_ = value;
    if (field != "data") continue;
    event.data += (has_data ? "\n" : "") + value;
    has_data = true;
  }
  if (!has_data) return {};
  return event;
}

}  // namespace mentat_sync
