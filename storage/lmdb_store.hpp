// LmdbStore: the Store on LMDB. Composes the environment, the snapshots and the writer.
//
// Thread-safety: as Store.
// Ownership and lifetime: owns the data directory (an exclusive lock) and the writer's thread until
// it is destroyed. The destructor refuses new commands, answers those queued, and joins the thread.
// Failures: open() names the file and the remedy.
#pragma once

#include "storage/bounds.hpp"
#include "storage/log.hpp"
#include "storage/result.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace mentat_sync {

enum class ChunkIds {
  /// 64 hexadecimal digits must be the SHA-256 of the bytes; any other id is opaque.
  any,
  /// Only the former.
  sha256,
};

/// When garbage may be collected.
struct CollectionRules {
  /// A transaction that HEAD can no longer reach stays this long after HEAD moved away from it.
  std::chrono::milliseconds dead_grace = bounds::dead_grace;
  /// A transaction that HEAD can yet reach stays this long after it was stored.
  std::chrono::milliseconds abandoned_after = bounds::abandoned_after;
  /// A chunk that no transaction names stays at least this long after a client was told that it is
  /// there.
  std::chrono::milliseconds chunk_lease = bounds::chunk_lease;
};

/// What one user may have.
struct UserLimits {
  std::size_t chunks_per_transaction = bounds::chunks_per_transaction;
  /// Transactions that HEAD may yet reach.
  std::uint64_t pending_transactions = bounds::pending_transactions_per_user;
  /// Chunks and the records of transactions, pending and dead ones included; 0: no bound. What is
  /// stored already is never refused, and neither is moving HEAD nor deleting.
  std::uint64_t bytes = bounds::user_bytes_default;
};

/// One write transaction, for metrics.
struct CommitReport {
  /// Commands in it; 0: a step of the purge.
  std::size_t commands = 0;
  std::uint64_t bytes = 0;
  /// From the oldest command's arrival in the queue to the beginning of the transaction.
  std::chrono::nanoseconds waited{0};
  /// Applying the commands.
  std::chrono::nanoseconds applied{0};
  /// LMDB's commit: writing the pages and syncing them to the disk.
  std::chrono::nanoseconds committed{0};
  bool succeeded = false;
};
/// Called on the writer's thread: must be short and must not throw.
using CommitObserver = std::function<void(const CommitReport&)>;

struct LmdbStoreOptions {
  /// Created, with its parents, when it is not there.
  std::filesystem::path directory;
  ChunkIds chunk_ids = ChunkIds::any;
  std::uint64_t max_chunk_bytes = bounds::chunk_bytes_default;
  /// How large the map starts, and may become (0: as the disk allows).
  std::uint64_t initial_map_bytes = bounds::map_bytes_initial;
  std::uint64_t max_map_bytes = 0;
  CollectionRules collection;
  UserLimits user_limits;
  std::size_t max_batch_commands = bounds::batch_commands;
  std::uint64_t max_batch_bytes = bounds::batch_bytes;
  std::size_t max_queue_commands = bounds::writer_queue_commands;
  std::uint64_t max_queue_bytes = bounds::writer_queue_bytes;
  CommitObserver on_commit;
  Log log;
};

class LmdbStore final : public Store {
 public:
  /// busy: another process has the directory open. corrupt: a file that is no store, or one of an
  /// unknown format version. full, io: from the file system.
  static Result<std::unique_ptr<LmdbStore>> open(LmdbStoreOptions options);
  ~LmdbStore() override;
  LmdbStore(const LmdbStore&) = delete;
  LmdbStore& operator=(const LmdbStore&) = delete;

  void submit(Command command, OutcomeHandler done) override;
  void read(ReadHead query, ReadHandler<Head> done) override;
  void read(ReadSummary query, ReadHandler<Summary> done) override;
  void read(ListTransactions query, ReadHandler<TransactionPage> done) override;
  void read(ReadTransaction query, ReadHandler<Transaction> done) override;
  void read(ReadChunk query, ReadHandler<Chunk> done) override;
  void read(ReadLog query, ReadHandler<LogPiece> done) override;
  void read(ListUsers query, ReadHandler<UserPage> done) override;
  Result<StoreStatistics> statistics() override;
  Status health() const override;

 private:
  class Impl;
  explicit LmdbStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mentat_sync
