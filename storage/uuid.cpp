// Reading and writing the text form of a uuid, by tables and without loops: each request has
// several of them.
#include "storage/uuid.hpp"

#include "storage/hex.hpp"
#include "storage/seeded_hash.hpp"

namespace mentat_sync {
namespace {

/// Where in the text each byte's two digits stand.
constexpr std::array<std::uint8_t, 16> digits_at{0,  2,  4,  6,  9,  11, 14, 16,
                                                 19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::array<std::uint8_t, 4> hyphens_at{8, 13, 18, 23};

/// What no byte is.
constexpr std::uint16_t no_digit = 0xff00;

/// The value of each character as a digit, `shift` bits further up.
constexpr std::array<std::uint16_t, 256> hex_values(unsigned shift) {
  std::array<std::uint16_t, 256> values{};
  values.fill(no_digit);
  constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint16_t>(i % 16 << shift);
  }
  return values;
}
constexpr auto high_values = hex_values(4);
constexpr auto low_values = hex_values(0);

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != text_chars) return std::nullopt;
  Uuid uuid;
  std::uint16_t seen = 0;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    const auto high = static_cast<unsigned char>(text[digits_at[i]]);
    const auto low = static_cast<unsigned char>(text[digits_at[i] + 1U]);
    const std::uint16_t byte = high_values[high] | low_values[low];
    seen |= byte;  // no_digit leaves its mark
    uuid.bytes[i] = static_cast<std::uint8_t>(byte);
  }
  if (seen >= no_digit) return std::nullopt;
#pragma GCC unroll 4
  for (const std::size_t i : hyphens_at) {
    if (text[i] != '-') return std::nullopt;
  }
  return uuid;
}

std::array<char, Uuid::text_chars> Uuid::text() const {
  std::array<char, text_chars> text;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < bytes.size(); ++i) write_hex(text.data() + digits_at[i], bytes[i]);
#pragma GCC unroll 4
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
