// The queries and their answers: everything that reads a user's log. Only what HEAD has reached is
// visible through them.
//
// Thread-safety: value types.
#pragma once

#include "storage/ids.hpp"

#include <cstdint>
#include <string>
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
};

}  // namespace mentat_sync
