// Header fields: the lines of one name, and values that are lists: put together, and their members
// taken off.
//
// Beast finds a line by comparing names as text, down a tree. A request has a handful of lines,
// most fields that are asked for are not among them, and each line knows its field as a number:
// going through them all is ten times as fast.
//
// Thread-safety: pure functions. Lifetime: views into what they are given.
// Source: RFC 9110 section 5.3 (several lines are one list), 5.6.1 (lists), 5.6.3 (white space).
#pragma once

#include "http/ascii_case.hpp"
#include "http/message.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

using HeaderLine = RequestHeader::value_type;

inline bool is_named(const HeaderLine& line, beast_http::field name) {
  return line.name() == name;
}
/// For a field that Beast has no number for.
inline bool is_named(const HeaderLine& line, std::string_view name) {
  return equal_ignoring_case(line.name_string(), name);
}

/// The lines of one name: how many there are, and the value of the first, if any.
struct FoundLines {
  std::size_t count = 0;
  std::string_view value = {};
};

/// `name` is a field or, where it has none, its name.
template <class Name>
FoundLines lines_of(const RequestHeader& header, Name name) {
  FoundLines found;
  for (const HeaderLine& line : header) {
    if (is_named(line, name) && found.count++ == 0) found.value = line.value();
  }
  return found;
}

inline bool has_line(const RequestHeader& header, beast_http::field name) {
  return lines_of(header, name).count > 0;
}

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

/// The lines of a field, put together. Nothing when there is no such line. `name` is as above.
template <class Name>
std::optional<std::string> combined(const RequestHeader& header, Name name) {
  std::optional<std::string> all;
  for (const HeaderLine& line : header) {
    if (!is_named(line, name)) continue;
    if (all) all->append(", ");
    if (!all) all.emplace();
    all->append(line.value());
  }
  return all;
}

}  // namespace mentat_sync
