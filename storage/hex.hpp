// Bytes as hexadecimal digits, in lower case, by a table: ids are written so in each answer.
//
// Thread-safety: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mentat_sync {

/// The two digits of each byte, one pair after the other.
inline constexpr std::array<char, 512> hex_pairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = digits[byte >> 4];
    pairs[2 * byte + 1] = digits[byte & 15];
  }
  return pairs;
}();

/// Writes the two digits of `byte` to `out` and the character behind it.
inline void write_hex(char* out, std::uint8_t byte) {
  std::memcpy(out, hex_pairs.data() + 2 * std::size_t{byte}, 2);
}

inline void append_hex(std::string& out, std::string_view bytes) {
  const std::size_t before = out.size();
  out.resize(before + 2 * bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    write_hex(out.data() + before + 2 * i, static_cast<std::uint8_t>(bytes[i]));
  }
}

}  // namespace mentat_sync
