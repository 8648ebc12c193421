// Reading the protocol's ids from text.
#include "storage/ids.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

constexpr std::size_t sha256_hex_chars = 64;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_chunk_id_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-';
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
  if (!std::all_of(text.begin(), text.end(), is_chunk_id_char)) return std::nullopt;
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
