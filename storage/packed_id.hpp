// Ids in as few bytes as say the same: bytes where their text is twice as long, text where it must
// be. So the store keeps them, and so a log has them on the wire.
//
// Thread-safety: value types and pure functions.
// Ownership: a PackedIdView refers to what it was taken from.
// Source: docs/storage_format.md; docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// What the bytes of a packed chunk id are. The numbers are those of the storage format.
enum class IdForm : std::uint8_t {
  /// The id itself.
  text = 0,
  /// 32 bytes, of an id that is their 64 hexadecimal digits.
  sha256 = 1,
  /// 16 bytes, of an id that is the text of this uuid.
  uuid = 2,
};

struct PackedIdView {
  IdForm form = IdForm::text;
  std::string_view bytes;
  friend bool operator==(const PackedIdView&, const PackedIdView&) = default;
};

struct PackedId {
  IdForm form = IdForm::text;
  std::uint8_t size = 0;
  std::array<char, bounds::chunk_id_chars> bytes{};

  PackedIdView view() const { return {form, {bytes.data(), size}}; }
};

/// Each id has one packed form.
PackedId pack(const ChunkId& id);

/// Several, packed, and views of them.
class PackedIds {
 public:
  explicit PackedIds(const std::vector<ChunkId>& ids);
  /// Valid as long as this is there.
  std::span<const PackedIdView> views() const { return views_; }

 private:
  std::vector<PackedId> packed_;
  std::vector<PackedIdView> views_;
};

/// Nothing when it is a text that is no chunk id. Of a hash there must be 32 bytes, of a uuid 16,
/// here and in append_text().
std::optional<ChunkId> unpack(PackedIdView packed);

/// The id that packs to `bytes`; nothing unless they are 16 or 32.
std::optional<ChunkId> unpack_chunk_id(std::string_view bytes);

/// Appends the id's text.
void append_text(std::string& out, PackedIdView packed);

std::string_view bytes_of(const Uuid& uuid);

/// Nothing unless there are 16.
std::optional<Uuid> uuid_of(std::string_view bytes);

}  // namespace mentat_sync
