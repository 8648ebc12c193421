// The rules of the log, each command's in one place.
#include "storage/lmdb/apply.hpp"

#include "storage/bounds.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

namespace mentat_sync {

using format::StoreId;

namespace {

/// Payloads are numbered upwards, so that a new one is appended and moves no other.
std::uint64_t number_after_last_payload(MDB_txn* txn, const Tables& tables) {
  const Cursor cursor{txn, tables.payloads};
  MDB_val key{};
  MDB_val value{};
  const int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_LAST);
  if (code == MDB_NOTFOUND) return 1;
  check("mdb_cursor_get", code);
  std::uint64_t last = 0;
  if (key.mv_size != sizeof last) throw CorruptRecord{"a payload's number has another size"};
  std::memcpy(&last, key.mv_data, sizeof last);
  return last + 1;
}

StoreId next_store(MDB_txn* txn, const Tables& tables) {
  const auto stored = get(txn, tables.meta, "next_store");
  const std::uint64_t number = stored ? format::decode_u64(*stored) : 1;
  put(txn, tables.meta, "next_store", format::encode(number + 1));
  return StoreId{number};
}

}  // namespace

Applier::Applier(MDB_txn* txn, const Tables& tables, std::uint64_t now_ms)
    : txn_(txn),
      tables_(tables),
      reader_(txn, tables),
      now_ms_(now_ms),
      next_payload_(number_after_last_payload(txn, tables)) {}

Outcome Applier::apply(const Command& command) {
  return std::visit([this](const auto& c) { return apply_command(c); }, command);
}

Applier::Log Applier::find(UserId user) const {
  Log log;
  log.store = reader_.find_store(user);
  if (log.store) log.state = reader_.state(*log.store);
  return log;
}

StoreId Applier::begin(UserId user, Log& log) {
  if (!log.store) {
    log.store = next_store(txn_, tables_);
    put(txn_, tables_.users, format::user_key(user).bytes(),
        format::encode(static_cast<std::uint64_t>(*log.store)));
  }
  return *log.store;
}

void Applier::save(const Log& log) {
  put(txn_, tables_.logs, format::state_key(*log.store).bytes(), format::encode(log.state));
}

// --- PutChunk ----------------------------------------------------------------------------------

Outcome Applier::apply_command(const PutChunk& put) {
  Log log = find(put.user);
  if (log.store) {
    if (const auto record = reader_.chunk(*log.store, put.chunk)) {
      return repeat_chunk(put, log, *record);
    }
  }
  store_chunk(put, log);
  return outcome_of(Verdict::applied);
}

Outcome Applier::repeat_chunk(const PutChunk& put, const Log& log, format::ChunkRecord record) {
  const std::string_view bytes = put.bytes;
  const bool same = record.size == bytes.size() && bytes.ends_with(record.tail) &&
                    bytes.starts_with(reader_.payload(record));
  if (!same) return outcome_of(Verdict::chunk_differs);
  const std::string tail{record.tail};  // the record's own bytes move when it is written
  record.tail = tail;
  record.touched_ms = now_ms_;
  mentat_sync::put(txn_, tables_.logs, format::chunk_key(*log.store, put.chunk).bytes(),
                   format::encode(record));
  return outcome_of(Verdict::already_there);
}

void Applier::store_chunk(const PutChunk& put, Log& log) {
  const StoreId store = begin(put.user, log);
  const std::size_t tail_bytes = format::tail_bytes(put.bytes.size());
  const std::string_view bytes = put.bytes;
  const std::string_view payload = bytes.substr(0, bytes.size() - tail_bytes);

  format::ChunkRecord record;
  record.payload = next_payload_++;
  record.size = bytes.size();
  record.touched_ms = now_ms_;
  record.tail = bytes.substr(payload.size());
  mentat_sync::put(txn_, tables_.payloads, integer_key(record.payload), payload, MDB_APPEND);
  mentat_sync::put(txn_, tables_.logs, format::chunk_key(store, put.chunk).bytes(),
                   format::encode(record));
  log.state.chunk_count += 1;
  log.state.chunk_bytes += bytes.size();
  save(log);
}

// --- PutTransaction ----------------------------------------------------------------------------

Outcome Applier::apply_command(const PutTransaction& put) {
  if (put.transaction.is_root()) return outcome_of(Verdict::transaction_is_root);
  Log log = find(put.user);
  if (log.store) {
    if (const auto there = reader_.transaction(*log.store, put.transaction)) {
      const bool same = there->parent == put.parent && there->chunks == put.chunks;
      return outcome_of(same ? Verdict::already_there : Verdict::transaction_differs);
    }
  }
  const auto place = place_after(log, put.parent);
  if (!place) return outcome_of(Verdict::unknown_parent);
  Outcome outcome;
  outcome.missing = missing(log, put.chunks);
  if (!outcome.missing.empty()) {
    outcome.verdict = Verdict::missing_chunks;
    return outcome;
  }
  if (log.state.pending >= bounds::pending_transactions_per_user) {
    return outcome_of(Verdict::too_many_pending, bounds::pending_transactions_per_user);
  }
  store_transaction(put, log, *place);
  outcome.verdict = Verdict::applied;
  return outcome;
}

std::optional<Applier::Place> Applier::place_after(const Log& log, TransactionId parent) const {
  if (parent.is_root()) return Place{1, parent};
  const auto link = log.store ? reader_.link(*log.store, parent) : std::nullopt;
  if (!link) return std::nullopt;
  const bool committed = reader_.is_committed(*log.store, parent, link->seq);
  return Place{link->seq + 1, committed ? parent : link->base};
}

std::vector<ChunkId> Applier::missing(const Log& log, const std::vector<ChunkId>& chunks) const {
  std::vector<ChunkId> missing;
  std::unordered_set<ChunkId> seen;
  for (const ChunkId& id : chunks) {
    if (log.store && reader_.chunk(*log.store, id)) continue;
    if (seen.insert(id).second) missing.push_back(id);
  }
  return missing;
}

void Applier::store_transaction(const PutTransaction& put, Log& log, const Place& place) {
  const StoreId store = begin(put.user, log);
  format::TransactionRecord record;
  record.seq = place.seq;
  record.parent = put.parent;
  record.base = place.base;
  record.stored_ms = now_ms_;
  record.chunks = put.chunks;
  mentat_sync::put(txn_, tables_.logs, format::transaction_key(store, put.transaction).bytes(),
                   format::encode(record));
  mentat_sync::put(txn_, tables_.logs,
                   format::pending_key(store, put.parent, put.transaction).bytes(), {});
  for (const ChunkId& id : put.chunks) reference(store, id);
  if (place.base == log.state.head) log.state.pending += 1;
  save(log);
}

void Applier::reference(StoreId store, const ChunkId& id) {
  auto record = reader_.chunk(store, id);
  if (!record) throw CorruptRecord{"a chunk went away within one transaction"};
  const std::string tail{record->tail};  // the record's own bytes move when it is written
  record->tail = tail;
  record->references += 1;
  put(txn_, tables_.logs, format::chunk_key(store, id).bytes(), format::encode(*record));
}

// --- AdvanceHead -------------------------------------------------------------------------------

Outcome Applier::apply_command(const AdvanceHead& advance) {
  Log log = find(advance.user);
  Outcome outcome;
  std::uint64_t seq = 0;
  outcome.verdict = check_head(advance, log, seq);
  if (outcome.verdict == Verdict::applied) commit_chain(log, chain(log, advance.head, seq));
  outcome.current_head = log.state.head;
  outcome.current_seq = log.state.seq;
  return outcome;
}

/// `applied` when nothing is in the way; `seq` is then the new head's.
Verdict Applier::check_head(const AdvanceHead& advance, const Log& log, std::uint64_t& seq) const {
  const TransactionId current = log.state.head;
  if (advance.if_match &&
      std::ranges::find(*advance.if_match, current) == advance.if_match->end()) {
    return Verdict::precondition_failed;
  }
  if (advance.head.is_root()) return Verdict::head_is_root;
  if (advance.head == current) return Verdict::head_is_current;
  const auto link = log.store ? reader_.link(*log.store, advance.head) : std::nullopt;
  if (!link) return Verdict::head_unknown;
  if (link->seq <= log.state.seq || link->base != log.state.head) {
    return Verdict::head_not_descendant;
  }
  if (reader_.has_pending_child(*log.store, advance.head)) return Verdict::head_has_children;
  seq = link->seq;
  return Verdict::applied;
}

std::vector<TransactionId> Applier::chain(const Log& log, TransactionId head,
                                          std::uint64_t seq) const {
  std::vector<TransactionId> newest_first;
  newest_first.reserve(seq - log.state.seq);
  TransactionId at = head;
  for (; seq > log.state.seq; --seq) {
    const auto link = reader_.link(*log.store, at);
    if (!link || link->seq != seq)
      throw CorruptRecord{"a transaction's parent is not one before it"};
    newest_first.push_back(at);
    at = link->parent;
  }
  if (at != log.state.head) throw CorruptRecord{"a transaction does not descend from its base"};
  return newest_first;
}

void Applier::commit_chain(Log& log, const std::vector<TransactionId>& newest_first) {
  const StoreId store = *log.store;
  TransactionId parent = log.state.head;
  for (auto id = newest_first.rbegin(); id != newest_first.rend(); ++id) {
    log.state.seq += 1;
    log.state.transaction_bytes += reader_.transaction_bytes(store, *id);
    put(txn_, tables_.logs, format::committed_key(store, log.state.seq).bytes(),
        format::encode(id->uuid));
    erase(txn_, tables_.logs, format::pending_key(store, parent, *id).bytes());
    parent = *id;
  }
  log.state.head = newest_first.front();
  log.state.pending = 0;  // what else was pending descends from another base now
  save(log);
}

// --- To come -----------------------------------------------------------------------------------

Outcome Applier::apply_command(const Push&) {
  return outcome_of(Verdict::unavailable);
}
Outcome Applier::apply_command(const FindMissing&) {
  return outcome_of(Verdict::unavailable);
}
Outcome Applier::apply_command(const Collect&) {
  return outcome_of(Verdict::unavailable);
}

// --- DeleteUser --------------------------------------------------------------------------------

Outcome Applier::apply_command(const DeleteUser& remove) {
  const auto store = reader_.find_store(remove.user);
  if (!store) return outcome_of(Verdict::already_there);
  erase(txn_, tables_.users, format::user_key(remove.user).bytes());
  put(txn_, tables_.purges, format::purge_key(*store).bytes(), format::encode(remove.user.uuid));
  return outcome_of(Verdict::applied);
}

}  // namespace mentat_sync
