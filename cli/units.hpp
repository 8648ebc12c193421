// Units as people write and read them: "1.2 MiB", "90s".
//
// Thread-safety: pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

/// "0 B", "512 B", "1.5 KiB", "12.0 GiB".
std::string to_human_size(std::uint64_t bytes);

/// "0 s", "59 s", "12 min", "1 h 30 min", "6 d 23 h": rounded down.
std::string to_human_duration(std::uint64_t ms);

/// A whole number and one of ms, s, m, h; without a unit it is seconds. Nothing when it is anything
/// else, or longer than a year.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace mentat_sync
