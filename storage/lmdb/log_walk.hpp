// LogWalk: reads one piece of a user's log, transactions with their chunks, in order, into a taker.
//
// Thread-safety: belongs to its snapshot's thread.
// Lifetime: one piece, inside one read transaction.
// Failures: throws LmdbFailure and CorruptRecord.
#pragma once

#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/log_reader.hpp"
#include "storage/lmdb/payload_cursor.hpp"
#include "storage/lmdb/read_ahead.hpp"
#include "storage/lmdb/seq_cursor.hpp"
#include "storage/queries.hpp"

#include <cstdint>

namespace mentat_sync {

class LogWalk {
 public:
  LogWalk(MDB_txn* txn, const Tables& tables, ReadLog query);

  LogPiece next_piece();

 private:
  // Each false: there is nothing to read.
  bool begin();
  bool resume();

  void read_transactions();
  /// As it stands in its pull record. False: it must be put together.
  bool read_pull_record(SeqCursor& pulls);
  // Each false: the piece is full.
  bool read_transaction(TransactionId id);
  bool read_chunks(const format::TransactionView& transaction);
  bool read_chunk(PackedIdView id, const format::ChunkRecord& record);
  bool is_sent(PackedIdView id, const format::ChunkRecord& record);
  bool came_with_pull_record(PackedIdView id, const format::ChunkRecord& record) const;
  bool is_at_end() const;
  /// The most that a chunk, or a part of one, may have.
  std::uint64_t part_bytes() const;
  LogTrailer trailer() const;
  bool has_room() const { return piece_bytes_ < query_.piece_bytes; }
  /// After an item of so many bytes.
  bool has_room_after(std::uint64_t bytes);

  MDB_txn* const txn_;
  const Tables& tables_;
  const LogReader reader_;
  PayloadCursor payloads_;
  ReadAhead read_ahead_;
  ReadLog query_;
  format::StoreId store_{};
  LogCursor at_;
  std::uint64_t piece_bytes_ = 0;
  bool takes_cbor_ = true;
};

}  // namespace mentat_sync
