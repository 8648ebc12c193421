// FakeStore: see the header.
#include "fake_store.hpp"

#include <stdexcept>
#include <utility>

namespace mentat_sync {

FakeStore::~FakeStore() {
  {
    std::lock_guard lock{mutex_};
    stops_ = true;
  }
  changed_.notify_all();
  if (writer_.joinable()) writer_.join();
  for (auto& reader : readers_) reader.join();
  complete_all(Verdict::unavailable);
}

void FakeStore::submit(Command command, OutcomeHandler done) {
  if (throws_.exchange(false)) throw std::runtime_error("the test asked for it");
  if (refuses_) return done(outcome_of(Verdict::overloaded));
  std::lock_guard lock{mutex_};
  if (const auto* put = std::get_if<PutChunk>(&command)) {
    submitted_.push_back(put->chunk.to_string());
  }
  waiting_.push_back({std::move(command), std::move(done)});
  changed_.notify_all();
}

void FakeStore::complete_by_itself() {
  writer_ = std::thread{[this] { run(); }};
}

void FakeStore::run() {
  std::unique_lock lock{mutex_};
  while (!stops_) {
    changed_.wait(lock, [this] { return stops_ || !waiting_.empty(); });
    lock.unlock();
    complete_all();
    lock.lock();
  }
}

void FakeStore::complete_first(Verdict verdict) {
  std::unique_lock lock{mutex_};
  auto waiting = std::move(waiting_.front());
  waiting_.pop_front();
  lock.unlock();
  waiting.done(outcome_of(verdict));
}

void FakeStore::complete_last(Verdict verdict) {
  std::unique_lock lock{mutex_};
  auto waiting = std::move(waiting_.back());
  waiting_.pop_back();
  lock.unlock();
  waiting.done(outcome_of(verdict));
}

std::size_t FakeStore::complete_all(Verdict verdict) {
  std::deque<Waiting> batch;
  {
    std::lock_guard lock{mutex_};
    batch.swap(waiting_);
  }
  for (auto& waiting : batch) waiting.done(outcome_of(verdict));
  return batch.size();
}

bool FakeStore::wait_for_waiting(std::size_t count) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, std::chrono::seconds{10},
                           [&] { return waiting_.size() >= count; });
}

std::vector<std::string> FakeStore::submitted_chunks() const {
  std::lock_guard lock{mutex_};
  return submitted_;
}

template <class T>
void FakeStore::answer(ReadHandler<T> done, T value) {
  Result<T> result{std::move(value)};
  if (fails_reads_) result = Status{ErrorCode::io, "the disk is gone"};
  if (!reads_elsewhere_) return done(std::move(result));
  std::lock_guard lock{mutex_};
  readers_.emplace_back(
      [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
}

void FakeStore::read(ReadHead, ReadHandler<Head> done) {
  answer(std::move(done), Head{{}, 7});
}

void FakeStore::read(ReadSummary, ReadHandler<Summary> done) {
  Summary summary;
  summary.chunk_count = 11;
  answer(std::move(done), summary);
}

void FakeStore::read(ListTransactions query, ReadHandler<TransactionPage> done) {
  last_limit_ = query.limit;
  answer(std::move(done), TransactionPage{true, {query.from}, false});
}

void FakeStore::read(ReadTransaction query, ReadHandler<Transaction> done) {
  answer(std::move(done), Transaction{true, query.transaction, 3, {}, {}});
}

void FakeStore::read(ReadChunk query, ReadHandler<Chunk> done) {
  answer(std::move(done), Chunk{true, "bytes of " + query.chunk.to_string()});
}

void FakeStore::read(ReadLog, ReadHandler<LogPiece> done) {
  answer(std::move(done), LogPiece{});
}

void FakeStore::read(ListUsers query, ReadHandler<UserPage> done) {
  last_limit_ = query.limit;
  answer(std::move(done), UserPage{});
}

}  // namespace mentat_sync
