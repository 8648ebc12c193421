// Reading a log by the keys of its records rather than by what HEAD reaches.
#include "storage/lmdb/inspection.hpp"

#include "storage/bounds.hpp"

#include <algorithm>
#include <unordered_map>

namespace mentat_sync {
namespace {

using Standing = InspectedTransaction::Standing;

constexpr std::size_t uuid_bytes = sizeof(Uuid);

/// Calls `visit` with the key and the value of what begins with `prefix` and comes after `last`,
/// until it says false. False then; true when there are no more.
template <class Visit>
bool visit_after(MDB_txn* txn, MDB_dbi table, format::Bytes prefix, const std::string& last,
                 Visit visit) {
  const Cursor cursor{txn, table};
  const format::Bytes from = last.empty() ? prefix : format::Bytes(last);
  MDB_val key = to_val(from);
  MDB_val value{};
  int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) {
    if (!to_bytes(key).starts_with(prefix)) return true;
    if (to_bytes(key) == last) continue;
    if (!visit(to_bytes(key), to_bytes(value))) return false;
  }
  if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
  return true;
}

/// None may go before those that descend from it.
void wait_for_descendants(std::vector<InspectedTransaction>& transactions) {
  std::sort(transactions.begin(), transactions.end(),
            [](const auto& a, const auto& b) { return a.seq > b.seq; });
  std::unordered_map<TransactionId, InspectedTransaction*> by_id;
  for (auto& transaction : transactions) by_id.emplace(transaction.id, &transaction);
  for (const auto& child : transactions) {
    const auto parent = by_id.find(child.parent);
    if (parent == by_id.end()) continue;
    auto& when = parent->second->collectable_ms;
    when = std::max(when, child.collectable_ms);
  }
}

}  // namespace

LogInspector::LogInspector(MDB_txn* txn, const Tables& tables, const GarbageRules& rules,
                           format::StoreId store)
    : txn_(txn),
      tables_(tables),
      rules_(rules),
      log_(txn, tables),
      store_(store),
      state_(log_.state(store)) {}

std::vector<InspectedTransaction> LogInspector::committed(std::uint64_t first_seq,
                                                          std::uint64_t last_seq) const {
  std::vector<InspectedTransaction> transactions;
  for (std::uint64_t seq = last_seq; seq >= first_seq && seq > 0; --seq) {
    const auto committed = log_.committed_at(store_, seq);
    auto& transaction =
        transactions.emplace_back(inspect(committed.id, existing_transaction(committed.id)));
    transaction.since_ms = committed.committed_ms;
  }
  return transactions;
}

std::vector<InspectedTransaction> LogInspector::uncommitted() {
  std::vector<InspectedTransaction> transactions;
  const auto prefix = format::kind_prefix(store_, format::Kind::pending);
  visit_after(txn_, tables_.logs, prefix.bytes(), {}, [&](format::Bytes key, format::Bytes) {
    const TransactionId id{format::decode_uuid(key.substr(key.size() - uuid_bytes))};
    transactions.push_back(inspect_uncommitted(id));
    return transactions.size() < bounds::inspect_transactions;
  });
  wait_for_descendants(transactions);
  return transactions;
}

InspectedTransaction LogInspector::inspect(TransactionId id,
                                           const format::TransactionRecord& record) const {
  InspectedTransaction transaction;
  transaction.id = id;
  transaction.parent = record.parent;
  transaction.seq = record.seq;
  transaction.chunks = record.chunks.size();
  for (const auto& chunk : record.chunks)
    transaction.chunk_bytes += log_.existing_chunk(store_, pack(chunk).view()).size;
  transaction.stored_ms = record.stored_ms;
  return transaction;
}

InspectedTransaction LogInspector::inspect_uncommitted(TransactionId id) {
  const auto record = existing_transaction(id);
  auto transaction = inspect(id, record);
  if (record.base == state_.head) {
    transaction.standing = Standing::pending;
    transaction.since_ms = record.stored_ms;
    transaction.collectable_ms = rules_.abandoned_ms(record.stored_ms);
  } else {
    transaction.standing = Standing::dead;
    transaction.since_ms = std::max(dead_since_ms(record.base), record.stored_ms);
    transaction.collectable_ms = rules_.grace_ends_ms(transaction.since_ms);
  }
  return transaction;
}

/// When HEAD moved on from `base`.
std::uint64_t LogInspector::dead_since_ms(TransactionId base) {
  if (dead_base_ == base) return dead_since_ms_;
  std::uint64_t seq = 0;
  if (!base.is_root()) {
    const auto link = log_.link(store_, base);
    if (!link) throw CorruptRecord{"a transaction's base is not there"};
    seq = link->seq;
  }
  dead_since_ms_ = log_.committed_at(store_, seq + 1).committed_ms;
  dead_base_ = base;
  return dead_since_ms_;
}

format::TransactionRecord LogInspector::existing_transaction(TransactionId id) const {
  auto record = log_.transaction(store_, id);
  if (!record) throw CorruptRecord{"a transaction that another record names is not there"};
  return std::move(*record);
}

bool LogInspector::add_unreferenced(std::uint64_t now_ms, std::string& last,
                                    InspectedChunks& chunks) const {
  const auto prefix = format::kind_prefix(store_, format::Kind::chunk);
  std::size_t seen = 0;
  std::string at;
  const bool all = visit_after(txn_, tables_.logs, prefix.bytes(), last,
                               [&](format::Bytes key, format::Bytes value) {
                                 add_unreferenced(format::decode_chunk(value), now_ms, chunks);
                                 if (++seen < bounds::inspect_chunks_page) return true;
                                 at = key;
                                 return false;
                               });
  last = at;
  return !all;
}

void LogInspector::add_unreferenced(const format::ChunkRecord& chunk, std::uint64_t now_ms,
                                    InspectedChunks& chunks) const {
  if (chunk.references > 0) return;
  chunks.count += 1;
  chunks.bytes += chunk.size;
  const std::uint64_t ends_ms = rules_.lease_ends_ms(chunk.touched_ms);
  if (rules_.lease_has_run_out(chunk, now_ms)) {
    chunks.collectable += 1;
    chunks.collectable_bytes += chunk.size;
    return;
  }
  chunks.next_ms = chunks.next_ms == 0 ? ends_ms : std::min(chunks.next_ms, ends_ms);
  chunks.last_ms = std::max(chunks.last_ms, ends_ms);
}

void LogInspector::add_collectable(const std::vector<InspectedTransaction>& uncommitted,
                                   std::uint64_t now_ms, GarbageEstimate& estimate) const {
  std::unordered_map<ChunkId, std::uint64_t> dropped;
  for (const auto& transaction : uncommitted) {
    if (transaction.collectable_ms > now_ms) continue;
    estimate.transactions += 1;
    for (const auto& chunk : existing_transaction(transaction.id).chunks) dropped[chunk] += 1;
  }
  // Their leases begin when they are released, and are over at once where there are none.
  const bool go_at_once = rules_.lease_ends_ms(now_ms) <= now_ms;
  for (const auto& [id, references] : dropped) {
    const auto chunk = log_.existing_chunk(store_, pack(id).view());
    if (chunk.references != references) continue;
    (go_at_once ? estimate.chunks : estimate.released_chunks) += 1;
    (go_at_once ? estimate.chunk_bytes : estimate.released_bytes) += chunk.size;
  }
}

}  // namespace mentat_sync
