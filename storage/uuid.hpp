// Uuid: 16 bytes, and its one text form.
//
// Thread-safety: a value type.
// Source: RFC 9562, section 4 (8-4-4-4-12 hexadecimal digits, read case-insensitively, written in
// lower case). Versions and variants are not looked at: to this system a uuid is opaque.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

struct Uuid {
  static constexpr std::size_t text_chars = 36;

  std::array<std::uint8_t, 16> bytes{};

  /// Nothing when `text` is not exactly the 36 characters of a uuid.
  static std::optional<Uuid> parse(std::string_view text);

  std::array<char, text_chars> text() const;
  /// Appends the 36 characters.
  void append_to(std::string& out) const;
  std::string to_string() const;

  bool is_nil() const { return *this == Uuid{}; }

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

}  // namespace mentat_sync

template <>
struct std::hash<mentat_sync::Uuid> {
  std::size_t operator()(const mentat_sync::Uuid& uuid) const noexcept;
};
