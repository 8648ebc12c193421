// SeqCursor: the records of one log and kind that stand under sequence numbers, read upwards: a
// step where the next number is asked for, a look-up where not.
//
// Thread-safety: belongs to its transaction's thread.
// Lifetime: must end before its transaction; what it returns is valid until that ends or writes.
// Failures: throws LmdbFailure and CorruptRecord.
#pragma once

#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/format.hpp"
#include "storage/lmdb/tables.hpp"

#include <cstdint>
#include <optional>

namespace mentat_sync {

class SeqCursor {
 public:
  SeqCursor(MDB_txn* txn, const Tables& tables, format::StoreId store, format::Kind kind)
      : cursor_(txn, tables.logs), prefix_(format::kind_prefix(store, kind)) {}

  /// The record of `seq`, if there is one; `seq`, from 1, is not smaller than the time before.
  std::optional<format::Bytes> at(std::uint64_t seq);

 private:
  void move_to(std::uint64_t seq);

  const Cursor cursor_;
  const format::Key prefix_;
  /// Where the cursor is; 0: nowhere yet.
  std::uint64_t seq_ = 0;
  format::Bytes value_;
};

}  // namespace mentat_sync
