// Ids as a log has them: text where they must be, bytes where that says the same in half the room.
//
// Thread-safety: pure functions.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mentat_sync {

/// The bytes of a chunk id: 32 when it is 64 hexadecimal digits, 16 when it is the text of a uuid,
/// none when only its text will do.
struct PackedId {
  std::array<char, 32> bytes{};
  std::size_t size = 0;

  std::string_view view() const { return {bytes.data(), size}; }
};

PackedId pack(const ChunkId& id);

/// The id that packs to `bytes`; nothing unless they are 16 or 32.
std::optional<ChunkId> unpack_chunk_id(std::string_view bytes);

std::string_view bytes_of(const Uuid& uuid);

/// Nothing unless there are 16.
std::optional<Uuid> uuid_of(std::string_view bytes);

}  // namespace mentat_sync
