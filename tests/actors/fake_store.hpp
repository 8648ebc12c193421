// FakeStore: a Store whose completions the test decides: when, in which order, on which thread.
//
// Thread-safety: every function may be called from any thread.
#pragma once

#include "storage/store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {

class FakeStore final : public Store {
 public:
  FakeStore() = default;
  ~FakeStore() override;

  void submit(Command command, OutcomeHandler done) override;
  void read(ReadHead query, ReadHandler<Head> done) override;
  void read(ReadSummary query, ReadHandler<Summary> done) override;
  void read(ListTransactions query, ReadHandler<TransactionPage> done) override;
  void read(ReadTransaction query, ReadHandler<Transaction> done) override;
  void read(ReadChunk query, ReadHandler<Chunk> done) override;
  void read(ReadLog query, ReadHandler<LogPiece> done) override;
  void read(ListUsers query, ReadHandler<UserPage> done) override;
  Result<StoreStatistics> statistics() override { return StoreStatistics{}; }
  Status health() const override { return {}; }

  /// Completes whatever comes, on a thread of its own, until the store is destroyed.
  void complete_by_itself();
  /// Completes the command that has waited longest / shortest, on this thread.
  void complete_first(Verdict verdict = Verdict::applied);
  void complete_last(Verdict verdict = Verdict::applied);
  /// Completes all that wait. Returns how many.
  std::size_t complete_all(Verdict verdict = Verdict::applied);
  /// From now on submit() completes inline with `overloaded`.
  void refuse_at_the_door(bool refuse) { refuses_ = refuse; }
  /// The next submit() throws, which no store may do: it makes the calling actor fail.
  void throw_once() { throws_ = true; }
  /// From now on reads are answered on another thread.
  void read_elsewhere(bool elsewhere) { reads_elsewhere_ = elsewhere; }
  /// From now on reads fail.
  void fail_reads(bool fail) { fails_reads_ = fail; }

  /// Whether so many commands wait, before ten seconds are over.
  bool wait_for_waiting(std::size_t count);
  /// The chunk ids of the commands submitted, in the order of submission.
  std::vector<std::string> submitted_chunks() const;
  std::uint32_t last_limit() const { return last_limit_; }

 private:
  struct Waiting {
    Command command;
    OutcomeHandler done;
  };

  void run();
  template <class T>
  void answer(ReadHandler<T> done, T value);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::vector<std::string> submitted_;
  bool stops_ = false;
  std::atomic<bool> refuses_{false};
  std::atomic<bool> throws_{false};
  std::atomic<bool> reads_elsewhere_{false};
  std::atomic<bool> fails_reads_{false};
  std::atomic<std::uint32_t> last_limit_{0};
  std::thread writer_;
  std::vector<std::thread> readers_;
};

}  // namespace mentat_sync
