// FixedStore and FixedGateway: a server's inside that always says the same, so that a session
// depends on nothing but what its client sends.
#pragma once

#include "actors/gateway.hpp"
#include "storage/store.hpp"

#include <string>
#include <utility>

namespace mentat_sync {

class FixedStore final : public Store {
 public:
  void submit(Command, OutcomeHandler done) override { done(outcome_of(Verdict::unavailable)); }
  void read(ReadHead, ReadHandler<Head> done) override { done(Head{}); }
  void read(ReadSummary, ReadHandler<Summary> done) override { done(Summary{}); }
  void read(ListTransactions, ReadHandler<TransactionPage> done) override {
    TransactionPage page;
    page.from_found = true;
    done(page);
  }
  void read(ReadTransaction, ReadHandler<Transaction> done) override { done(Transaction{}); }
  void read(ReadChunk, ReadHandler<Chunk> done) override {
    Chunk chunk;
    chunk.found = true;
    chunk.bytes = std::string(100, 'c');
    done(chunk);
  }
  /// An empty log, in two pieces.
  void read(ReadLog query, ReadHandler<LogPiece> done) override {
    LogPiece piece;
    piece.found = true;
    if (query.resume) {
      query.taker->take(LogTrailer{});
    } else {
      query.taker->take(LogHeader{});
      piece.resume.emplace();
    }
    done(std::move(piece));
  }
  void read(ListUsers, ReadHandler<UserPage> done) override { done(UserPage{}); }
  Result<StoreStatistics> statistics() override { return StoreStatistics{}; }
  Status health() const override { return {}; }
};

class FixedGateway final : public Gateway {
 public:
  void submit(Command, OutcomeHandler done) override { done(outcome_of(Verdict::applied)); }
  /// Nothing can be watched: an event stream ends, a long poll is refused.
  WatchTicket watch(AwaitHead, OutcomeHandler done) override {
    done(outcome_of(Verdict::unavailable));
    return new_watch_ticket();
  }
  void withdraw(UserId, WatchTicket) override {}
  void release_watchers() override {}
};

}  // namespace mentat_sync
