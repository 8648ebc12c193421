// Snapshot: answers queries from one consistent state of the store.
//
// Thread-safety: made, used and destroyed by one thread; any number at a time.
// Lifetime: as short as a query: a read transaction left open keeps LMDB from reusing pages, and
// grow() from going on.
// Failures: throws LmdbFailure and CorruptRecord.
#pragma once

#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/garbage_rules.hpp"
#include "storage/lmdb/log_reader.hpp"
#include "storage/queries.hpp"

namespace mentat_sync {

class Snapshot {
 public:
  Snapshot(Environment& environment, const Tables& tables, const GarbageRules& rules)
      : txn_(environment.begin_read()), tables_(tables), rules_(rules), log_(txn_.get(), tables) {}

  Head answer(const ReadHead& query) const;
  Summary answer(const ReadSummary& query) const;
  /// O(limit), however long the log is.
  TransactionPage answer(const ListTransactions& query) const;
  Transaction answer(const ReadTransaction& query) const;
  Chunk answer(const ReadChunk& query) const;
  /// O(the piece); takes the query's cursor over.
  LogPiece answer(ReadLog&& query) const;
  UserPage answer(const ListUsers& query) const;

 private:
  format::LogState state_of(UserId user) const;

  ReadTxn txn_;
  const Tables& tables_;
  const GarbageRules& rules_;
  LogReader log_;
};

}  // namespace mentat_sync
