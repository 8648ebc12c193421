// Store: what the rest of the system knows of persistence.
//
// Commands go in through submit() and are answered after they are on disk; queries are answered
// from a consistent snapshot that holds every command answered before. No transaction of the engine
// is visible here, so that an engine other than LMDB, with a network between, fits behind the same
// interface: that is why reads take a handler too, though LMDB's complete before read() returns.
//
// Thread-safety: every function may be called from any thread.
// Ownership: handlers are called exactly once, and destroyed after that. The caller keeps what they
// refer to alive until then.
// Order: commands submitted by one thread are applied in that order; so are the answers of the
// commands of one batch. Of different users, a FindMissing with very many chunks may come later.
// Failures: none throws. A command always ends in an Outcome, a query in a Result.
#pragma once

#include "storage/commands.hpp"
#include "storage/once.hpp"
#include "storage/outcome.hpp"
#include "storage/queries.hpp"
#include "storage/result.hpp"

#include <cstdint>

namespace mentat_sync {

/// Called on the store's own writer thread, or on the caller's before submit() returns when the
/// command is refused at the door. Must be short and must not throw: it holds up all users.
using OutcomeHandler = Once<Outcome, 24>;

/// Called on any thread, for LMDB the caller's. Must not throw. It has room for what answers a GET.
template <class T>
using ReadHandler = Once<Result<T>, 136>;

/// For the start-up line and for monitoring.
struct StoreStatistics {
  std::uint64_t users = 0;
  /// Bytes of the data file in use.
  std::uint64_t used_bytes = 0;
  /// Bytes of the data file on disk.
  std::uint64_t file_bytes = 0;
  std::uint64_t map_bytes = 0;
  /// Of the data file: pages that were used and are free again.
  std::uint64_t free_bytes = 0;
  /// Write transactions committed, and commands answered by them, since the store was opened.
  std::uint64_t commits = 0;
  std::uint64_t commands = 0;
  /// Commands that wait to be applied or are being, and their bytes.
  std::uint64_t queued_commands = 0;
  std::uint64_t queued_bytes = 0;
  /// Deleted logs whose space has not come back yet.
  std::uint64_t purges_pending = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual void submit(Command command, OutcomeHandler done) = 0;

  virtual void read(ReadHead query, ReadHandler<Head> done) = 0;
  virtual void read(ReadSummary query, ReadHandler<Summary> done) = 0;
  virtual void read(ListTransactions query, ReadHandler<TransactionPage> done) = 0;
  virtual void read(ReadTransaction query, ReadHandler<Transaction> done) = 0;
  virtual void read(ReadChunk query, ReadHandler<Chunk> done) = 0;
  virtual void read(ReadLog query, ReadHandler<LogPiece> done) = 0;
  virtual void read(ListUsers query, ReadHandler<UserPage> done) = 0;

  virtual Result<StoreStatistics> statistics() = 0;

  /// Not ok once a commit has failed: writes are refused until the store is opened anew.
  virtual Status health() const = 0;
};

}  // namespace mentat_sync
