// The rules of a push.
#include "storage/lmdb/push.hpp"

#include <algorithm>
#include <unordered_set>

namespace mentat_sync {

Outcome Pusher::apply() {
  Outcome outcome;
  // Chunks alone move nothing: where HEAD is does not matter to them.
  if (!push_.transactions.empty() && push_.base != log_.state().head) {
    outcome.verdict = is_replay() ? Verdict::already_there : Verdict::base_not_head;
  } else {
    outcome.verdict = plan();
    outcome.missing = std::move(missing_);
  }
  if (outcome.verdict == Verdict::applied && !log_.quota_allows(bytes_added())) {
    outcome.verdict = Verdict::quota_exceeded;
    outcome.limit = context_.limits.bytes;
    outcome.used = log_.state().stored_bytes();
  }
  if (outcome.verdict == Verdict::already_there) renew_leases();
  if (outcome.verdict == Verdict::applied) write();
  outcome.current_head = log_.state().head;
  outcome.current_seq = log_.state().seq;
  return outcome;
}

// --- A push that was applied before ------------------------------------------------------------

bool Pusher::is_replay() const {
  return all_committed() && all_stored();
}

bool Pusher::all_committed() const {
  TransactionId parent = push_.base;
  for (const Push::Transaction& transaction : push_.transactions) {
    const auto there = log_.transaction(transaction.id);
    if (!there || there->parent != parent || there->chunks != transaction.chunks) return false;
    if (!log_.is_committed(transaction.id, there->seq)) return false;
    parent = transaction.id;
  }
  return true;
}

/// One that is not stored any more (nothing named it) makes it another push: a client must not be
/// told that it is there.
bool Pusher::all_stored() const {
  return std::ranges::all_of(push_.chunks, [this](const Push::Chunk& chunk) {
    const auto record = log_.chunk(chunk.id);
    return record && log_.holds(*record, chunk.bytes);
  });
}

void Pusher::renew_leases() {
  for (const Push::Chunk& chunk : push_.chunks) {
    const auto record = log_.chunk(chunk.id);
    if (record && context_.rules.lease_is_due(*record, context_.now_ms)) {
      log_.renew_lease(chunk.id, *record);
    }
  }
}

// --- Validating --------------------------------------------------------------------------------

Verdict Pusher::plan() {
  if (const Verdict verdict = plan_chunks(); verdict != Verdict::applied) return verdict;
  if (const Verdict verdict = plan_transactions(); verdict != Verdict::applied) return verdict;
  count_references();
  if (!missing_.empty()) return Verdict::missing_chunks;
  if (!push_.transactions.empty()) {
    const bool ends_a_chain = !log_.has_pending_child(push_.transactions.back().id);
    return ends_a_chain ? Verdict::applied : Verdict::head_has_children;
  }
  const bool brings_a_chunk =
      std::ranges::any_of(chunks_, [](const auto& chunk) { return chunk.second.bytes != nullptr; });
  return brings_a_chunk ? Verdict::applied : Verdict::already_there;
}

Verdict Pusher::plan_chunks() {
  for (const Push::Chunk& chunk : push_.chunks) {
    if (const Verdict verdict = plan_chunk(chunk); verdict != Verdict::applied) return verdict;
  }
  return Verdict::applied;
}

Verdict Pusher::plan_chunk(const Push::Chunk& chunk) {
  Planned& planned = chunks_[chunk.id];
  if (planned.bytes) {  // it comes for the second time
    return *planned.bytes == chunk.bytes ? Verdict::applied : Verdict::chunk_differs;
  }
  const auto record = log_.chunk(chunk.id);
  if (!record) {
    planned.bytes = &chunk.bytes;
    return Verdict::applied;
  }
  planned.lease_is_due = context_.rules.lease_is_due(*record, context_.now_ms);
  return log_.holds(*record, chunk.bytes) ? Verdict::applied : Verdict::chunk_differs;
}

Verdict Pusher::plan_transactions() {
  const auto& transactions = push_.transactions;
  const auto is_root = [](const Push::Transaction& t) { return t.id.is_root(); };
  if (std::ranges::any_of(transactions, is_root)) return Verdict::transaction_is_root;
  std::unordered_set<TransactionId> ids;
  TransactionId parent = push_.base;
  for (const Push::Transaction& transaction : transactions) {
    if (!ids.insert(transaction.id).second) return Verdict::transaction_differs;
    const auto there = log_.transaction(transaction.id);
    if (there && (there->parent != parent || there->chunks != transaction.chunks)) {
      return Verdict::transaction_differs;
    }
    is_pending_.push_back(there.has_value());
    parent = transaction.id;
  }
  return Verdict::applied;
}

/// A transaction that is there has its chunks, and has been counted.
void Pusher::count_references() {
  for (std::size_t i = 0; i < push_.transactions.size(); ++i) {
    if (is_pending_[i]) continue;
    const std::uint64_t seq = log_.state().seq + 1 + i;
    for (const ChunkId& id : push_.transactions[i].chunks) reference(id, seq);
  }
}

void Pusher::reference(const ChunkId& id, std::uint64_t seq) {
  const auto [chunk, is_new] = chunks_.try_emplace(id);
  ChunkNaming& naming = chunk->second.naming;
  if (naming.references++ == 0) naming.first_seq = seq;
  if (is_new && !log_.chunk(id)) missing_.push_back(id);
}

std::uint64_t Pusher::bytes_added() const {
  std::uint64_t bytes = 0;
  for (const auto& [id, planned] : chunks_) bytes += planned.bytes ? planned.bytes->size() : 0;
  for (std::size_t i = 0; i < push_.transactions.size(); ++i) {
    if (!is_pending_[i]) bytes += format::transaction_record_bytes(push_.transactions[i].chunks);
  }
  return bytes;
}

// --- Writing -----------------------------------------------------------------------------------

void Pusher::write() {
  write_chunks();
  write_transactions();
  log_.save();
}

void Pusher::write_chunks() {
  // In the order of the push, so that what is read together lies together.
  for (const Push::Chunk& chunk : push_.chunks) {
    const Planned& planned = chunks_.at(chunk.id);
    if (planned.bytes == &chunk.bytes) log_.store_chunk(chunk.id, chunk.bytes, planned.naming);
  }
  for (const auto& [id, planned] : chunks_) {
    if (planned.bytes) continue;
    if (planned.naming.references > 0) {
      log_.add_references(id, planned.naming);
    } else if (planned.lease_is_due) {
      log_.renew_lease(id, *log_.chunk(id));
    }
  }
}

void Pusher::write_transactions() {
  for (std::size_t i = 0; i < push_.transactions.size(); ++i) {
    const Push::Transaction& transaction = push_.transactions[i];
    if (is_pending_[i]) {
      log_.advance_to(transaction.id);
    } else {
      log_.advance_to_new(transaction.id, push_.base, transaction.chunks,
                          [&](std::size_t index, std::uint64_t mentions) {
                            return pulled_chunk(transaction.chunks[index], mentions);
                          });
    }
  }
}

/// One that the push brings is at hand.
std::optional<PulledChunk> Pusher::pulled_chunk(const ChunkId& id, std::uint64_t mentions) {
  const Planned& planned = chunks_.at(id);
  if (!planned.bytes) {
    if (!log_.may_read_for_pulls(1)) return std::nullopt;
    return log_.pulled_chunk(pack(id).view(), mentions);
  }
  if (planned.naming.references != mentions) return std::nullopt;
  return PulledChunk{*planned.bytes};
}

}  // namespace mentat_sync
