// Outcome: how a command ended. A closed set: whoever asks need handle nothing else.
//
// Thread-safety: value types.
#pragma once

#include "storage/ids.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace mentat_sync {

enum class Verdict : std::uint8_t {
  // Done, and on disk.
  /// The command changed the log.
  applied,
  /// The identical command had been applied before; nothing changed.
  already_there,

  // Refused by what is stored; nothing changed.
  /// Other bytes are stored under this chunk id.
  chunk_differs,
  /// The transaction exists with another parent or other chunks.
  transaction_differs,
  /// The root's id cannot be given to a transaction.
  transaction_is_root,
  /// The transaction's parent is not known.
  unknown_parent,
  /// Chunks that the transaction names are not stored (`Outcome::missing`).
  missing_chunks,
  /// HEAD cannot move to the root.
  head_is_root,
  /// HEAD is this transaction already.
  head_is_current,
  /// No such transaction.
  head_unknown,
  /// The transaction does not descend from HEAD (`Outcome::current_head`).
  head_not_descendant,
  /// The transaction has children; HEAD moves to the end of a chain only.
  head_has_children,
  /// HEAD is none of those that the command asked for (`Outcome::current_head`).
  precondition_failed,

  // Refused by a rule that needs no look at what is stored.
  /// The chunk's id is 64 hexadecimal digits, but not the SHA-256 of its bytes.
  hash_mismatch,
  /// The store takes only SHA-256 chunk ids.
  chunk_id_not_sha256,
  /// A chunk of more bytes than `Outcome::limit`.
  chunk_too_large,
  /// A transaction of more chunks than `Outcome::limit`.
  too_many_chunks,

  // Refused for want of room; nothing changed, and it may go through later.
  /// The user has `Outcome::limit` pending transactions.
  too_many_pending,
  /// The disk or the map is full.
  storage_full,
  /// A queue is full.
  overloaded,

  /// The store failed or is closing. Whether the command was applied is unknown; repeating it is
  /// safe.
  unavailable,
};

/// A stable name for logs and tests, as in the enumeration.
std::string_view to_string(Verdict verdict);

/// applied or already_there.
constexpr bool succeeded(Verdict verdict) {
  return verdict == Verdict::applied || verdict == Verdict::already_there;
}

struct Outcome {
  Verdict verdict = Verdict::unavailable;
  /// HEAD after the command and its sequence number, with every outcome of AdvanceHead that looked
  /// at the store; otherwise the root and 0.
  TransactionId current_head;
  std::uint64_t current_seq = 0;
  /// With missing_chunks: which, each once, in the order of first mention.
  std::vector<ChunkId> missing;
  /// With a refusal by a bound: the bound.
  std::uint64_t limit = 0;
};

}  // namespace mentat_sync
