// What each query sees: committed transactions only, and stored chunks.
#include "storage/lmdb/snapshot.hpp"

#include "storage/lmdb/log_walk.hpp"
#include "storage/lmdb/user_list.hpp"

#include <algorithm>

namespace mentat_sync {

format::LogState Snapshot::state_of(UserId user) const {
  const auto store = log_.find_store(user);
  return store ? log_.state(*store) : format::LogState{};
}

Head Snapshot::answer(const ReadHead& query) const {
  const auto state = state_of(query.user);
  return {state.head, state.seq};
}

Summary Snapshot::answer(const ReadSummary& query) const {
  const auto state = state_of(query.user);
  Summary summary;
  summary.head = state.head;
  summary.seq = state.seq;
  summary.transaction_count = state.seq;  // numbered from 1 without gaps
  summary.transaction_bytes = state.transaction_bytes;
  summary.chunk_count = state.chunk_count;
  summary.chunk_bytes = state.chunk_bytes;
  return summary;
}

TransactionPage Snapshot::answer(const ListTransactions& query) const {
  TransactionPage page;
  const auto store = log_.find_store(query.user);
  std::uint64_t from_seq = 0;
  if (!query.from.is_root()) {
    const auto link = store ? log_.link(*store, query.from) : std::nullopt;
    if (!link || !log_.is_committed(*store, query.from, link->seq)) return page;
    from_seq = link->seq;
  }
  page.from_found = true;
  if (!store) return page;
  const std::uint64_t after = log_.state(*store).seq - from_seq;
  const auto count = std::min<std::uint64_t>(after, query.limit);
  page.transactions = log_.committed(*store, from_seq + 1, count);
  page.more = after > count;
  return page;
}

Transaction Snapshot::answer(const ReadTransaction& query) const {
  const auto store = log_.find_store(query.user);
  if (!store) return {};
  auto record = log_.transaction(*store, query.transaction);
  if (!record || !log_.is_committed(*store, query.transaction, record->seq)) return {};
  Transaction transaction;
  transaction.found = true;
  transaction.id = query.transaction;
  transaction.seq = record->seq;
  transaction.parent = record->parent;
  transaction.chunks = std::move(record->chunks);
  return transaction;
}

Chunk Snapshot::answer(const ReadChunk& query) const {
  const auto store = log_.find_store(query.user);
  const auto record = store ? log_.chunk(*store, query.chunk) : std::nullopt;
  if (!record) return {};
  const format::Bytes payload = log_.payload(*record);
  Chunk chunk;
  chunk.found = true;
  chunk.bytes.reserve(record->size);
  chunk.bytes.append(payload).append(record->tail);
  chunk.lease_is_due = rules_.lease_is_due(*record, wall_clock_ms());
  return chunk;
}

LogPiece Snapshot::answer(ReadLog&& query) const {
  return LogWalk{txn_.get(), tables_, std::move(query)}.next_piece();
}

UserPage Snapshot::answer(const ListUsers& query) const {
  return list_users(txn_.get(), tables_, query);
}

}  // namespace mentat_sync
