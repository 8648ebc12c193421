// See access_log_line.hpp.
#include "cli/access_log_line.hpp"

#include "cli/secret_blanking.hpp"
#include "http/route_names.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <ctime>
#include <string_view>

namespace mentat_sync {
namespace {

constexpr std::size_t time_chars = 32;

/// In UTC, so that lines are in order through the year.
std::string time_text(WallClock::time_point time, const char* format) {
  const std::time_t seconds = WallClock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::string text(time_chars, '\0');
  text.resize(std::strftime(text.data(), text.size(), format, &parts));
  return text;
}

long milliseconds_of(WallClock::time_point time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count() % 1000;
}

std::string quoted(std::string_view text) {
  constexpr bool escape_all_but_ascii = true;
  return nlohmann::json(text).dump(-1, ' ', escape_all_but_ascii,
                                   nlohmann::json::error_handler_t::replace);
}

std::string quoted_or_null(std::string_view text) {
  return text.empty() ? "null" : quoted(text);
}

std::string user_of(const ObservedRequest& request) {
  return request.user.uuid.is_nil() ? std::string{} : request.user.to_string();
}

/// As Apache: what would blur a quoted field, or a terminal, is escaped.
std::string apache_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      escaped.append({'\\', c});
    } else if (c < ' ' || c > '~') {
      escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      escaped += c;
    }
  }
  return escaped.empty() ? "-" : escaped;
}

}  // namespace

std::string json_line(const ObservedRequest& request, WallClock::time_point time) {
  const double took_ms = std::chrono::duration<double, std::milli>(request.took).count();
  return fmt::format(
      R"({{"time":"{}.{:03}Z","request":{},"client":"{}","method":{},"path":{},"route":{},)"
      R"("user":{},"status":{},"request_bytes":{},"response_bytes":{},"duration_ms":{:.3f},)"
      R"("user_agent":{},"aborted":{}}})",
      time_text(time, "%Y-%m-%dT%H:%M:%S"), milliseconds_of(time), quoted(request.request_id),
      request.client.to_string(), quoted_or_null(request.method),
      quoted_or_null(without_secrets(request.target)),
      request.action ? quoted(route_name(*request.action)) : "null",
      quoted_or_null(user_of(request)), request.status, request.request_bytes,
      request.response_bytes, took_ms, quoted_or_null(without_secrets(request.user_agent)),
      request.aborted);
}

std::string combined_line(const ObservedRequest& request, WallClock::time_point time) {
  const std::string user = user_of(request);
  const std::string bytes =
      request.response_bytes == 0 ? "-" : std::to_string(request.response_bytes);
  const std::string first_line = request.method.empty()
                                     ? "-"
                                     : fmt::format("{} {} HTTP/1.1", apache_escaped(request.method),
                                                   apache_escaped(without_secrets(request.target)));
  return fmt::format(R"({} - {} [{}] "{}" {} {} "-" "{}" "{}")", request.client.to_string(),
                     user.empty() ? "-" : user, time_text(time, "%d/%b/%Y:%H:%M:%S +0000"),
                     first_line, request.status, bytes,
                     apache_escaped(without_secrets(request.user_agent)),
                     apache_escaped(request.request_id));
}

}  // namespace mentat_sync
