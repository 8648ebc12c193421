// Keeping the ledger, and holding a store to it.
#include "store_ledger.hpp"

#include <gtest/gtest.h>

#include <future>
#include <optional>

namespace mentat_sync {
namespace {

template <class Answer, class Query>
Result<Answer> read(Store& store, Query query) {
  std::optional<Result<Answer>> answer;
  store.read(std::move(query), [&](Result<Answer> result) { answer = std::move(result); });
  return std::move(*answer);
}

}  // namespace

Outcome submit(Store& store, Command command) {
  std::promise<Outcome> promise;
  auto future = promise.get_future();
  store.submit(std::move(command), [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
  return future.get();
}

StoreLedger::Known StoreLedger::after(Known before, Verdict verdict) {
  if (succeeded(verdict)) return Known::present;
  if (verdict != Verdict::unavailable || before == Known::present) return before;
  return Known::unknown;
}

void StoreLedger::forget(Facts& facts) {
  for (auto& [id, known] : facts.chunks) {
    if (known == Known::present && !facts.committed.contains(id)) known = Known::unknown;
  }
  for (auto& [id, transaction] : facts.transactions) {
    if (transaction.second == Known::present) transaction.second = Known::unknown;
  }
}

void StoreLedger::note(const Command& command, const Outcome& outcome) {
  std::visit([&](const auto& c) { note_command(c, outcome); }, command);
}

void StoreLedger::note_command(const PutChunk& put, const Outcome& outcome) {
  bytes_[put.chunk] = put.bytes;
  Known& known = users_[put.user].chunks[put.chunk];
  known = after(known, outcome.verdict);
}

void StoreLedger::note_command(const PutTransaction& put, const Outcome& outcome) {
  auto& transactions = users_[put.user].transactions;
  auto& known = transactions.try_emplace(put.transaction, put, Known::absent).first->second.second;
  known = after(known, outcome.verdict);
}

void StoreLedger::note_command(const AdvanceHead& advance, const Outcome& outcome) {
  note_head(users_[advance.user], advance.head, outcome);
}

void StoreLedger::note_head(Facts& facts, TransactionId head, const Outcome& outcome) {
  if (succeeded(outcome.verdict)) {
    facts.heads = {outcome.current_head};
  } else if (outcome.verdict == Verdict::unavailable) {
    facts.heads.insert(head);
  }
}

void StoreLedger::note_command(const DeleteUser& remove, const Outcome& outcome) {
  Facts& facts = users_[remove.user];
  if (succeeded(outcome.verdict)) {
    for (auto& [id, known] : facts.chunks) known = Known::absent;
    facts.transactions.clear();
    facts.heads = {TransactionId::root()};
    facts.committed.clear();
  } else if (outcome.verdict == Verdict::unavailable) {
    facts.committed.clear();
    forget(facts);
    facts.heads.insert(TransactionId::root());
  }
}

void StoreLedger::note_command(const Push& push, const Outcome& outcome) {
  Facts& facts = users_[push.user];
  for (const Push::Chunk& chunk : push.chunks) {
    bytes_[chunk.id] = chunk.bytes;
    Known& known = facts.chunks[chunk.id];
    known = after(known, outcome.verdict);
    if (succeeded(outcome.verdict)) facts.committed.insert(chunk.id);
  }
  if (!push.transactions.empty()) note_head(facts, push.transactions.back().id, outcome);
}

void StoreLedger::note_command(const FindMissing& find, const Outcome& outcome) {
  if (!succeeded(outcome.verdict)) return;
  const std::set<ChunkId> missing{outcome.missing.begin(), outcome.missing.end()};
  for (const ChunkId& id : find.chunks) {
    Known& known = users_[find.user].chunks[id];
    EXPECT_NE(known, missing.contains(id) ? Known::present : Known::absent) << id.to_string();
    known = missing.contains(id) ? Known::absent : Known::present;
  }
}

void StoreLedger::note_command(const Collect& collect, const Outcome& outcome) {
  const bool may_have_collected =
      succeeded(outcome.verdict) || outcome.verdict == Verdict::unavailable;
  if (may_have_collected) forget(users_[collect.user]);
}

void StoreLedger::expect_chunk(Store& store, UserId user, const ChunkId& id, Known known) const {
  const auto chunk = read<Chunk>(store, ReadChunk{user, id});
  if (!chunk) return;
  if (known == Known::present) {
    EXPECT_TRUE(chunk->found) << "chunk " << id.to_string() << " was acknowledged";
  }
  if (known == Known::absent) {
    EXPECT_FALSE(chunk->found) << "chunk " << id.to_string() << " was refused";
  }
  if (chunk->found) {
    EXPECT_TRUE(chunk->bytes == bytes_.at(id)) << "bytes of chunk " << id.to_string();
  }
}

void StoreLedger::expect_agreement(Store& store) const {
  for (const auto& [user, facts] : users_) {
    for (const auto& [id, known] : facts.chunks) expect_chunk(store, user, id, known);
    if (const auto head = read<Head>(store, ReadHead{user}); head) {
      EXPECT_TRUE(facts.heads.contains(head->head)) << "HEAD is " << head->head.to_string();
    }
  }
}

void StoreLedger::expect_transaction(Store& store, const PutTransaction& put, Known known) const {
  const Verdict verdict = submit(store, put).verdict;
  if (known == Known::present) {
    EXPECT_EQ(verdict, Verdict::already_there) << put.transaction.to_string();
  }
  if (known == Known::absent) {
    EXPECT_NE(verdict, Verdict::already_there) << put.transaction.to_string();
  }
}

void StoreLedger::expect_kept(Store& store) const {
  expect_agreement(store);
  for (const auto& [user, facts] : users_) {
    EXPECT_TRUE(read<Head>(store, ReadHead{user}).ok());
    EXPECT_TRUE(read<Summary>(store, ReadSummary{user}).ok());
    for (const auto& [id, known] : facts.chunks) {
      EXPECT_TRUE(read<Chunk>(store, ReadChunk{user, id}).ok());
    }
    for (const auto& [id, transaction] : facts.transactions) {
      expect_transaction(store, transaction.first, transaction.second);
    }
  }
}

}  // namespace mentat_sync
