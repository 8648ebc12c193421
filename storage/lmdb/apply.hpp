// Applier: validates and applies commands inside one write transaction.
//
// Each command is validated as a whole before its first write, so that a refused one leaves no
// trace in the transaction; commands see what those before them in the transaction did.
//
// Thread-safety: belongs to the writer's thread.
// Lifetime: one write transaction.
// Failures: throws LmdbFailure and CorruptRecord, after which the transaction must be aborted.
#pragma once

#include "storage/commands.hpp"
#include "storage/lmdb/log_reader.hpp"
#include "storage/outcome.hpp"

#include <cstdint>
#include <vector>

namespace mentat_sync {

class Applier {
 public:
  /// `now_ms`: the wall clock that records of this transaction carry, ms since 1970.
  Applier(MDB_txn* txn, const Tables& tables, std::uint64_t now_ms);

  Outcome apply(const Command& command);

 private:
  /// A user's log as the command finds it.
  struct Log {
    std::optional<format::StoreId> store;
    format::LogState state;
  };
  Log find(UserId user) const;
  /// The user's log, begun if need be: called once the command is known to be good.
  format::StoreId begin(UserId user, Log& log);
  void save(const Log& log);

  Outcome apply_command(const PutChunk& put);
  Outcome apply_command(const PutTransaction& put);
  Outcome apply_command(const AdvanceHead& advance);
  Outcome apply_command(const DeleteUser& remove);
  Outcome apply_command(const Push& push);
  Outcome apply_command(const FindMissing& find);
  Outcome apply_command(const Collect& collect);

  Outcome repeat_chunk(const PutChunk& put, const Log& log, format::ChunkRecord record);
  void store_chunk(const PutChunk& put, Log& log);
  /// Where a transaction after `parent` would stand; nothing when the parent is not known.
  struct Place {
    std::uint64_t seq = 0;
    TransactionId base;
  };
  std::optional<Place> place_after(const Log& log, TransactionId parent) const;
  std::vector<ChunkId> missing(const Log& log, const std::vector<ChunkId>& chunks) const;
  void store_transaction(const PutTransaction& put, Log& log, const Place& place);
  void reference(format::StoreId store, const ChunkId& id);
  Verdict check_head(const AdvanceHead& advance, const Log& log, std::uint64_t& seq) const;
  /// What lies after HEAD up to `head`, which descends from it, newest first.
  std::vector<TransactionId> chain(const Log& log, TransactionId head, std::uint64_t seq) const;
  void commit_chain(Log& log, const std::vector<TransactionId>& newest_first);

  MDB_txn* const txn_;
  const Tables& tables_;
  const LogReader reader_;
  const std::uint64_t now_ms_;
  std::uint64_t next_payload_;
};

}  // namespace mentat_sync
