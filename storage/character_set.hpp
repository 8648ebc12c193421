// CharacterSet: which characters a text may have, or may not, by a table and without branches: each
// request has such texts.
//
// Thread-safety: immutable.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mentat_sync {

class CharacterSet {
 public:
  constexpr explicit CharacterSet(std::string_view characters) {
    for (const char c : characters) held_[static_cast<unsigned char>(c)] = 1;
  }

  bool holds_all_of(std::string_view text) const {
    std::uint8_t all = 1;
    for (const char c : text) all &= held_[static_cast<unsigned char>(c)];
    return all != 0;
  }

  bool holds_none_of(std::string_view text) const {
    std::uint8_t any = 0;
    for (const char c : text) any |= held_[static_cast<unsigned char>(c)];
    return any == 0;
  }

 private:
  std::array<std::uint8_t, 256> held_{};
};

}  // namespace mentat_sync
