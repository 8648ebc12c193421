// spdlog writes the time and the level, and keeps lines whole; the rest of the line is made here.
#include "cli/log.hpp"

#include "http/request_id.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <ostream>
#include <unistd.h>

namespace mentat_sync {
namespace {

using Json = nlohmann::ordered_json;
using Fields = std::vector<LogField>;

constexpr auto text_pattern = "%Y-%m-%d %H:%M:%S.%e %-7l %v";
constexpr auto json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)";

/// Bytes that are not UTF-8 are replaced: a line that no parser takes helps nobody.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The object without its opening brace, which stands in the pattern.
std::string json_rest(std::string_view event, const Fields& fields) {
  Json line;
  line["event"] = event;
  for (const LogField& field : fields) line.emplace(field.name, field.value);
  return dump(line).substr(1);
}

bool is_plain(const std::string& value) {
  constexpr auto is_plain_char = [](unsigned char c) {
    return std::isgraph(c) != 0 && c != '"' && c != '\\';
  };
  return !value.empty() && std::all_of(value.begin(), value.end(), is_plain_char);
}

/// A value that would blur the line (spaces, line ends, control sequences) is quoted.
std::string text_rest(std::string_view event, const Fields& fields) {
  std::string line{event};
  for (const LogField& field : fields) {
    line.append("  ").append(field.name).append("=");
    line.append(is_plain(field.value) ? field.value : dump(field.value));
  }
  return line;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

bool wants_json(LogFormat format) {
  if (format == LogFormat::automatic) return ::isatty(STDERR_FILENO) == 0;
  return format == LogFormat::json;
}

}  // namespace

Log make_log(LogLevel threshold, LogFormat format, std::ostream& stream) {
  const bool json = wants_json(format);
  constexpr bool flush_each_line = true;
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(stream, flush_each_line);
  auto logger = std::make_shared<spdlog::logger>("mentat-sync", std::move(sink));
  logger->set_level(to_spdlog(threshold));
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      json ? json_pattern : text_pattern,
      json ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local));
  return [logger, json](LogLevel level, std::string_view event, const Fields& fields) {
    if (!logger->should_log(to_spdlog(level))) return;
    logger->log(to_spdlog(level), json ? json_rest(event, fields) : text_rest(event, fields));
  };
}

Log with_request_id(Log log) {
  return [log = std::move(log)](LogLevel level, std::string_view event, const Fields& fields) {
    const std::string_view id = current_request_id();
    if (id.empty()) return log(level, event, fields);
    Fields more = fields;
    more.push_back({"request", std::string{id}});
    log(level, event, more);
  };
}

}  // namespace mentat_sync
