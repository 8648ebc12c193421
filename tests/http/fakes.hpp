// A store and a gateway that answer as a test tells them, and remember what they were asked.
//
// Thread-safety: none; a test's own thread.
#pragma once

#include "actors/gateway.hpp"
#include "http/message.hpp"
#include "storage/store.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mentat_sync {

/// A piece of a log, with what a store reads of it.
struct GivenPiece {
  bool found = false;
  std::vector<LogItem> items;
  std::optional<LogCursor> resume;
};

class FakeStore final : public Store {
 public:
  Result<Head> head = Head{};
  Result<Summary> summary = Summary{};
  Result<TransactionPage> page = TransactionPage{};
  Result<Transaction> transaction = Transaction{};
  Result<Chunk> chunk = Chunk{};
  Result<UserPage> users = UserPage{};
  /// The pieces of a log, one for each read.
  std::vector<Result<GivenPiece>> pieces;
  std::vector<ReadLog> log_queries;
  /// Not inlined: g++ 12 takes the alternative that a Result does not hold to be used
  /// uninitialised.
  [[gnu::noinline]] void give(Result<GivenPiece> piece) { pieces.push_back(std::move(piece)); }
  /// Whose log was read last, and what of it.
  UserId user;
  ListTransactions list_query;
  ReadTransaction transaction_query;
  ReadChunk chunk_query;

  void submit(Command, OutcomeHandler) override {
    ADD_FAILURE() << "commands go through the gateway";
  }
  void read(ReadHead query, ReadHandler<Head> done) override {
    user = query.user;
    done(head);
  }
  void read(ReadSummary query, ReadHandler<Summary> done) override {
    user = query.user;
    done(summary);
  }
  void read(ListTransactions query, ReadHandler<TransactionPage> done) override {
    list_query = query;
    done(page);
  }
  void read(ReadTransaction query, ReadHandler<Transaction> done) override {
    transaction_query = query;
    done(transaction);
  }
  void read(ReadChunk query, ReadHandler<Chunk> done) override {
    chunk_query = query;
    done(chunk);
  }
  void read(ReadLog query, ReadHandler<LogPiece> done) override {
    log_queries.push_back(query);
    const auto& piece = pieces.at(log_queries.size() - 1);
    if (!piece.ok()) return done(piece.status());
    for (const LogItem& item : piece->items) mentat_sync::give(item, *query.taker);
    done(LogPiece{piece->found, piece->resume});
  }
  void read(ListUsers, ReadHandler<UserPage> done) override { done(users); }
  Result<StoreStatistics> statistics() override { return StoreStatistics{}; }
  Status health() const override { return {}; }
};

class FakeGateway final : public Gateway {
 public:
  Outcome outcome = outcome_of(Verdict::applied);
  std::vector<Command> commands;

  void submit(Command command, OutcomeHandler done) override {
    commands.push_back(std::move(command));
    done(outcome);
  }

  /// Watches wait until the test answers them.
  struct Watch {
    AwaitHead question;
    OutcomeHandler done;
  };
  std::vector<Watch> watches;
  bool released = false;
  /// The tickets of watches are their places in the list, from 1 on.
  std::vector<WatchTicket> withdrawn;
  WatchTicket watch(AwaitHead question, OutcomeHandler done) override {
    watches.push_back({question, std::move(done)});
    return watches.size();
  }
  void withdraw(UserId, WatchTicket ticket) override { withdrawn.push_back(ticket); }
  void release_watchers() override { released = true; }

  /// The only command that came, which is a T.
  template <class T>
  const T& only() const {
    EXPECT_EQ(commands.size(), 1u);
    return std::get<T>(commands.at(0));
  }
};

inline Request request_of(beast_http::verb method, std::string_view target,
                          std::string_view body = {}) {
  Request request{method, target, 11, std::string{body}};
  request.set(beast_http::field::host, "127.0.0.1:5013");
  return request;
}

/// A body that must be JSON.
inline nlohmann::json json_of(const Response& response) {
  auto json = nlohmann::json::parse(response.body, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << response.body;
  return json;
}

/// The URI of a kind's type.
inline std::string urn(std::string_view slug) {
  return "urn:mentat-sync:problem:" + std::string{slug};
}

/// The value of one header line of a response, or nothing.
inline std::string header_of(const Response& response, std::string_view name) {
  const std::string start = std::string{name} + ": ";
  const auto all = "\r\n" + response.headers;
  const auto line = all.find("\r\n" + start);
  if (line == std::string::npos) return {};
  const auto value = line + 2 + start.size();
  return all.substr(value, all.find("\r\n", value) - value);
}

inline TransactionId transaction_id(std::string_view text) {
  return TransactionId::parse(text).value();
}
inline UserId user_id(std::string_view text) {
  return UserId::parse(text).value();
}
inline ChunkId chunk_id(std::string_view text) {
  return ChunkId::parse(text).value();
}

inline constexpr std::string_view alice = "0a11ce00-0000-4000-8000-00000000000a";
inline constexpr std::string_view nil = "00000000-0000-0000-0000-000000000000";
inline constexpr std::string_view first = "11111111-1111-4111-8111-11111111111f";
inline constexpr std::string_view second = "22222222-2222-4222-8222-22222222222f";

}  // namespace mentat_sync
