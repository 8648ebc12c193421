// Packing ids into bytes and back.
#include "storage/packed_id.hpp"

#include "storage/hex.hpp"

#include <cstring>

namespace mentat_sync {
namespace {

using Digest = std::array<std::uint8_t, 32>;

constexpr std::size_t sha256_bytes = sizeof(Digest);
constexpr std::size_t uuid_bytes = sizeof(Uuid);

/// Of a digit that is_sha256() has seen.
constexpr int hex_value(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

PackedId pack_hex(std::string_view digits) {
  PackedId packed{IdForm::sha256, sha256_bytes, {}};
  for (std::size_t i = 0; i < sha256_bytes; ++i) {
    packed.bytes[i] =
        static_cast<char>(hex_value(digits[2 * i]) << 4 | hex_value(digits[2 * i + 1]));
  }
  return packed;
}

PackedId pack_bytes(IdForm form, std::string_view bytes) {
  PackedId packed{form, static_cast<std::uint8_t>(bytes.size()), {}};
  std::memcpy(packed.bytes.data(), bytes.data(), bytes.size());
  return packed;
}

template <class Value>
Value value_of(std::string_view bytes) {
  Value value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace

PackedId pack(const ChunkId& id) {
  if (id.is_sha256()) return pack_hex(id.text());
  // A chunk id has no upper case, so what comes back is the same text.
  if (const auto uuid = Uuid::parse(id.text())) return pack_bytes(IdForm::uuid, bytes_of(*uuid));
  return pack_bytes(IdForm::text, id.text());
}

PackedIds::PackedIds(const std::vector<ChunkId>& ids) {
  packed_.reserve(ids.size());
  views_.reserve(ids.size());
  for (const ChunkId& id : ids) views_.push_back(packed_.emplace_back(pack(id)).view());
}

std::optional<ChunkId> unpack(PackedIdView packed) {
  switch (packed.form) {
    case IdForm::sha256:
      return ChunkId::of(value_of<Digest>(packed.bytes));
    case IdForm::uuid:
      return ChunkId::of(value_of<Uuid>(packed.bytes));
    case IdForm::text:
      break;
  }
  return ChunkId::parse(packed.bytes);
}

std::optional<ChunkId> unpack_chunk_id(std::string_view bytes) {
  if (bytes.size() == sha256_bytes) return unpack({IdForm::sha256, bytes});
  if (bytes.size() == uuid_bytes) return unpack({IdForm::uuid, bytes});
  return std::nullopt;
}

void append_text(std::string& out, PackedIdView packed) {
  switch (packed.form) {
    case IdForm::text:
      out += packed.bytes;
      return;
    case IdForm::sha256:
      return append_hex(out, packed.bytes);
    case IdForm::uuid:
      return value_of<Uuid>(packed.bytes).append_to(out);
  }
}

std::string_view bytes_of(const Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()};
}

std::optional<Uuid> uuid_of(std::string_view bytes) {
  if (bytes.size() != uuid_bytes) return std::nullopt;
  return value_of<Uuid>(bytes);
}

}  // namespace mentat_sync
