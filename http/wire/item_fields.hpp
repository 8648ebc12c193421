// The fields of one item, gathered in whatever order they come, and the item that they make.
//
// Which kind of an item it is, and so which type a key must have, may be known only by its last
// key: until then a value is kept as it came.
//
// Thread-safety: none. Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/log_item.hpp"
#include "storage/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mentat_sync {

/// A value of a type that no key has, or a list of other things than chunk ids.
struct OtherValue {};
struct BytesValue {
  std::string content;
};
struct TextValue {
  std::string content;
};
using FieldValue =
    std::variant<OtherValue, std::uint64_t, bool, BytesValue, TextValue, std::vector<ChunkId>>;

/// The chunk id that a value stands for, packed or as text; nothing when it is none.
std::optional<ChunkId> chunk_id_of_bytes(std::string_view bytes);
std::optional<ChunkId> chunk_id_of_text(std::string_view text);

class ItemFields {
 public:
  /// The keys that some kind of item has, in the order of `key_names`.
  enum class Key {
    log,
    from,
    head,
    chunk,
    bytes,
    transaction,
    seq,
    parent,
    chunks,
    next,
    more,
    transactions,
  };
  static constexpr std::size_t key_count = 12;

  /// Nothing for a key that no kind of item has.
  static std::optional<Key> key_named(std::string_view name);

  bool has(Key key) const { return values_[index(key)].has_value(); }
  void set(Key key, FieldValue value) { values_[index(key)] = std::move(value); }

  /// The list that the key has; nullptr when it has none.
  std::vector<ChunkId>* list(Key key);
  const std::vector<ChunkId>* list(Key key) const;

  /// The item, made of the values themselves; or, as ErrorCode::invalid, why they make none.
  Result<LogItem> take_item();

 private:
  static constexpr std::size_t index(Key key) { return static_cast<std::size_t>(key); }

  Status kind(Key& kind) const;
  Result<LogItem> take_header();
  Result<LogItem> take_chunk();
  Result<LogItem> take_transaction();
  Result<LogItem> take_trailer();

  // Each writes to `out` what the key has, or answers why it cannot.
  template <class T>
  Status take(Key key, std::string_view type, T& out);
  Status take(Key key, std::uint64_t& out);
  Status take(Key key, TransactionId& out);
  Status take(Key key, ChunkId& out);

  std::array<std::optional<FieldValue>, key_count> values_;
};

}  // namespace mentat_sync
