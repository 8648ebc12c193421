// The queries and their answers: everything that reads a user's log. Only what HEAD has reached is
// visible through them.
//
// Thread-safety: value types.
#pragma once

#include "storage/bounds.hpp"
#include "storage/ids.hpp"
#include "storage/log_taker.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace mentat_sync {

struct ReadHead {
  UserId user;
};
struct Head {
  TransactionId head;
  /// 0 at the root; each transaction's is its parent's + 1.
  std::uint64_t seq = 0;
};

struct ReadSummary {
  UserId user;
};
struct Summary {
  TransactionId head;
  std::uint64_t seq = 0;
  /// Committed transactions, and the bytes of their records.
  std::uint64_t transaction_count = 0;
  std::uint64_t transaction_bytes = 0;
  /// Stored chunks, named by a transaction or not, and the bytes of their payloads.
  std::uint64_t chunk_count = 0;
  std::uint64_t chunk_bytes = 0;
};

/// The committed transactions after `from` (exclusive), in order, at most `limit`.
struct ListTransactions {
  UserId user;
  TransactionId from;
  std::uint32_t limit = 0;
};
struct TransactionPage {
  /// False when `from` is neither the root nor committed; the rest is then empty.
  bool from_found = false;
  std::vector<TransactionId> transactions;
  /// Whether there are more after the last of `transactions`.
  bool more = false;
};

struct ReadTransaction {
  UserId user;
  TransactionId transaction;
};
struct Transaction {
  /// False when it is not committed; the rest is then empty.
  bool found = false;
  TransactionId id;
  std::uint64_t seq = 0;
  TransactionId parent;
  std::vector<ChunkId> chunks;
};

struct ReadChunk {
  UserId user;
  ChunkId chunk;
};
struct Chunk {
  bool found = false;
  std::string bytes;
  /// Whether nothing but a lease keeps it, and that one is due for renewal: whoever tells a client
  /// that the chunk is there asks FindMissing first.
  bool lease_is_due = false;
};

/// Where a log that is read piece by piece goes on. Made by the first piece, handed back for each
/// next one; whoever holds it need not look inside.
struct LogCursor {
  /// The log's generation: one that was deleted in between, and perhaps begun anew, ends the
  /// reading.
  std::uint64_t generation = 0;
  /// The last transaction of the log, and how many have been read.
  std::uint64_t last_seq = 0;
  TransactionId from;
  std::uint64_t from_seq = 0;
  /// The transaction that the next piece begins in, and with which of its chunks.
  std::uint64_t seq = 0;
  std::size_t chunk = 0;
  /// Of that chunk, what has been read of it.
  std::uint64_t chunk_offset = 0;
  /// The last one that is complete.
  TransactionId last;
  std::uint64_t transactions = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;
  /// Chunks sent that several transactions name, at most bounds::log_remembered_chunks; of those
  /// that came with a pull record, the ones that have been met again. Any other chunk has one place
  /// only where it can come.
  std::unordered_set<std::uint64_t> sent;
};

/// The committed transactions after `from` with their chunks, a piece at a time, so that no
/// snapshot outlives a piece however slow the reader is. The pieces together are one state of the
/// log: that of the first one.
struct ReadLog {
  /// Takes LogHeader first, LogTrailer last, and in between what the pieces hold of the log; of a
  /// piece that cannot be read, it may have taken a part. Must be there until the handler is
  /// called.
  LogTaker* taker = nullptr;
  UserId user;
  TransactionId from;
  /// What the whole reading ends at: this many transactions, or the first whose chunks bring the
  /// bytes of all to this. At least one transaction comes, if there is one.
  std::uint64_t max_transactions = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max_bytes = std::numeric_limits<std::uint64_t>::max();
  /// False: transactions only.
  bool with_chunks = true;
  /// About how many bytes a piece should have; it ends with the item that reaches them.
  std::uint64_t piece_bytes = bounds::log_piece_bytes;
  /// Whether a chunk that does not fit into a piece comes in parts (LogChunkView), so that the
  /// piece has about the size it should have however large the chunk is.
  bool split_chunks = false;
  /// Nothing for the first piece.
  std::optional<LogCursor> resume;
};
struct LogPiece {
  /// False when `from` is neither the root nor committed, or when the log was deleted between two
  /// pieces; the taker has then taken nothing of it.
  bool found = false;
  /// Nothing after the last piece, the one with the trailer.
  std::optional<LogCursor> resume;
};

/// The users in the order of their ids, those after `after`, at most `limit`.
struct ListUsers {
  /// Nothing: from the first one.
  std::optional<UserId> after;
  std::uint32_t limit = 0;
  /// Only those that a collector has something to look at: pending transactions, or chunks that no
  /// transaction names. Then a page may have fewer users than `limit` although there are more.
  bool with_garbage = false;
};
struct UserPage {
  std::vector<UserId> users;
  /// Where the next page begins (ListUsers::after); nothing after the last page.
  std::optional<UserId> next;
};

}  // namespace mentat_sync
