// The rules of the log for the commands that change one thing each; push.cpp and collect.cpp have
// the others.
#include "storage/lmdb/apply.hpp"

#include "storage/lmdb/collect.hpp"
#include "storage/lmdb/push.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace mentat_sync {
namespace {

/// Each once, in the order of first mention.
std::vector<ChunkId> missing(const LogWriter& log, const std::vector<ChunkId>& chunks) {
  std::vector<ChunkId> missing;
  std::set<ChunkId> seen;
  for (const ChunkId& id : chunks) {
    if (!log.chunk(id) && seen.insert(id).second) missing.push_back(id);
  }
  return missing;
}

Outcome over_quota(const LogWriter& log, const UserLimits& limits) {
  Outcome outcome = outcome_of(Verdict::quota_exceeded, limits.bytes);
  outcome.used = log.state().stored_bytes();
  return outcome;
}

/// A record after `parent`, still without its chunks; nothing when the parent is not known.
std::optional<format::TransactionRecord> record_after(const LogWriter& log, TransactionId parent) {
  format::TransactionRecord record;
  record.parent = parent;
  record.base = parent;
  record.seq = 1;
  if (parent.is_root()) return record;
  const auto link = log.link(parent);
  if (!link) return std::nullopt;
  if (!log.is_committed(parent, link->seq)) record.base = link->base;
  record.seq = link->seq + 1;
  return record;
}

/// `applied` when nothing is in the way; `seq` is then the new head's.
Verdict check_head(const AdvanceHead& advance, const LogWriter& log, std::uint64_t& seq) {
  const TransactionId current = log.state().head;
  if (advance.if_match &&
      std::ranges::find(*advance.if_match, current) == advance.if_match->end()) {
    return Verdict::precondition_failed;
  }
  if (advance.head.is_root()) return Verdict::head_is_root;
  if (advance.head == current) return Verdict::head_is_current;
  const auto link = log.link(advance.head);
  if (!link) return Verdict::head_unknown;
  if (link->seq <= log.state().seq || link->base != current) return Verdict::head_not_descendant;
  if (log.has_pending_child(advance.head)) return Verdict::head_has_children;
  seq = link->seq;
  return Verdict::applied;
}

/// What lies after HEAD up to `head`, which descends from it, newest first.
std::vector<TransactionId> chain(const LogWriter& log, TransactionId head, std::uint64_t seq) {
  std::vector<TransactionId> newest_first;
  newest_first.reserve(seq - log.state().seq);
  TransactionId at = head;
  for (; seq > log.state().seq; --seq) {
    const auto link = log.link(at);
    if (!link || link->seq != seq)
      throw CorruptRecord{"a transaction's parent is not one before it"};
    newest_first.push_back(at);
    at = link->parent;
  }
  if (at != log.state().head) throw CorruptRecord{"a transaction does not descend from its base"};
  return newest_first;
}

}  // namespace

Outcome Applier::apply(const Command& command) {
  return std::visit([this](const auto& c) { return apply_command(c); }, command);
}

Outcome Applier::apply_command(const PutChunk& put) {
  LogWriter log{context_, put.user};
  const auto record = log.chunk(put.chunk);
  if (!record) {
    if (!log.quota_allows(put.bytes.size())) return over_quota(log, context_.limits);
    log.store_chunk(put.chunk, put.bytes);
    log.save();
    return outcome_of(Verdict::applied);
  }
  if (!log.holds(*record, put.bytes)) return outcome_of(Verdict::chunk_differs);
  if (context_.rules.lease_is_due(*record, context_.now_ms)) log.renew_lease(put.chunk, *record);
  return outcome_of(Verdict::already_there);
}

Outcome Applier::apply_command(const PutTransaction& put) {
  if (put.transaction.is_root()) return outcome_of(Verdict::transaction_is_root);
  LogWriter log{context_, put.user};
  if (const auto there = log.transaction(put.transaction)) {
    const bool same = there->parent == put.parent && there->chunks == put.chunks;
    return outcome_of(same ? Verdict::already_there : Verdict::transaction_differs);
  }
  auto record = record_after(log, put.parent);
  if (!record) return outcome_of(Verdict::unknown_parent);
  Outcome outcome = outcome_of(Verdict::missing_chunks);
  outcome.missing = missing(log, put.chunks);
  if (!outcome.missing.empty()) return outcome;
  const std::uint64_t most_pending = context_.limits.pending_transactions;
  if (log.state().pending >= most_pending) {
    return outcome_of(Verdict::too_many_pending, most_pending);
  }
  if (!log.quota_allows(format::transaction_record_bytes(put.chunks))) {
    return over_quota(log, context_.limits);
  }
  record->stored_ms = context_.now_ms;
  record->chunks = put.chunks;
  log.store_pending(put.transaction, *record);
  log.save();
  return outcome_of(Verdict::applied);
}

Outcome Applier::apply_command(const AdvanceHead& advance) {
  LogWriter log{context_, advance.user};
  Outcome outcome;
  std::uint64_t seq = 0;
  outcome.verdict = check_head(advance, log, seq);
  if (outcome.verdict == Verdict::applied) {
    const auto newest_first = chain(log, advance.head, seq);
    for (auto id = newest_first.rbegin(); id != newest_first.rend(); ++id) log.advance_to(*id);
    log.save();
  }
  outcome.current_head = log.state().head;
  outcome.current_seq = log.state().seq;
  return outcome;
}

/// Looks at no record of the log, so that a damaged one can be deleted.
Outcome Applier::apply_command(const DeleteUser& remove) {
  const auto store = LogReader{context_.txn, context_.tables}.find_store(remove.user);
  if (!store) return outcome_of(Verdict::already_there);
  erase(context_.txn, context_.tables.users, format::user_key(remove.user).bytes());
  put(context_.txn, context_.tables.purges, format::purge_key(*store).bytes(),
      format::encode(remove.user.uuid));
  return outcome_of(Verdict::applied);
}

Outcome Applier::apply_command(const Push& push) {
  LogWriter log{context_, push.user};
  return Pusher{log, push, context_}.apply();
}

/// Usually it writes nothing: see GarbageRules::lease_is_due.
Outcome Applier::apply_command(const FindMissing& find) {
  LogWriter log{context_, find.user};
  Outcome outcome = outcome_of(Verdict::already_there);
  std::set<ChunkId> seen;
  for (const ChunkId& id : find.chunks) {
    const auto record = log.chunk(id);
    if (!record) {
      if (seen.insert(id).second) outcome.missing.push_back(id);
    } else if (context_.rules.lease_is_due(*record, context_.now_ms)) {
      log.renew_lease(id, *record);
      outcome.verdict = Verdict::applied;
    }
  }
  return outcome;
}

Outcome Applier::apply_command(const Collect& collect) {
  LogWriter log{context_, collect.user};
  return Collector{log, context_}.step(collect.resume_at);
}

}  // namespace mentat_sync
