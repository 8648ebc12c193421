// FakeStore: a Store whose answers the test decides: what, when, in which order, on which thread.
//
// Thread-safety: every function may be called from any thread.
#pragma once

#include "storage/store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {

class FakeStore final : public Store {
 public:
  /// How a command ends.
  using Answer = std::function<Outcome(const Command&)>;

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

  /// Completes whatever comes, on a thread of its own, until the store is destroyed; as `applied`,
  /// or as `answer` says.
  void complete_by_itself(Answer answer = {});
  /// Completes the command that has waited longest / shortest, on this thread.
  void complete_first(Verdict verdict = Verdict::applied);
  void complete_first(Outcome outcome);
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

  /// Where HEAD is from now on, of every user.
  void set_head(const Head& head);
  /// From now on questions for HEAD wait until answer_head().
  void hold_heads(bool hold) { holds_heads_ = hold; }
  /// Answers the one that has waited longest; waits for it.
  void answer_head(const Head& head);
  /// How often HEAD was asked for.
  std::size_t head_reads() const { return head_reads_; }

  /// What listings of users give, one page after another; then they begin anew.
  void set_user_pages(std::vector<UserPage> pages);
  /// The listings that were asked for.
  std::vector<ListUsers> user_queries() const;

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
  Outcome outcome_for(const Command& command) const;
  Waiting take_waiting(bool first);
  template <class T>
  void answer(ReadHandler<T> done, T value);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::vector<std::string> submitted_;
  Answer answer_;
  Head head_{{}, 7};
  std::deque<ReadHandler<Head>> held_heads_;
  std::vector<UserPage> user_pages_;
  std::vector<ListUsers> user_queries_;
  bool stops_ = false;
  std::atomic<bool> refuses_{false};
  std::atomic<bool> throws_{false};
  std::atomic<bool> reads_elsewhere_{false};
  std::atomic<bool> fails_reads_{false};
  std::atomic<bool> holds_heads_{false};
  std::atomic<std::size_t> head_reads_{0};
  std::atomic<std::uint32_t> last_limit_{0};
  std::thread writer_;
  std::vector<std::thread> readers_;
};

}  // namespace mentat_sync
