// The writer's loop: take, apply, commit, answer.
#include "storage/lmdb/writer.hpp"

#include "storage/lmdb/apply.hpp"
#include "storage/lmdb/purge.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <pthread.h>

namespace mentat_sync {
namespace {

/// Whether it makes the store larger: deleting and collecting take away, moving HEAD and renewing
/// leases replace entries.
bool adds(const Command& command) {
  return std::holds_alternative<PutChunk>(command) ||
         std::holds_alternative<PutTransaction>(command) || std::holds_alternative<Push>(command);
}

/// Looks up so much that it would hold up what is committed with it.
bool is_long(const Command& command) {
  const auto* find = std::get_if<FindMissing>(&command);
  return find != nullptr && find->chunks.size() > bounds::find_missing_beside_others;
}

/// Signals are for the program's main thread.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Writer::Writer(Environment& environment, const Tables& tables, const LmdbStoreOptions& options)
    : environment_(environment), tables_(tables), options_(options), rules_(options.collection) {
  thread_ = std::thread{[this] { run(); }};
}

Writer::~Writer() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

void Writer::submit(Command command, OutcomeHandler done) {
  const std::size_t bytes = bytes_of(command);
  const auto arrived = options_.on_commit ? std::chrono::steady_clock::now() : CommitClock::Time{};
  Verdict refusal = Verdict::unavailable;
  {
    const std::lock_guard lock{mutex_};
    if (!stopping_ && poison_.ok()) {
      const bool fits = waiting_.commands < options_.max_queue_commands &&
                        waiting_.bytes + bytes <= options_.max_queue_bytes;
      if (fits) {
        waiting_.commands += 1;
        waiting_.bytes += bytes;
        if (queue_.empty() && long_.empty()) work_.notify_one();
        enqueue({std::move(command), std::move(done), bytes, arrived, {}});
        return;
      }
      refusal = Verdict::overloaded;
    }
  }
  done(outcome_of(refusal));
}

/// Under the lock.
void Writer::enqueue(Pending pending) {
  const UserId user = user_of(pending.command);
  const bool behind = !held_up_.empty() && held_up_.contains(user);
  if (!behind && !is_long(pending.command)) return queue_.push_back(std::move(pending));
  ++held_up_[user];
  long_.push_back(std::move(pending));
}

/// Under the lock: all that may go, then one long command and what waits behind it.
void Writer::take(std::vector<Pending>& taken) {
  taken.swap(queue_);
  bool first = true;
  while (!long_.empty() && (first || !is_long(long_.front().command))) {
    first = false;
    const auto held_up = held_up_.find(user_of(long_.front().command));
    if (--held_up->second == 0) held_up_.erase(held_up);
    taken.push_back(std::move(long_.front()));
    long_.pop_front();
  }
}

Status Writer::health() const {
  const std::lock_guard lock{mutex_};
  return poison_;
}

Writer::Waiting Writer::waiting() const {
  const std::lock_guard lock{mutex_};
  return waiting_;
}

void Writer::run() {
  block_signals();
  purge_pending_ = find_purges();
  std::vector<Pending> taken;
  while (wait_for_work()) {
    {
      const std::lock_guard lock{mutex_};
      take(taken);
    }
    work_off(taken);
    taken.clear();
    if (purge_pending_) purge_when_idle();
  }
}

/// False when it is time to end. Comes back without work when a purge step is due.
bool Writer::wait_for_work() {
  std::unique_lock lock{mutex_};
  while (queue_.empty() && long_.empty() && !stopping_) {
    if (!purge_pending_ || !poison_.ok()) {
      work_.wait(lock);
    } else if (std::chrono::steady_clock::now() < purge_not_before_) {
      work_.wait_until(lock, purge_not_before_);
    } else {
      return true;
    }
  }
  return !queue_.empty() || !long_.empty();
}

void Writer::work_off(std::vector<Pending>& taken) {
  Batch rest{taken};
  while (!rest.empty()) {
    const Batch batch = next_batch(rest);
    execute(batch);
    answer(batch);
    rest = rest.subspan(batch.size());
    if (purge_pending_ && ++batches_since_purge_ >= bounds::batches_between_purges) purge();
  }
}

/// From the front, at least one, at most what one write transaction should hold. What came before a
/// long one does not wait for it.
Writer::Batch Writer::next_batch(Batch rest) const {
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  while (count < rest.size() && count < options_.max_batch_commands) {
    bytes += rest[count].bytes;
    if (count > 0 && (bytes > options_.max_batch_bytes || is_long(rest[count].command))) break;
    ++count;
  }
  return rest.first(count);
}

void Writer::execute(Batch batch) {
  if (!health().ok()) return fail(batch, Verdict::unavailable);
  const bool room = has_room_for(batch);
  int code = apply_and_commit(batch, room);
  while (code == MDB_MAP_FULL && grow()) {
    code = apply_and_commit(batch, room);
  }
  if (code == MDB_SUCCESS) {
    collect_changes_ = std::min(2 * collect_changes_, bounds::collect_changes);
    const bool grew = room && bytes_added(batch) > 0;
    return note_full(full_ && !grew);
  }
  if (!health().ok()) return fail(batch, Verdict::unavailable);
  if (batch.size() > 1) return execute_one_by_one(batch);
  if (!is_full(code)) return fail(batch, Verdict::unavailable);
  if (std::holds_alternative<Collect>(batch.front().command) && collect_changes_ > 1) {
    collect_changes_ /= 2;  // a smaller step copies fewer pages
    return execute(batch);
  }
  note_full(true);
  fail(batch, Verdict::storage_full);
}

/// Says when the store becomes full and when it is not any more, not at each refusal.
void Writer::note_full(bool full) {
  const auto now = std::chrono::steady_clock::now();
  if (full == full_ || now < full_log_not_before_) return;
  full_ = full;
  full_log_not_before_ = now + bounds::full_log_interval;
  if (!options_.log) return;
  const auto file_bytes = std::to_string(environment_.size().file_bytes);
  if (full) {
    options_.log(LogLevel::error, "store is full, writes are refused",
                 {{"file_bytes", file_bytes}});
  } else {
    options_.log(LogLevel::info, "store has room again", {{"file_bytes", file_bytes}});
  }
}

std::uint64_t Writer::bytes_added(Batch batch) {
  std::uint64_t bytes = 0;
  for (const Pending& pending : batch) {
    if (adds(pending.command)) bytes += pending.bytes;
  }
  return bytes;
}

bool Writer::has_room_for(Batch batch) {
  try {
    return environment_.has_room_for(bytes_added(batch));
  } catch (const LmdbFailure& failure) {
    log_failure("free pages not counted", failure.what());
    return false;
  }
}

bool Writer::grow() {
  try {
    if (!environment_.grow()) return false;
    log_growth();
    return true;
  } catch (const LmdbFailure& failure) {
    poison(failure.what());
    return false;
  }
}

/// A command that does not fit, or that meets a damaged record, must not take the others with it.
void Writer::execute_one_by_one(Batch batch) {
  for (Pending& pending : batch) execute(Batch{&pending, 1});
}

int Writer::apply_and_commit(Batch batch, bool room) {
  try {
    clear_dead_readers();
    WriteTxn txn = environment_.begin_write();
    CommitClock clock = clock_of(batch);
    Applier applier{
        {txn.get(), tables_, rules_, options_.user_limits, wall_clock_ms(), collect_changes_}};
    for (Pending& pending : batch) {
      pending.outcome = applier.apply(pending.command);
      // Without room, what is stored already is still answered so.
      if (!room && adds(pending.command) && pending.outcome.verdict == Verdict::applied) {
        return ENOSPC;
      }
    }
    return commit(txn, clock);
  } catch (const LmdbFailure& failure) {
    if (failure.code() == MDB_PANIC) poison(failure.what());
    if (!is_full(failure.code())) log_failure("command not applied", failure.what());
    return failure.code();
  } catch (const CorruptRecord& record) {
    log_failure("damaged record found", record.what());
    return MDB_CORRUPTED;
  } catch (const std::exception& other) {  // no memory
    log_failure("command not applied", other.what());
    return ENOMEM;
  }
}

/// Now and then: processes that look on are few, and seldom killed.
void Writer::clear_dead_readers() {
  if (commits() < next_reader_check_) return;
  next_reader_check_ = commits() + bounds::commits_between_reader_checks;
  environment_.clear_dead_readers();
}

CommitClock Writer::clock_of(Batch batch) const {
  CommitClock clock{options_.on_commit};
  std::uint64_t bytes = 0;
  for (const Pending& pending : batch) bytes += pending.bytes;
  clock.is_of(batch.size(), bytes, batch.front().arrived);
  return clock;
}

int Writer::commit(WriteTxn& txn, CommitClock& clock) {
  clock.applied();
  int code = txn.commit();
  clock.committed(code == MDB_SUCCESS);
  // LMDB reports a write that a full disk cut short as EIO.
  if (code == EIO && environment_.disk_is_full()) code = ENOSPC;
  if (code == MDB_SUCCESS) {
    commits_.fetch_add(1, std::memory_order_relaxed);
  } else if (!is_full(code)) {
    poison(mdb_strerror(code));
  }
  return code;
}

void Writer::poison(const char* reason) {
  log_failure("commit failed, the store refuses writes until it is reopened", reason);
  const std::lock_guard lock{mutex_};
  poison_ = {ErrorCode::unavailable, std::string{"a commit failed ("} + reason +
                                         "); the store refuses writes until it is reopened"};
}

void Writer::fail(Batch batch, Verdict verdict) {
  for (Pending& pending : batch) pending.outcome = outcome_of(verdict);
}

void Writer::answer(Batch batch) {
  std::uint64_t bytes = 0;
  for (const Pending& pending : batch) {
    bytes += pending.bytes;
    const bool deleted = std::holds_alternative<DeleteUser>(pending.command) &&
                         pending.outcome.verdict == Verdict::applied;
    if (deleted) purge_pending_ = true;
  }
  {
    const std::lock_guard lock{mutex_};
    waiting_.commands -= batch.size();
    waiting_.bytes -= bytes;
  }
  commands_.fetch_add(batch.size(), std::memory_order_relaxed);
  for (Pending& pending : batch) pending.done(std::move(pending.outcome));
}

void Writer::purge_when_idle() {
  {
    const std::lock_guard lock{mutex_};
    if (!queue_.empty() || !long_.empty() || stopping_) return;
  }
  purge();
}

void Writer::purge() {
  batches_since_purge_ = 0;
  const auto now = std::chrono::steady_clock::now();
  if (!health().ok() || now < purge_not_before_) return;
  int code = try_purge();
  while (code == MDB_MAP_FULL && grow()) {
    code = try_purge();
  }
  if (code == MDB_SUCCESS) {
    purge_failed_ = false;
    purge_keys_ = std::min(2 * purge_keys_, bounds::purge_keys);
    return;
  }
  if (is_full(code) && purge_keys_ > 1) {
    purge_keys_ /= 2;  // a smaller step copies fewer pages
    return;
  }
  if (!purge_failed_) log_failure("purge step failed, will try again", mdb_strerror(code));
  purge_failed_ = true;
  purge_not_before_ = now + bounds::purge_retry;
}

int Writer::try_purge() {
  try {
    WriteTxn txn = environment_.begin_write();
    CommitClock clock{options_.on_commit};
    purge_step(txn.get(), tables_, purge_keys_);
    const bool more = purge_waiting(txn.get(), tables_);
    const int code = commit(txn, clock);
    if (code == MDB_SUCCESS) purge_pending_ = more;
    return code;
  } catch (const LmdbFailure& failure) {
    if (failure.code() == MDB_PANIC) poison(failure.what());
    return failure.code();
  } catch (const CorruptRecord& record) {
    log_failure("damaged record found", record.what());
    return MDB_CORRUPTED;
  } catch (const std::exception&) {  // no memory
    return ENOMEM;
  }
}

bool Writer::find_purges() {
  try {
    const ReadTxn txn = environment_.begin_read();
    return purge_waiting(txn.get(), tables_);
  } catch (const std::exception& failure) {
    log_failure("cannot look for deleted logs", failure.what());
    return false;
  }
}

void Writer::log_growth() const {
  if (!options_.log) return;
  options_.log(LogLevel::info, "map grew",
               {{"map_bytes", std::to_string(environment_.size().map_bytes)}});
}

void Writer::log_failure(std::string_view event, const char* reason) const {
  if (options_.log) options_.log(LogLevel::error, event, {{"reason", reason}});
}

}  // namespace mentat_sync
