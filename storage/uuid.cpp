// Reading and writing the text form of a uuid, without allocation and without locale.
#include "storage/uuid.hpp"

#include <cstring>

namespace mentat_sync {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool is_hyphen_position(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != text_chars) return std::nullopt;
  Uuid uuid;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < text_chars;) {
    if (is_hyphen_position(i)) {
      if (text[i] != '-') return std::nullopt;
      ++i;
      continue;
    }
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    uuid.bytes[byte++] = static_cast<std::uint8_t>(high << 4 | low);
    i += 2;
  }
  return uuid;
}

void Uuid::append_to(std::string& out) const {
  std::array<char, text_chars> text;
  std::size_t at = 0;
  for (const std::uint8_t byte : bytes) {
    if (is_hyphen_position(at)) text[at++] = '-';
    text[at++] = hex_digits[byte >> 4];
    text[at++] = hex_digits[byte & 15];
  }
  out.append(text.data(), text.size());
}

std::string Uuid::to_string() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace mentat_sync

std::size_t std::hash<mentat_sync::Uuid>::operator()(const mentat_sync::Uuid& uuid) const noexcept {
  std::uint64_t high;
  std::uint64_t low;
  std::memcpy(&high, uuid.bytes.data(), sizeof high);
  std::memcpy(&low, uuid.bytes.data() + sizeof high, sizeof low);
  // Clients choose their uuids, so some are not random: mix, so that none fill one bucket.
  return static_cast<std::size_t>((high ^ (low * 0x9e3779b97f4a7c15U)) * 0xff51afd7ed558ccdU >> 7);
}
