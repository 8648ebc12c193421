// Checks of what options are given: each says in a sentence what it would take.
//
// CLI11's own take "-1" for a number of 20 digits, and "010" for 8.
//
// Thread-safety: pure functions.
// Failures: a value that cannot be used is CLI11's ValidationError, a usage error.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <limits>

namespace mentat_sync {

/// What CLI11 could count with, and more than any count here can come to.
inline constexpr std::uint64_t count_max = std::numeric_limits<std::int64_t>::max();

/// A whole number from `min` to `max`; count_max: as many as you like.
CLI::Validator is_count(std::uint64_t min, std::uint64_t max);

/// For CLI::Option::transform: "64MiB" becomes its bytes, which are from `min` to `max`.
CLI::Validator to_bytes(std::uint64_t min, std::uint64_t max);

}  // namespace mentat_sync
