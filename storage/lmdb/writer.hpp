// Writer: the one thread that changes the store, by group commit.
//
// It takes what has gathered in its queue, applies it in one write transaction, commits once, and
// only then answers each command: one fsync for all of them. While it commits, the next batch
// gathers; there is no timer. Between batches it purges deleted logs, a step at a time.
//
// Each user's commands are applied in the order of their submission. Those of different users too,
// but for questions for hundreds of chunks (FindMissing): one of them at a time, after what else
// has gathered, so that whoever asks many of them delays others' writes by one.
//
// Its duties end at the outcome handlers, which must be short. Forbidden: to wait for anything but
// its queue, the disk, and (to grow the map) the readers inside the gate.
//
// Thread-safety: every public function may be called from any thread.
// Lifetime: the destructor refuses new commands, answers those queued, and joins the thread.
// Failures: a batch that does not fit (map or disk full) is tried again command by command, so that
// what fits goes through. After any other failed commit the writer is poisoned: what the disk holds
// is unknown, so nothing more is written until the store is opened anew.
#pragma once

#include "storage/commands.hpp"
#include "storage/lmdb/commit_clock.hpp"
#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/garbage_rules.hpp"
#include "storage/lmdb/tables.hpp"
#include "storage/lmdb_store.hpp"
#include "storage/log.hpp"
#include "storage/store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace mentat_sync {

class Writer {
 public:
  /// `options` for the bounds of users, queue and batch, who is told of commits, and the log.
  Writer(Environment& environment, const Tables& tables, const LmdbStoreOptions& options);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(Command command, OutcomeHandler done);

  Status health() const;
  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
  std::uint64_t commands() const { return commands_.load(std::memory_order_relaxed); }

  /// Not answered yet: in the queue, or in the present batch.
  struct Waiting {
    std::size_t commands = 0;
    std::uint64_t bytes = 0;
  };
  Waiting waiting() const;

 private:
  struct Pending {
    Command command;
    OutcomeHandler done;
    std::size_t bytes = 0;
    /// Only when somebody is told of commits.
    CommitClock::Time arrived;
    Outcome outcome;
  };
  using Batch = std::span<Pending>;

  void enqueue(Pending pending);
  void take(std::vector<Pending>& taken);
  void run();
  bool wait_for_work();
  void work_off(std::vector<Pending>& taken);
  Batch next_batch(Batch rest) const;

  static std::uint64_t bytes_added(Batch batch);
  bool has_room_for(Batch batch);
  /// False when the map may not or cannot become larger.
  bool grow();
  void execute(Batch batch);
  void execute_one_by_one(Batch batch);
  /// LMDB's code. The outcomes of `batch` count only after MDB_SUCCESS. Without `room` nothing may
  /// be added.
  int apply_and_commit(Batch batch, bool room);
  void clear_dead_readers();
  int commit(WriteTxn& txn, CommitClock& clock);
  CommitClock clock_of(Batch batch) const;
  void poison(const char* reason);
  void note_full(bool full);
  void fail(Batch batch, Verdict verdict);
  void answer(Batch batch);

  void purge_when_idle();
  void purge();
  /// LMDB's code.
  int try_purge();
  bool find_purges();
  void log_growth() const;
  void log_failure(std::string_view event, const char* reason) const;

  Environment& environment_;
  const Tables& tables_;
  const LmdbStoreOptions& options_;
  const GarbageRules rules_;

  /// Protects the queues; held for the push or the swap only.
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::vector<Pending> queue_;
  /// Long commands, and those of the same users behind them; how many of which user.
  std::deque<Pending> long_;
  std::unordered_map<UserId, std::size_t> held_up_;
  Waiting waiting_;
  bool stopping_ = false;
  Status poison_;

  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> commands_{0};

  // The thread's own.
  std::uint64_t next_reader_check_ = 0;
  /// What the log said last, and when it may say more: large and small writes may alternate.
  bool full_ = false;
  std::chrono::steady_clock::time_point full_log_not_before_{};
  bool purge_failed_ = false;
  bool purge_pending_ = false;
  std::size_t batches_since_purge_ = 0;
  /// Records that the next step removes: fewer once a step did not fit into a full store.
  std::size_t purge_keys_ = bounds::purge_keys;
  /// The same of a collection's step.
  std::size_t collect_changes_ = bounds::collect_changes;
  /// After a step that failed (a full disk) the next one waits.
  std::chrono::steady_clock::time_point purge_not_before_{};
  std::thread thread_;
};

}  // namespace mentat_sync
