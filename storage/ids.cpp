// Reading the protocol's ids from text.
#include "storage/ids.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

constexpr std::size_t sha256_hex_chars = 64;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// 1 for each character that no chunk id has: a table, for each request and each record read has
/// such an id.
constexpr std::array<std::uint8_t, 256> never_in_chunk_id = [] {
  std::array<std::uint8_t, 256> never{};
  never.fill(1);
  for (char c = '0'; c <= '9'; ++c) never[static_cast<unsigned char>(c)] = 0;
  for (char c = 'a'; c <= 'z'; ++c) never[static_cast<unsigned char>(c)] = 0;
  never['-'] = 0;
  return never;
}();

bool are_chunk_id_chars(std::string_view text) {
  std::uint8_t wrong = 0;
  for (const char c : text) wrong |= never_in_chunk_id[static_cast<unsigned char>(c)];
  return wrong == 0;
}

constexpr bool is_lower_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

}  // namespace

std::optional<UserId> UserId::parse(std::string_view text) {
  const auto uuid = Uuid::parse(text);
  if (!uuid) return std::nullopt;
  return UserId{*uuid};
}

std::optional<TransactionId> TransactionId::parse(std::string_view text) {
  const auto uuid = Uuid::parse(text);
  if (!uuid) return std::nullopt;
  return TransactionId{*uuid};
}

std::optional<ChunkId> ChunkId::parse(std::string_view text) {
  if (text.empty() || text.size() > bounds::chunk_id_chars) return std::nullopt;
  if (!are_chunk_id_chars(text)) return std::nullopt;
  ChunkId id;
  std::copy(text.begin(), text.end(), id.chars_.begin());
  id.size_ = static_cast<std::uint8_t>(text.size());
  return id;
}

bool ChunkId::is_sha256() const {
  const auto chars = text();
  return chars.size() == sha256_hex_chars && std::all_of(chars.begin(), chars.end(), is_lower_hex);
}

}  // namespace mentat_sync
