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

void FakeStore::complete_by_itself(Answer answer) {
  answer_ = std::move(answer);
  writer_ = std::thread{[this] { run(); }};
}

void FakeStore::run() {
  std::unique_lock lock{mutex_};
  while (!stops_) {
    changed_.wait(lock, [this] { return stops_ || !waiting_.empty(); });
    std::deque<Waiting> batch;
    batch.swap(waiting_);
    lock.unlock();
    for (auto& waiting : batch) waiting.done(outcome_for(waiting.command));
    batch.clear();
    lock.lock();
  }
}

Outcome FakeStore::outcome_for(const Command& command) const {
  return answer_ ? answer_(command) : outcome_of(Verdict::applied);
}

FakeStore::Waiting FakeStore::take_waiting(bool first) {
  std::lock_guard lock{mutex_};
  auto waiting = std::move(first ? waiting_.front() : waiting_.back());
  first ? waiting_.pop_front() : waiting_.pop_back();
  return waiting;
}

void FakeStore::complete_first(Verdict verdict) {
  complete_first(outcome_of(verdict));
}

void FakeStore::complete_first(Outcome outcome) {
  take_waiting(true).done(std::move(outcome));
}

void FakeStore::complete_last(Verdict verdict) {
  take_waiting(false).done(outcome_of(verdict));
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
  ++head_reads_;
  std::unique_lock lock{mutex_};
  if (holds_heads_) {
    held_heads_.push_back(std::move(done));
    changed_.notify_all();
    return;
  }
  const Head head = head_;
  lock.unlock();
  answer(std::move(done), head);
}

void FakeStore::set_head(const Head& head) {
  std::lock_guard lock{mutex_};
  head_ = head;
}

void FakeStore::answer_head(const Head& head) {
  std::unique_lock lock{mutex_};
  const bool asked =
      changed_.wait_for(lock, std::chrono::seconds{10}, [this] { return !held_heads_.empty(); });
  if (!asked) throw std::runtime_error("HEAD was not asked for");
  const ReadHandler<Head> done = std::move(held_heads_.front());
  held_heads_.pop_front();
  lock.unlock();
  done(head);
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
  std::unique_lock lock{mutex_};
  user_queries_.push_back(query);
  UserPage page;
  if (!user_pages_.empty()) page = user_pages_[(user_queries_.size() - 1) % user_pages_.size()];
  lock.unlock();
  answer(std::move(done), std::move(page));
}

void FakeStore::set_user_pages(std::vector<UserPage> pages) {
  std::lock_guard lock{mutex_};
  user_pages_ = std::move(pages);
}

std::vector<ListUsers> FakeStore::user_queries() const {
  std::lock_guard lock{mutex_};
  return user_queries_;
}

}  // namespace mentat_sync
