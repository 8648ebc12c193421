// By what such things begin with, as they are and after base64 or hexadecimal digits are undone.
#include "http/auth/public_material.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mentat_sync {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr unsigned char sequence_tag = 0x30;

std::string_view without_blanks_around(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::size_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// DER of a key or a certificate is one SEQUENCE. A long one counts though it is cut off: its first
/// two bytes alone say enough. A short one must end where the bytes do, but for the end of a line.
bool is_der(std::string_view bytes) {
  if (bytes.size() < 2 || byte_at(bytes, 0) != sequence_tag) return false;
  const std::size_t length = byte_at(bytes, 1);
  if (length == 0x81 || length == 0x82) return true;
  if (length >= 0x80 || length + 2 > bytes.size()) return false;
  return bytes.find_first_not_of(blanks, length + 2) == bytes.npos;
}

/// The kind of key, with four bytes for its length in front.
bool is_ssh_blob(std::string_view bytes) {
  constexpr std::size_t length_bytes = 4;
  constexpr std::array<std::string_view, 3> kinds{"ssh-", "ecdsa-", "sk-"};
  if (bytes.size() <= length_bytes || byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0) {
    return false;
  }
  const auto kind = bytes.substr(length_bytes);
  return std::any_of(kinds.begin(), kinds.end(),
                     [kind](std::string_view start) { return kind.starts_with(start); });
}

/// The line "BEGIN …" or "END …" of an armour, whatever the number of its dashes.
bool has_armour(std::string_view text) {
  for (const std::string_view word : {"BEGIN", "END"}) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
      const auto before = text.substr(0, at).find_last_not_of(blanks);
      if (before != text.npos && text[before] == '-') return true;
    }
  }
  return false;
}

/// In ASCII, as nearly no random bytes are.
bool is_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= ' ' && c <= '~') || blanks.find(c) != blanks.npos;
  });
}

/// Or the beginning of it.
bool is_json(std::string_view text) {
  if (text[0] != '{' && text[0] != '[') return false;
  return is_text(text) || text.find("\"k") != text.npos;  // "keys", "kty"
}

/// As other systems write text: then nothing below would recognize it.
bool is_utf16(std::string_view text) {
  return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

bool is_ssh_line(std::string_view text) {
  for (const std::string_view kind : {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"}) {
    if (text.starts_with(kind) || text.find(" " + std::string{kind}) != text.npos) return true;
  }
  return text.starts_with("PuTTY-User-Key-File");
}

/// 0 to 63 in either alphabet (RFC 4648, sections 4 and 5); -1 for what is in none.
int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// What the digits say, of `bits_each`; lines and `skipped` do not matter. Empty when there is
/// anything else.
template <class ValueOf>
std::string undone(std::string_view text, int bits_each, std::string_view skipped,
                   ValueOf value_of) {
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (blanks.find(c) != blanks.npos || skipped.find(c) != skipped.npos) continue;
    const int value = value_of(c);
    if (value < 0) return {};
    bits = (bits << bits_each) | static_cast<std::uint32_t>(value);
    held += bits_each;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xFF);
  }
  return bytes;
}

bool is_key(std::string_view bytes) {
  return is_der(bytes) || is_ssh_blob(bytes);
}

}  // namespace

std::optional<std::string_view> public_material_in(std::string_view whole) {
  if (is_utf16(whole)) return "a text in UTF-16";
  if (whole.starts_with("\xef\xbb\xbf")) whole.remove_prefix(3);
  const auto text = without_blanks_around(whole);
  if (text.empty()) return std::nullopt;
  if (has_armour(text)) return "PEM, or a part of it";
  if (is_json(text)) return "JSON, such as a JWKS";
  if (text[0] == '<' && is_text(text)) return "XML";
  if (is_ssh_line(text)) return "a key of SSH";
  if (is_key(whole) || is_key(text)) return "a key or certificate in DER";
  if (is_key(undone(text, 6, "=\"'", base64_value))) return "a key or certificate in base64";
  if (is_key(undone(text, 4, ":", hex_value))) return "a key or certificate in hexadecimal digits";
  return std::nullopt;
}

}  // namespace mentat_sync
