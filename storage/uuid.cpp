// Reading and writing the text form of a uuid, by tables: each request has several of them.
#include "storage/uuid.hpp"

#include "storage/hex.hpp"
#include "storage/seeded_hash.hpp"

namespace mentat_sync {
namespace {

/// Where in the text each byte's two digits stand.
constexpr std::array<std::uint8_t, 16> digits_at{0,  2,  4,  6,  9,  11, 14, 16,
                                                 19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::array<std::uint8_t, 4> hyphens_at{8, 13, 18, 23};

constexpr std::uint8_t no_digit = 0xff;

/// The value of each character as a digit.
constexpr std::array<std::uint8_t, 256> hex_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) values['a' + i] = values['A' + i] = 10 + i;
  return values;
}();

std::uint8_t hex_value(char c) {
  return hex_values[static_cast<unsigned char>(c)];
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != text_chars) return std::nullopt;
  Uuid uuid;
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    const std::uint8_t high = hex_value(text[digits_at[i]]);
    const std::uint8_t low = hex_value(text[digits_at[i] + 1U]);
    seen |= high | low;  // no_digit leaves its mark
    uuid.bytes[i] = static_cast<std::uint8_t>(high << 4 | (low & 15));
  }
  if (seen > 15) return std::nullopt;
  for (const std::size_t i : hyphens_at) {
    if (text[i] != '-') return std::nullopt;
  }
  return uuid;
}

std::array<char, Uuid::text_chars> Uuid::text() const {
  std::array<char, text_chars> text;
  for (std::size_t i = 0; i < bytes.size(); ++i) write_hex(text.data() + digits_at[i], bytes[i]);
  for (const std::size_t i : hyphens_at) text[i] = '-';
  return text;
}

void Uuid::append_to(std::string& out) const {
  const auto chars = text();
  out.append(chars.data(), chars.size());
}

std::string Uuid::to_string() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace mentat_sync

// Clients choose their uuids: those that are not random, or are chosen to, must not fill one
// bucket.
std::size_t std::hash<mentat_sync::Uuid>::operator()(const mentat_sync::Uuid& uuid) const noexcept {
  static const mentat_sync::SeededHash seeded;
  return seeded(uuid.bytes);
}
