// Outcome: how a command ended. A closed set: whoever asks need handle nothing else.
//
// Thread-safety: value types.
#pragma once

#include "storage/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// The numbers travel between nodes: a verdict keeps its own for good.
enum class Verdict : std::uint8_t {
  // Done, and on disk.
  /// The command changed the log.
  applied = 0,
  /// The identical command had been applied before; nothing changed.
  already_there = 1,

  // Refused by what is stored; nothing changed.
  /// Other bytes are stored under this chunk id.
  chunk_differs = 10,
  /// The transaction exists with another parent or other chunks.
  transaction_differs = 11,
  /// The root's id cannot be given to a transaction.
  transaction_is_root = 12,
  /// The transaction's parent is not known.
  unknown_parent = 13,
  /// Chunks that the transaction names are not stored (`Outcome::missing`).
  missing_chunks = 14,
  /// HEAD cannot move to the root.
  head_is_root = 20,
  /// HEAD is this transaction already.
  head_is_current = 21,
  /// No such transaction.
  head_unknown = 22,
  /// The transaction does not descend from HEAD (`Outcome::current_head`).
  head_not_descendant = 23,
  /// The transaction has children; HEAD moves to the end of a chain only.
  head_has_children = 24,
  /// HEAD is none of those that the command asked for (`Outcome::current_head`).
  precondition_failed = 25,
  /// HEAD is not where a push begins (`Outcome::current_head`).
  base_not_head = 26,

  // Refused by a rule that needs no look at what is stored.
  /// The chunk's id is 64 hexadecimal digits, but not the SHA-256 of its bytes.
  hash_mismatch = 30,
  /// The store takes only SHA-256 chunk ids.
  chunk_id_not_sha256 = 31,
  /// A chunk of more bytes than `Outcome::limit`.
  chunk_too_large = 32,
  /// A transaction of more chunks than `Outcome::limit`.
  too_many_chunks = 33,
  /// A push of more items than `Outcome::limit`.
  too_many_items = 34,

  // Refused for want of room; nothing changed, and it may go through later.
  /// The user has `Outcome::limit` pending transactions.
  too_many_pending = 40,
  /// The disk or the map is full.
  storage_full = 41,
  /// A queue is full.
  overloaded = 42,
  /// The user would store more than `Outcome::limit` bytes, and stores `Outcome::used` now.
  quota_exceeded = 43,

  /// The store failed or is closing. Whether the command was applied is unknown; repeating it is
  /// safe.
  unavailable = 50,
};

/// A stable name for logs and tests, as in the enumeration; "unknown" for a number without one.
std::string_view to_string(Verdict verdict);

/// applied or already_there.
constexpr bool succeeded(Verdict verdict) {
  return verdict == Verdict::applied || verdict == Verdict::already_there;
}

/// What one step of Collect did.
struct Collected {
  /// Transactions and chunks that are no more, and the bytes of those chunks.
  std::uint64_t transactions = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;
  /// Where the next step goes on; empty: there is none, all of the log has been looked at.
  std::string resume_at;
};

struct Outcome {
  Verdict verdict = Verdict::unavailable;
  /// HEAD after the command and its sequence number, with every outcome of AdvanceHead and Push
  /// that looked at the store; otherwise the root and 0.
  TransactionId current_head;
  std::uint64_t current_seq = 0;
  /// With missing_chunks, and of FindMissing that succeeded: which, each once, in the order of
  /// first mention.
  std::vector<ChunkId> missing;
  /// With a refusal by a bound: the bound, and with quota_exceeded what is used of it.
  std::uint64_t limit = 0;
  std::uint64_t used = 0;
  /// Of Collect.
  Collected collected;
};

/// An outcome that has no more to say than its verdict, or a bound besides.
Outcome outcome_of(Verdict verdict, std::uint64_t limit = 0);

}  // namespace mentat_sync
