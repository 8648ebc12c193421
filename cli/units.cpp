// Durations for people, numbers from people.
#include "cli/units.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <locale>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;

/// Longer than this is a slip of the pen, and near what arithmetic on clocks can bear.
constexpr milliseconds longest_duration = std::chrono::hours{24 * 365};

std::optional<milliseconds> unit_of(std::string_view name) {
  if (name == "ms") return milliseconds{1};
  if (name.empty() || name == "s") return std::chrono::seconds{1};
  if (name == "m") return std::chrono::minutes{1};
  if (name == "h") return std::chrono::hours{1};
  if (name == "d") return std::chrono::hours{24};
  return std::nullopt;
}

/// By how many bits a size's unit ("", "b", "k", "kb", "KiB", "m", …) moves its number.
std::optional<unsigned> shift_of(std::string_view unit) {
  std::string lower{unit};
  for (char& c : lower) c = std::tolower(c, std::locale::classic());
  if (lower.empty() || lower == "b") return 0;
  constexpr std::string_view letters = "kmgtpe";
  const auto power = letters.find(lower.front());
  const auto rest = lower.substr(1);
  const bool is_unit = rest.empty() || rest == "b" || rest == "i" || rest == "ib";
  if (power == letters.npos || !is_unit) return std::nullopt;
  return 10 * (static_cast<unsigned>(power) + 1);
}

}  // namespace

std::string count_of(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

std::string to_human_duration(std::uint64_t ms) {
  const auto in = [](std::uint64_t count, const char* unit) {
    return std::to_string(count) + ' ' + unit;
  };
  const auto both = [&](std::uint64_t count, const char* unit, std::uint64_t rest,
                        const char* rest_unit) {
    return in(count, unit) + (rest == 0 ? "" : ' ' + in(rest, rest_unit));
  };
  const std::uint64_t minutes = ms / 60'000;
  if (minutes == 0) return in(ms / 1000, "s");
  if (minutes < 60) return in(minutes, "min");
  if (minutes < 24 * 60) return both(minutes / 60, "h", minutes % 60, "min");
  return both(minutes / (24 * 60), "d", minutes / 60 % 24, "h");
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  std::uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (text.empty() || error != std::errc{}) return std::nullopt;
  const auto unit = unit_of({stop, static_cast<std::size_t>(end - stop)});
  if (!unit || count > static_cast<std::uint64_t>(longest_duration / *unit)) return std::nullopt;
  return *unit * count;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return count;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_count(text.substr(0, digits));
  text.remove_prefix(digits);
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto shift = shift_of(text);
  if (!count || !shift) return std::nullopt;
  if (*count > std::numeric_limits<std::uint64_t>::max() >> *shift) return std::nullopt;
  return *count << *shift;
}

}  // namespace mentat_sync
