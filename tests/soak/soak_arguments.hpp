// SoakArguments: what the soak is asked for on its command line.
//
// Thread-safety: a value and pure functions. Failures: nothing, for what cannot be used.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace mentat_sync {

inline constexpr const char* soak_usage =
    "usage: soak [MINUTES]     devices at work for so long (60); 0: some seconds, without a\n"
    "                          judgement of memory\n"
    "       soak --kills N     instead: kill the server so many times while devices work\n";

struct SoakArguments {
  bool help = false;
  std::size_t minutes = 60;
  /// Instead of the minutes.
  std::optional<std::size_t> kills;

  static std::optional<SoakArguments> parse(const std::vector<std::string_view>& given);
};

inline std::optional<std::size_t> whole_number(std::string_view text) {
  /// A year of minutes; more is a slip of the pen.
  constexpr std::size_t largest = 525'600;
  std::size_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && stop == text.data() + text.size();
  return whole && number <= largest ? std::optional{number} : std::nullopt;
}

inline std::optional<SoakArguments> SoakArguments::parse(
    const std::vector<std::string_view>& given) {
  SoakArguments arguments;
  if (given.empty()) return arguments;
  if (given.size() == 1 && (given[0] == "-h" || given[0] == "--help")) {
    arguments.help = true;
    return arguments;
  }
  const bool kills = given[0] == "--kills";
  if (given.size() != (kills ? 2U : 1U)) return std::nullopt;
  const auto number = whole_number(given.back());
  if (!number) return std::nullopt;
  if (kills) arguments.kills = *number;
  if (!kills) arguments.minutes = *number;
  return arguments;
}

}  // namespace mentat_sync
