// Comparing text as HTTP does, where the case of ASCII letters says nothing.
//
// Thread-safety: stateless. Source: RFC 9110, 5.6.2 and 8.3.1.
// Not Beast's iequals: that of 1.81 reads a byte behind the end when the last characters differ, or
// differ in their case.
#pragma once

#include <algorithm>
#include <string_view>

namespace mentat_sync {

inline char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char one, char other) { return ascii_lower(one) == ascii_lower(other); });
}

}  // namespace mentat_sync
