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

/// Chunks, transactions and the new HEAD in one step, or nothing of it: what many PutChunk and
/// PutTransaction and one AdvanceHead would do.
struct Push {
  struct Chunk {
    ChunkId id;
    std::string bytes;
  };
  struct Transaction {
    TransactionId id;
    std::vector<ChunkId> chunks;
  };
  UserId user;
  /// Where HEAD must be, unless there are no transactions. The first transaction's parent; each
  /// further one's is that before it.
  TransactionId base;
  /// Each id once. Those that no transaction names are stored all the same, as PutChunk would.
  std::vector<Chunk> chunks;
  /// HEAD moves to the last. With none of them HEAD stays.
  std::vector<Transaction> transactions;
};

/// Asks which of `chunks` are not stored. The leases of the others are renewed.
struct FindMissing {
  UserId user;
  std::vector<ChunkId> chunks;
};

/// One small step of the collection of a user's garbage: transactions that HEAD can no longer reach
/// or that were abandoned, and chunks that no transaction names and whose lease has run out.
struct Collect {
  UserId user;
  /// Where the step before stopped (Collected::resume_at); empty: at the beginning.
  std::string resume_at;
};

using Command =
    std::variant<PutChunk, PutTransaction, AdvanceHead, DeleteUser, Push, FindMissing, Collect>;

/// Whose command it is.
UserId user_of(const Command& command);

/// What a command weighs in a queue: its payload and a constant for the rest.
std::size_t bytes_of(const Command& command);
/// Of one item of a push, likewise.
std::size_t bytes_of(const Push::Chunk& chunk);
std::size_t bytes_of(const Push::Transaction& transaction);

}  // namespace mentat_sync
