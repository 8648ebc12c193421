// PayloadCursor: the payloads of many chunks, one after the other, where LogReader::payload() is
// for one. The chunks of a log were mostly stored in its order, so that the next payload is mostly
// the next one of the table: a step instead of a look-up.
//
// Thread-safety: belongs to its transaction's thread.
// Lifetime: must end before its transaction; what it returns is valid until that ends.
// Failures: throws LmdbFailure and CorruptRecord.
#pragma once

#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/format.hpp"
#include "storage/lmdb/read_ahead.hpp"
#include "storage/lmdb/tables.hpp"

#include <cstdint>

namespace mentat_sync {

class PayloadCursor {
 public:
  PayloadCursor(MDB_txn* txn, const Tables& tables) : cursor_(txn, tables.payloads) {}

  /// The chunk's bytes without its tail, of which `count` from `offset` on are going to be read.
  format::Bytes payload(const format::ChunkRecord& record, std::uint64_t offset,
                        std::uint64_t count);

 private:
  const Cursor cursor_;
  ReadAhead read_ahead_;
  /// The number after that of the last payload; 0: none was read yet.
  std::uint64_t next_ = 0;
};

}  // namespace mentat_sync
