// The ids of the protocol, each a type of its own so that none can stand where another belongs.
//
// Thread-safety: value types.
#pragma once

#include "storage/bounds.hpp"
#include "storage/uuid.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

/// Who owns a log. Any uuid is a user; one that never wrote anything has the empty log.
struct UserId {
  Uuid uuid;

  static std::optional<UserId> parse(std::string_view text);
  std::string to_string() const { return uuid.to_string(); }
  friend auto operator<=>(const UserId&, const UserId&) = default;
};

/// A transaction. The nil uuid is the root: the parent of every log's first transaction, never
/// stored itself.
struct TransactionId {
  Uuid uuid;

  static constexpr TransactionId root() { return {}; }
  static std::optional<TransactionId> parse(std::string_view text);
  std::string to_string() const { return uuid.to_string(); }
  bool is_root() const { return uuid.is_nil(); }
  friend auto operator<=>(const TransactionId&, const TransactionId&) = default;
};

/// A chunk: 1 to 64 characters of `[a-z0-9-]`. One of exactly 64 hexadecimal digits claims to be
/// the SHA-256 of the chunk's bytes; any other is opaque.
class ChunkId {
 public:
  /// An empty id, which no parse gives; only for containers and deserialisation to start from.
  ChunkId() = default;

  /// Nothing when `text` has another shape.
  static std::optional<ChunkId> parse(std::string_view text);
  /// The id that is the text of `uuid`.
  static ChunkId of(const Uuid& uuid);
  /// The id that is the digits of this SHA-256.
  static ChunkId of(const std::array<std::uint8_t, 32>& digest);

  std::string_view text() const { return {chars_.data(), size_}; }
  std::string to_string() const { return std::string{text()}; }

  /// Whether this id is 64 hexadecimal digits.
  bool is_sha256() const;

  friend bool operator==(const ChunkId& a, const ChunkId& b) { return a.text() == b.text(); }
  friend auto operator<=>(const ChunkId& a, const ChunkId& b) { return a.text() <=> b.text(); }

 private:
  std::array<char, bounds::chunk_id_chars> chars_{};
  std::uint8_t size_ = 0;
};

}  // namespace mentat_sync

template <>
struct std::hash<mentat_sync::UserId> {
  std::size_t operator()(const mentat_sync::UserId& id) const noexcept {
    return std::hash<mentat_sync::Uuid>{}(id.uuid);
  }
};

template <>
struct std::hash<mentat_sync::TransactionId> {
  std::size_t operator()(const mentat_sync::TransactionId& id) const noexcept {
    return std::hash<mentat_sync::Uuid>{}(id.uuid);
  }
};

template <>
struct std::hash<mentat_sync::ChunkId> {
  std::size_t operator()(const mentat_sync::ChunkId& id) const noexcept {
    return std::hash<std::string_view>{}(id.text());
  }
};
