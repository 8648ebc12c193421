// Packing ids into bytes and back.
#include "http/wire/packed_id.hpp"

#include <cstring>
#include <string>

namespace mentat_sync {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t sha256_bytes = 32;

/// Of a digit that is_sha256() has seen.
constexpr int hex_value(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

PackedId pack_hex(std::string_view digits) {
  PackedId packed;
  packed.size = sha256_bytes;
  for (std::size_t i = 0; i < packed.size; ++i) {
    packed.bytes[i] =
        static_cast<char>(hex_value(digits[2 * i]) << 4 | hex_value(digits[2 * i + 1]));
  }
  return packed;
}

std::string hex_of(std::string_view bytes) {
  std::string digits;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    digits.push_back(hex_digits[byte >> 4]);
    digits.push_back(hex_digits[byte & 15]);
  }
  return digits;
}

}  // namespace

PackedId pack(const ChunkId& id) {
  if (id.is_sha256()) return pack_hex(id.text());
  PackedId packed;
  // A chunk id has no upper case, so what comes back is the same text.
  if (const auto uuid = Uuid::parse(id.text())) {
    packed.size = uuid->bytes.size();
    std::memcpy(packed.bytes.data(), uuid->bytes.data(), packed.size);
  }
  return packed;
}

std::optional<ChunkId> unpack_chunk_id(std::string_view bytes) {
  if (bytes.size() == sha256_bytes) return ChunkId::parse(hex_of(bytes));
  const auto uuid = uuid_of(bytes);
  if (!uuid) return std::nullopt;
  return ChunkId::parse(uuid->to_string());
}

std::string_view bytes_of(const Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()};
}

std::optional<Uuid> uuid_of(std::string_view bytes) {
  Uuid uuid;
  if (bytes.size() != uuid.bytes.size()) return std::nullopt;
  std::memcpy(uuid.bytes.data(), bytes.data(), bytes.size());
  return uuid;
}

}  // namespace mentat_sync
