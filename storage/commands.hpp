// The commands: everything that changes a user's log.
//
// Each is ONE atomic, idempotent step, validated inside the write transaction that applies it. They
// are plain values with named fields, so that they can be messages between actors and between
// nodes.
//
// Thread-safety: value types.
#pragma once

#include "storage/ids.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mentat_sync {

/// Stores `bytes` (opaque, possibly empty) under `chunk`. The first bytes under an id stay.
struct PutChunk {
  UserId user;
  ChunkId chunk;
  std::string bytes;
};

/// Links chunks that are there into a transaction after `parent`, any known transaction or the
/// root. It is pending, and invisible, until HEAD reaches it.
struct PutTransaction {
  UserId user;
  TransactionId transaction;
  TransactionId parent;
  /// In the client's order; an id may occur more than once.
  std::vector<ChunkId> chunks;
};

/// Moves HEAD to `head`, a proper descendant of the present one that has no children.
struct AdvanceHead {
  UserId user;
  TransactionId head;
  /// When given, HEAD must be one of these (an empty list matches nothing): HTTP's If-Match.
  std::optional<std::vector<TransactionId>> if_match;
};

/// Forgets everything of a user, at once; the space comes back in the background.
struct DeleteUser {
  UserId user;
};

using Command = std::variant<PutChunk, PutTransaction, AdvanceHead, DeleteUser>;

/// Whose command it is.
UserId user_of(const Command& command);

/// What a command weighs in a queue: its payload and a constant for the rest.
std::size_t bytes_of(const Command& command);

}  // namespace mentat_sync
