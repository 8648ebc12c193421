// The items of a whole log, as it is pulled and pushed: a header, then chunks, each before its
// first use, and transactions in order, then a trailer. How they are written is told in http/wire/.
//
// Thread-safety: value types.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/ids.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace mentat_sync {

/// Opens a log: what it comes after, and where it ends.
struct LogHeader {
  /// The transaction that the first one of this log comes after. Of a push: where HEAD must be.
  TransactionId from;
  /// Of a pull: HEAD when it began. Of a push: the new HEAD, that is, its last transaction, or
  /// `from` when it has none.
  TransactionId head;
  friend bool operator==(const LogHeader&, const LogHeader&) = default;
};

/// A chunk, before the first transaction that names it. It may come again: a sender that can no
/// longer remember what it has sent repeats it.
struct LogChunk {
  ChunkId id;
  std::string bytes;
  friend bool operator==(const LogChunk&, const LogChunk&) = default;
};

struct LogTransaction {
  TransactionId id;
  /// Its parent's + 1.
  std::uint64_t seq = 0;
  TransactionId parent;
  std::vector<ChunkId> chunks;
  friend bool operator==(const LogTransaction&, const LogTransaction&) = default;
};

/// Closes a log: without it, it was cut off.
struct LogTrailer {
  /// The last transaction of this log, or `from` when it has none: where the next pull begins.
  TransactionId next;
  /// Whether there is more after `next`.
  bool more = false;
  /// How many items of each kind there were, and how many bytes the chunks had.
  std::uint64_t transactions = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;
  friend bool operator==(const LogTrailer&, const LogTrailer&) = default;
};

using LogItem = std::variant<LogHeader, LogChunk, LogTransaction, LogTrailer>;

}  // namespace mentat_sync
