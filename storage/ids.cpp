// Reading the protocol's ids from text.
#include "storage/ids.hpp"

#include "storage/character_set.hpp"
#include "storage/hex.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

constexpr std::size_t sha256_hex_chars = 64;

constexpr CharacterSet chunk_id_characters{"0123456789abcdefghijklmnopqrstuvwxyz-"};
constexpr CharacterSet hex_digits{"0123456789abcdef"};

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
  if (!chunk_id_characters.holds_all_of(text)) return std::nullopt;
  ChunkId id;
  std::copy(text.begin(), text.end(), id.chars_.begin());
  id.size_ = static_cast<std::uint8_t>(text.size());
  return id;
}

ChunkId ChunkId::of(const Uuid& uuid) {
  const auto text = uuid.text();
  ChunkId id;
  std::copy(text.begin(), text.end(), id.chars_.begin());
  id.size_ = Uuid::text_chars;
  return id;
}

ChunkId ChunkId::of(const std::array<std::uint8_t, 32>& digest) {
  ChunkId id;
  for (std::size_t i = 0; i < digest.size(); ++i) write_hex(id.chars_.data() + 2 * i, digest[i]);
  id.size_ = sha256_hex_chars;
  return id;
}

bool ChunkId::is_sha256() const {
  const auto chars = text();
  return chars.size() == sha256_hex_chars && hex_digits.holds_all_of(chars);
}

}  // namespace mentat_sync
