// One step of a collection.
#include "storage/lmdb/collect.hpp"

#include "storage/bounds.hpp"

#include <algorithm>

namespace mentat_sync {

using format::Kind;

namespace {

constexpr std::size_t kind_prefix_bytes = 9;

/// The child of a pending entry, whose key ends with it.
TransactionId child_of(std::string_view pending) {
  return {format::decode_uuid(pending.substr(pending.size() - sizeof(Uuid)))};
}

/// Calls `visit` with what follows the kind in each key after `last`, and with the value, until it
/// says false. False then; true when there are no more.
template <class Visit>
bool visit_after(MDB_txn* txn, const Tables& tables, const format::Key& prefix,
                 const std::string& last, Visit visit) {
  const Cursor cursor{txn, tables.logs};
  const std::string from = std::string{prefix.bytes()} + last;
  MDB_val key = to_val(from);
  MDB_val value{};
  int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) {
    const format::Bytes at = to_bytes(key);
    if (!at.starts_with(prefix.bytes())) return true;
    if (at == from) continue;
    if (!visit(at.substr(kind_prefix_bytes), to_bytes(value))) return false;
  }
  if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
  return true;
}

}  // namespace

Collector::Collector(LogWriter& log, const WriteContext& context)
    : log_(log), context_(context), visits_left_(bounds::collect_visits) {}

Outcome Collector::step(std::string_view resume_at) {
  using Phase = CollectionPlace::Phase;
  Outcome outcome = outcome_of(Verdict::already_there);
  if (!log_.begun()) return outcome;
  place_ = CollectionPlace::decode(resume_at, log_.store());
  bool more = false;
  if (place_.phase == Phase::transactions) {
    more = !collect_transactions();
    if (!more) place_ = {Phase::chunks, place_.changed, {}, {}};
  }
  if (!more && place_.phase == Phase::chunks) {
    more = !collect_chunks();
    if (!more) place_ = {Phase::settling, place_.changed, {}, {}};
  }
  if (changed()) outcome.verdict = Verdict::applied;
  // A commit of its own at the end: LMDB lets freed pages be used again only after one more, and in
  // a full store there may be no other.
  if (changed() || (!more && place_.changed)) log_.save();
  place_.changed = place_.changed || changed();
  if (more || changed()) collected_.resume_at = place_.encode(log_.store());
  outcome.collected = std::move(collected_);
  return outcome;
}

bool Collector::affords(std::size_t changes) const {
  return changes_ == 0 || changes_ + changes <= context_.collect_changes;
}

// --- Transactions ------------------------------------------------------------------------------

bool Collector::collect_transactions() {
  if (log_.state().pending_entries == 0) return true;
  if (!collect_upwards(place_.climb)) return false;
  for (;;) {
    const auto pending = gather_pending();
    if (pending.empty()) return visits_left_ > 0;
    for (const std::string& entry : pending) {
      visits_left_ -= 1;
      place_.last = entry;
      if (!collect_upwards(child_of(entry))) return false;
    }
  }
}

/// The entries after place_.last, as many as may be visited.
std::vector<std::string> Collector::gather_pending() {
  std::vector<std::string> pending;
  if (visits_left_ == 0) return pending;
  const auto prefix = format::kind_prefix(log_.store(), Kind::pending);
  visit_after(context_.txn, context_.tables, prefix, place_.last,
              [&](format::Bytes key, format::Bytes) {
                pending.emplace_back(key);
                return pending.size() < visits_left_;
              });
  return pending;
}

/// Removes `id` if it may go, then its parent if that may go now, and so on.
bool Collector::collect_upwards(TransactionId id) {
  place_.climb = {};
  while (!id.is_root()) {
    const auto link = log_.link(id);
    if (!link || !may_go(id, *link)) break;
    const auto record = log_.transaction(id);
    if (!affords(1 + record->chunks.size())) {
      place_.climb = id;
      return false;
    }
    log_.erase_pending(id, *record);
    changes_ += 1 + record->chunks.size();
    collected_.transactions += 1;
    id = record->parent;
  }
  return true;
}

bool Collector::may_go(TransactionId id, const format::TransactionRecord& record) {
  return is_due(record) && !log_.is_committed(id, record.seq) && !log_.has_pending_child(id);
}

bool Collector::is_due(const format::TransactionRecord& record) {
  if (record.base == log_.state().head) {
    return context_.rules.is_abandoned(record.stored_ms, context_.now_ms);
  }
  // One that was dead when it was stored has its grace from then on.
  const std::uint64_t since_ms = std::max(dead_since_ms(record.base), record.stored_ms);
  return context_.rules.grace_is_over(since_ms, context_.now_ms);
}

/// When HEAD moved on from `base`.
std::uint64_t Collector::dead_since_ms(TransactionId base) {
  if (dead_base_ == base) return dead_since_ms_;
  std::uint64_t seq = 0;
  if (!base.is_root()) {
    const auto link = log_.link(base);
    if (!link) throw CorruptRecord{"a transaction's base is not there"};
    seq = link->seq;
  }
  dead_since_ms_ = log_.reader().committed_at(log_.store(), seq + 1).committed_ms;
  dead_base_ = base;
  return dead_since_ms_;
}

// --- Chunks ------------------------------------------------------------------------------------

bool Collector::collect_chunks() {
  if (log_.state().unreferenced == 0) return true;
  std::vector<GarbageChunk> garbage;
  const bool all = gather_chunks(garbage);
  erase(garbage);
  return all;
}

bool Collector::gather_chunks(std::vector<GarbageChunk>& garbage) {
  const auto prefix = format::kind_prefix(log_.store(), Kind::chunk);
  std::uint64_t bytes = 0;
  const auto visit = [&](format::Bytes key, format::Bytes value) {
    const bool spent = changes_ + garbage.size() >= context_.collect_changes;
    if (spent || visits_left_ == 0 || bytes >= bounds::purge_bytes) return false;
    visits_left_ -= 1;
    place_.last = key;
    format::ChunkRecord record = format::decode_chunk(value);
    if (!context_.rules.lease_has_run_out(record, context_.now_ms)) return true;
    record.tail = {};  // it does not outlive the first change
    bytes += record.size;
    garbage.push_back({std::string{prefix.bytes()}.append(key), record});
    return true;
  };
  return visit_after(context_.txn, context_.tables, prefix, place_.last, visit);
}

void Collector::erase(const std::vector<GarbageChunk>& garbage) {
  for (const GarbageChunk& chunk : garbage) {
    log_.erase_chunk(chunk.key, chunk.record);
    collected_.chunks += 1;
    collected_.chunk_bytes += chunk.record.size;
  }
  changes_ += garbage.size();
}

}  // namespace mentat_sync
