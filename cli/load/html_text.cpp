// One character after another, decoded to be checked, and copied.
#include "cli/load/html_text.hpp"

#include <cstddef>
#include <cstdint>

namespace mentat_sync {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// How many bytes the character has that begins so; 0: none begins so.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/// Of a whole character's bytes; 0 when one of them is no continuation.
std::uint32_t code_of(std::string_view bytes) {
  if (bytes.size() == 1) return static_cast<unsigned char>(bytes.front());
  std::uint32_t code = static_cast<unsigned char>(bytes.front()) & (0x7FU >> bytes.size());
  for (const char c : bytes.substr(1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) return 0;
    code = code << 6U | (byte & 0x3FU);
  }
  return code;
}

/// Of XML, and written as short as it can be.
bool is_character(std::uint32_t code, std::size_t length) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  if (length == 1) return code != 0x7F;
  if (length == 3 && code < 0x800) return false;
  if (length == 4 && (code < 0x10000 || code > 0x10FFFF)) return false;
  return code >= 0xA0 && !(code >= 0xD800 && code < 0xE000) && code != 0xFFFE && code != 0xFFFF;
}

/// The character that `text` begins with; empty: none.
std::string_view first_character(std::string_view text) {
  const auto length = length_of(static_cast<unsigned char>(text.front()));
  if (length == 0 || length > text.size()) return {};
  const auto bytes = text.substr(0, length);
  return is_character(code_of(bytes), length) ? bytes : std::string_view{};
}

std::string_view escape_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const auto character = first_character(text);
    const auto escape = escape_of(text.front());
    if (character.empty()) {
      html += replacement;
    } else {
      html += escape.empty() ? character : escape;
    }
    text.remove_prefix(character.empty() ? 1 : character.size());
  }
  return html;
}

}  // namespace mentat_sync
