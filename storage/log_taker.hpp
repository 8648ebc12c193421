// LogTaker: takes a log, item by item, while it is read, so that each goes from where it is stored
// to where it is wanted without being put together in between.
//
// Thread-safety: called by one thread at a time.
// Ownership and lifetime: what a view refers to is valid during the call alone.
// Failures: may throw std::bad_alloc. It must neither wait nor read the store: it is called
// while a snapshot is open.
#pragma once

#include "storage/log_item.hpp"
#include "storage/packed_id.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mentat_sync {

/// A chunk, or one of the parts that a reader asked to have it in (ReadLog::split_chunks): they
/// follow each other, from the first byte to the last.
struct LogChunkView {
  PackedIdView id;
  /// Of the whole chunk.
  std::uint64_t total_bytes = 0;
  /// Where in it this part begins. All parts but the last have a multiple of 3 bytes.
  std::uint64_t offset = 0;
  /// Its bytes, in two pieces, one behind the other; the second one is mostly empty.
  std::string_view bytes;
  std::string_view tail = {};

  std::size_t size() const { return bytes.size() + tail.size(); }
  bool is_first() const { return offset == 0; }
  bool is_last() const { return offset + size() == total_bytes; }
};

struct LogTransactionView {
  TransactionId id;
  std::uint64_t seq = 0;
  TransactionId parent;
  std::span<const PackedIdView> chunks;
};

class LogTaker {
 public:
  virtual ~LogTaker() = default;

  virtual void take(const LogHeader& header) = 0;
  virtual void take(const LogChunkView& chunk) = 0;
  virtual void take(const LogTransactionView& transaction) = 0;
  virtual void take(const LogTrailer& trailer) = 0;

  /// Chunks and transactions that the store has as items of a CBOR sequence. False: it has no use
  /// for them, and must be given each by itself.
  virtual bool take_cbor(std::string_view /*items*/) { return false; }
};

/// Gives an item that is at hand to `taker`, a chunk as a whole.
void give(const LogItem& item, LogTaker& taker);

}  // namespace mentat_sync
