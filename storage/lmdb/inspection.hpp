// LogInspector: what one read transaction sees of one user's log, what no query shows included.
//
// Thread-safety: belongs to its transaction's thread.
// Lifetime: inside one read transaction.
// Failures: throws LmdbFailure and CorruptRecord.
#pragma once

#include "storage/inspection.hpp"
#include "storage/lmdb/garbage_rules.hpp"
#include "storage/lmdb/log_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

class LogInspector {
 public:
  LogInspector(MDB_txn* txn, const Tables& tables, const GarbageRules& rules,
               format::StoreId store);

  const format::LogState& state() const { return state_; }

  /// Those from `first_seq` to `last_seq`, newest first.
  std::vector<InspectedTransaction> committed(std::uint64_t first_seq,
                                              std::uint64_t last_seq) const;

  /// At most bounds::inspect_transactions of them.
  std::vector<InspectedTransaction> uncommitted();

  /// Adds the unreferenced ones among the records after `last`, a page of them, and moves `last`
  /// on. False: there were no more.
  bool add_unreferenced(std::uint64_t now_ms, std::string& last, InspectedChunks& chunks) const;

  /// Adds what would go with those of `uncommitted` that may go now.
  void add_collectable(const std::vector<InspectedTransaction>& uncommitted, std::uint64_t now_ms,
                       GarbageEstimate& estimate) const;

 private:
  InspectedTransaction inspect(TransactionId id, const format::TransactionRecord& record) const;
  InspectedTransaction inspect_uncommitted(TransactionId id);
  std::uint64_t dead_since_ms(TransactionId base);
  format::TransactionRecord existing_transaction(TransactionId id) const;
  void add_unreferenced(const format::ChunkRecord& chunk, std::uint64_t now_ms,
                        InspectedChunks& chunks) const;

  MDB_txn* const txn_;
  const Tables& tables_;
  const GarbageRules& rules_;
  const LogReader log_;
  const format::StoreId store_;
  const format::LogState state_;
  /// The base last asked for: forks have it in common.
  std::optional<TransactionId> dead_base_;
  std::uint64_t dead_since_ms_ = 0;
};

}  // namespace mentat_sync
