// LogReader: the records of users' logs, by meaning rather than by key; in a read or a write
// transaction alike.
//
// Thread-safety: belongs to its transaction's thread.
// Lifetime: what it returns by view is valid until the transaction writes or ends.
// Failures: throws LmdbFailure and CorruptRecord.
#pragma once

#include "storage/lmdb/format.hpp"
#include "storage/lmdb/tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

/// What was found under the payload number of `record`: it must be there, and of the right size.
format::Bytes checked_payload(const format::ChunkRecord& record,
                              std::optional<format::Bytes> found);

/// What was found under a sequence number of committed transactions: it must be there.
format::CommittedRecord checked_committed(std::optional<format::Bytes> found);

class LogReader {
 public:
  LogReader(MDB_txn* txn, const Tables& tables) : txn_(txn), tables_(tables) {}

  /// The present generation of the user's log; nothing when nothing was ever written to it.
  std::optional<format::StoreId> find_store(UserId user) const;

  format::LogState state(format::StoreId store) const;

  std::optional<format::TransactionRecord> transaction(format::StoreId store,
                                                       TransactionId id) const;
  /// The same with `chunks` left empty: what walking a chain needs.
  std::optional<format::TransactionRecord> link(format::StoreId store, TransactionId id) const;
  /// The same with its chunks' ids as they are stored: what reading a log needs.
  std::optional<format::TransactionView> transaction_view(format::StoreId store,
                                                          TransactionId id) const;
  /// The transaction's record, which must be there.
  format::Bytes transaction_bytes(format::StoreId store, TransactionId id) const;

  /// The transaction that HEAD reached as number `seq`, which must be there.
  format::CommittedRecord committed_at(format::StoreId store, std::uint64_t seq) const;

  /// Whether HEAD has reached the transaction `id`, whose sequence number is `seq`.
  bool is_committed(format::StoreId store, TransactionId id, std::uint64_t seq) const;

  /// The committed transactions with sequence numbers from `first_seq` on, `count` of them, all of
  /// which must be there.
  std::vector<TransactionId> committed(format::StoreId store, std::uint64_t first_seq,
                                       std::uint64_t count) const;

  bool has_pending_child(format::StoreId store, TransactionId id) const;

  std::optional<format::ChunkRecord> chunk(format::StoreId store, const ChunkId& id) const;
  std::optional<format::ChunkRecord> chunk(format::StoreId store, PackedIdView id) const;
  /// One that a transaction names, which must be there.
  format::ChunkRecord existing_chunk(format::StoreId store, PackedIdView id) const;
  /// The chunk's bytes without its tail.
  format::Bytes payload(const format::ChunkRecord& record) const;

 protected:
  std::optional<format::Bytes> transaction_bytes_view(format::StoreId store,
                                                      TransactionId id) const;

  MDB_txn* const txn_;
  const Tables& tables_;
};

}  // namespace mentat_sync
