// Times as a token file has them: "2026-01-31T12:00:00Z".
//
// Thread-safety: pure functions.
// Source: RFC 3339, of which only whole seconds in UTC are written and read.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

/// Of the years 0 to 9999.
std::string to_timestamp(std::chrono::sys_seconds time);
std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text);

}  // namespace mentat_sync
