// LogWriter: changes one user's log inside a write transaction, record by record, and keeps the
// counters of its state exact. The invariants of docs/storage_format.md live here; the rules of the
// commands do not.
//
// Thread-safety: belongs to the writer's thread.
// Lifetime: one command; what it returns by view is valid until the next change.
// Failures: throws LmdbFailure and CorruptRecord, after which the transaction must be aborted.
#pragma once

#include "storage/lmdb/garbage_rules.hpp"
#include "storage/lmdb/log_reader.hpp"
#include "storage/lmdb/pull_record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// For pull records one command reads at most so many transactions and chunks that are stored
/// already; where HEAD moves over more, the other transactions have none.
inline constexpr std::size_t pull_reads_per_command = 16'384;

/// What the commands of one write transaction share.
struct WriteContext {
  WriteContext(MDB_txn* transaction, const Tables& all_tables, const GarbageRules& garbage_rules,
               const UserLimits& user_limits, std::uint64_t clock_ms,
               std::size_t records_per_collection);

  MDB_txn* txn;
  const Tables& tables;
  const GarbageRules& rules;
  const UserLimits& limits;
  /// The wall clock that records of this transaction carry, ms since 1970.
  std::uint64_t now_ms;
  /// Records that one Collect may remove or rewrite.
  std::size_t collect_changes;
  /// Payloads are numbered upwards, so that a new one is appended and moves no other.
  std::uint64_t next_payload;
};

/// How often new transactions name a chunk, and the sequence number of the first of these.
struct ChunkNaming {
  std::uint64_t references = 0;
  std::uint64_t first_seq = 0;
};

class LogWriter {
 public:
  /// The log as it is; one that was never written to is begun by the first change that adds.
  LogWriter(WriteContext& context, UserId user);

  bool begun() const { return store_.has_value(); }
  /// Only when begun().
  format::StoreId store() const { return *store_; }
  const format::LogState& state() const { return state_; }
  const LogReader& reader() const { return reader_; }

  // As LogReader; nothing when the log has not begun.
  std::optional<format::TransactionRecord> transaction(TransactionId id) const;
  std::optional<format::TransactionRecord> link(TransactionId id) const;
  std::optional<format::ChunkRecord> chunk(const ChunkId& id) const;
  bool is_committed(TransactionId id, std::uint64_t seq) const;
  bool has_pending_child(TransactionId id) const;
  /// Whether these are the bytes of the chunk.
  bool holds(const format::ChunkRecord& record, std::string_view bytes) const;

  /// Whether the user may store `bytes` more; nothing more always fits.
  bool quota_allows(std::uint64_t bytes) const;

  // Each leaves the state's counters true in memory; save() writes them.
  void store_chunk(const ChunkId& id, std::string_view bytes, ChunkNaming naming = {});
  /// Its lease starts now.
  void renew_lease(const ChunkId& id, format::ChunkRecord record);
  void add_references(const ChunkId& id, ChunkNaming naming);
  /// The lease of one that nothing names any more starts now.
  void drop_reference(const ChunkId& id);
  /// By its key in `logs`; `record` may be without a tail.
  void erase_chunk(format::Bytes key, const format::ChunkRecord& record);

  /// A new transaction that HEAD has not reached; its chunks are referenced here.
  void store_pending(TransactionId id, const format::TransactionRecord& record);
  /// One without pending children; its chunks are released here.
  void erase_pending(TransactionId id, const format::TransactionRecord& record);
  /// HEAD moves to its pending child `id`.
  void advance_to(TransactionId id);
  /// HEAD moves to its new child `id`, whose base is `base`, and whose chunks have been referenced;
  /// `find` finds them.
  void advance_to_new(TransactionId id, TransactionId base, const std::vector<ChunkId>& chunks,
                      const FindPulled& find);
  /// A stored chunk for the pull record of the transaction that HEAD moves to next.
  std::optional<PulledChunk> pulled_chunk(PackedIdView id, std::uint64_t mentions) const;
  /// Whether so many stored records more may be read for pull records by this command.
  bool may_read_for_pulls(std::size_t count);

  void save();

 private:
  void begin();
  void put_chunk(const ChunkId& id, const format::ChunkRecord& record);
  void append_committed(TransactionId id, std::uint64_t record_bytes,
                        const std::optional<std::string>& pull);
  std::optional<std::string> pull_record_of_stored(TransactionId id, format::Bytes record);

  WriteContext& context_;
  const LogReader reader_;
  const UserId user_;
  std::optional<format::StoreId> store_;
  format::LogState state_;
  std::size_t pull_reads_left_ = pull_reads_per_command;
};

}  // namespace mentat_sync
