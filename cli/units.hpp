// Units and numbers as people write and read them: "1.2 MiB", "90s", "1 chunk".
//
// Thread-safety: pure functions.
#pragma once

#include "http/client/human_size.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

/// "0 s", "59 s", "12 min", "1 h 30 min", "6 d 23 h": rounded down.
std::string to_human_duration(std::uint64_t ms);

/// "1 chunk", "2 chunks".
std::string count_of(std::uint64_t count, const std::string& what);

/// Digits alone: no sign, no space, nothing behind them, and not more than fits.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// Bytes: digits, and one of B, K, KB, KiB, M, … up to E, in upper or lower case, each 1024 times
/// the one before.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// A whole number and one of ms, s, m, h, d; without a unit it is seconds. Nothing when it is
/// anything else, or longer than a year.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace mentat_sync
