// Header fields whose value is a list: the lines put together, and the members taken off it.
//
// Thread-safety: pure functions. Lifetime: views into what they are given.
// Source: RFC 9110 section 5.3 (several lines are one list), 5.6.1 (lists), 5.6.3 (white space).
#pragma once

#include "http/message.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

/// Without the spaces and tabs around it.
inline std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts the text before `separator` off the front.
inline std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view front = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(front);
}

/// The lines of a field, put together. Nothing when there is no such line. `name` is a field or its
/// name.
template <class Name>
std::optional<std::string> combined(const RequestHeader& header, Name name) {
  std::optional<std::string> all;
  const auto [first, last] = header.equal_range(name);
  for (auto line = first; line != last; ++line) {
    if (all) all->append(", ");
    if (!all) all.emplace();
    all->append(line->value());
  }
  return all;
}

}  // namespace mentat_sync
