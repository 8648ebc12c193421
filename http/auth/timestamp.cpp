// Digits at fixed places.
#include "http/auth/timestamp.hpp"

#include <charconv>
#include <cstdio>

namespace mentat_sync {
namespace {

constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";

bool has_shape(std::string_view text) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !is_digit : text[i] != shape[i]) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t start, std::size_t digits) {
  int number = 0;
  std::from_chars(text.data() + start, text.data() + start + digits, number);
  return number;
}

}  // namespace

std::string to_timestamp(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()},
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text) {
  if (!has_shape(text)) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{number_at(text, 0, 4)},
      std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
      std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  const std::chrono::hours hours{number_at(text, 11, 2)};
  const std::chrono::minutes minutes{number_at(text, 14, 2)};
  const std::chrono::seconds seconds{number_at(text, 17, 2)};
  if (!date.ok() || hours.count() > 23 || minutes.count() > 59 || seconds.count() > 59) {
    return std::nullopt;
  }
  return std::chrono::sys_days{date} + hours + minutes + seconds;
}

}  // namespace mentat_sync
