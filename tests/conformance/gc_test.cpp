// Black-box: garbage goes, and nothing else does.
#include "support/cbor_log.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <thread>

namespace mentat_sync {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds patience{60};
/// Several passes of the collectors below.
constexpr milliseconds some_passes{1000};

/// Asks again and again; false when it never holds.
template <class Condition>
bool becomes_true(Condition holds) {
  const auto until = steady_clock::now() + patience;
  while (steady_clock::now() < until) {
    if (holds()) return true;
    std::this_thread::sleep_for(milliseconds{50});
  }
  return false;
}

class Garbage : public RunningServer {
 protected:
  /// Whether it is stored, pending or not: other content under its id is refused then, whatever its
  /// parent.
  bool knows(std::string_view transaction) {
    return client.put_transaction(transaction, new_uuid(), {})
               .json()
               .value("type", "")
               .find("transaction-differs") != std::string::npos;
  }
  bool has(std::string_view chunk) { return client.get_chunk(chunk).status == 200; }
  bool chunk_goes(std::string_view chunk) {
    return becomes_true([&] { return !has(chunk); });
  }
  bool transaction_goes(std::string_view transaction) {
    return becomes_true([&] { return !knows(transaction); });
  }
  /// A push of one transaction with a chunk of its own after HEAD.
  std::string commit_by_push() {
    const auto id = new_uuid();
    CborLog log{client.head(), client.summary()["seq"].get<std::uint64_t>()};
    EXPECT_EQ(client.push(log.chunk("c-" + id, id).transaction(id, {"c-" + id}).encode()).status,
              201U);
    return id;
  }
};

class AtOnce : public Garbage {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--gc-interval",        "200ms", "--gc-grace",    "0s",
                         "--gc-abandoned-after", "1s",    "--chunk-lease", "0s"};
    start(options);
  }
};

TEST_F(AtOnce, ChunksThatNoTransactionNamesGo) {
  client.put_chunk("loose", "x");
  EXPECT_TRUE(chunk_goes("loose"));
  EXPECT_EQ(client.summary()["chunks"], (json{{"count", 0}, {"bytes", 0}}));
  EXPECT_EQ(client.put_chunk("loose", "other bytes").status, 201U) << "its id is free again";
}

TEST_F(AtOnce, DeadForksAndTheirChunksGo) {
  std::string fork;
  // The chunk may go before it is named: then again.
  ASSERT_TRUE(becomes_true([&] {
    try {
      fork = client.add_transaction(root_id);
      return true;
    } catch (const HttpError&) {
      return false;
    }
  }));
  const auto committed = commit_by_push();
  EXPECT_TRUE(transaction_goes(fork));
  EXPECT_TRUE(chunk_goes("c-" + fork));
  EXPECT_EQ(client.transactions(), std::vector{committed});
  EXPECT_EQ(client.get_chunk("c-" + committed).body, committed);
}

TEST_F(AtOnce, AbandonedTransactionsGoAfterTheirTime) {
  const auto first = commit_by_push();
  const auto pending = new_uuid();
  ASSERT_EQ(client.put_transaction(pending, first, {"c-" + first}).status, 201U);
  EXPECT_TRUE(knows(pending));
  EXPECT_TRUE(transaction_goes(pending));
  EXPECT_EQ(client.get_chunk("c-" + first).status, 200U) << "a committed one names it too";
  EXPECT_EQ(client.put_transaction(pending, first, {}).status, 201U) << "its id is free again";
}

TEST_F(AtOnce, WhatIsCommittedStays) {
  std::vector<std::string> chain;
  for (int i = 0; i < 30; ++i) {
    chain.push_back(commit_by_push());
    client.put_transaction(new_uuid(), chain.front(), {});
    client.put_chunk("loose-" + std::to_string(i), "x");
  }
  ASSERT_TRUE(chunk_goes("loose-29"));
  std::this_thread::sleep_for(some_passes);
  const auto log = expect_whole_log(client.pull());
  EXPECT_EQ(log.ids(), chain);
  for (const auto& id : chain) EXPECT_EQ(log.bytes_of("c-" + id), id);
  EXPECT_EQ(client.summary()["chunks"]["count"], chain.size());
}

TEST_F(AtOnce, AChunkStaysAsLongAsOneOfTwoForksNamesIt) {
  const auto first = commit_by_push();
  const auto shared = "c-" + first;
  const auto fork = new_uuid();
  client.put_transaction(fork, root_id, {shared});
  ASSERT_TRUE(transaction_goes(fork));
  std::this_thread::sleep_for(some_passes);
  EXPECT_TRUE(has(shared));
}

TEST_F(AtOnce, LongDeadChainsGoWhole) {
  std::vector<std::string> chain{new_uuid()};
  ASSERT_EQ(client.put_transaction(chain[0], root_id, {}).status, 201U);
  for (int i = 1; i < 50; ++i) {
    chain.push_back(new_uuid());
    if (client.put_transaction(chain.back(), chain[chain.size() - 2], {}).status != 201) break;
  }
  commit_by_push();
  for (const auto& id : chain) EXPECT_TRUE(transaction_goes(id));
}

class WithLeases : public Garbage {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--gc-interval",        "100ms", "--gc-grace",    "2s",
                         "--gc-abandoned-after", "1h",    "--chunk-lease", "2s"};
    start(options);
  }

 protected:
  static constexpr milliseconds lease{2000};

  /// That the chunk outlives its first lease when `tell` says again and again that it is there, and
  /// goes after that.
  template <class Tell>
  void expect_kept_by(Tell tell) {
    const auto start = steady_clock::now();
    client.put_chunk("told", "x");
    while (steady_clock::now() < start + 2 * lease) {
      ASSERT_TRUE(tell());
      std::this_thread::sleep_for(milliseconds{300});
    }
    EXPECT_TRUE(chunk_goes("told"));
  }
};

TEST_F(WithLeases, AskingWhatIsMissingKeepsAChunk) {
  expect_kept_by([this] { return client.missing({"told"}).json()["missing"].empty(); });
}

TEST_F(WithLeases, TheSamePutKeepsAChunk) {
  expect_kept_by([this] { return client.put_chunk("told", "x").status == 201; });
}

TEST_F(WithLeases, HeadOfAChunkKeepsIt) {
  expect_kept_by([this] { return client.request("HEAD", "/chunks/told").status == 200; });
}

TEST_F(WithLeases, TheSamePushKeepsItsLooseChunks) {
  const auto log = CborLog{}.chunk("told", "x").encode();
  expect_kept_by([&] { return client.push(log).status == 200; });
}

TEST_F(WithLeases, AGetDoesNotKeepAChunk) {
  client.put_chunk("read", "x");
  EXPECT_TRUE(chunk_goes("read"));
}

TEST_F(WithLeases, AChunkThatWasToldToBeThereCanBeNamed) {
  for (int i = 0; i < 5; ++i) {
    client.put_chunk("a", "x");
    std::this_thread::sleep_for(milliseconds{400} * i);
    ASSERT_EQ(client.put_transaction(new_uuid(), root_id, {"a"}).status, 201U) << i;
  }
  std::this_thread::sleep_for(2 * lease);
  EXPECT_TRUE(has("a")) << "pending transactions name it";
}

TEST_F(WithLeases, AForkHasItsGraceAndCanBeReadTo) {
  const auto fork = new_uuid();
  client.put_transaction(fork, root_id, {});
  commit_by_push();
  EXPECT_TRUE(knows(fork));
  const auto refused = client.put_head(fork);
  EXPECT_THAT(refused.json().value("type", ""), testing::HasSubstr("head-not-descendant"));
  EXPECT_TRUE(transaction_goes(fork));
}

/// One that collects only when it is told to.
class ByHand : public Garbage {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--gc-interval",        "0s", "--gc-grace",    "0s",
                         "--gc-abandoned-after", "0s", "--chunk-lease", "0s"};
    start(options);
  }
};

TEST_F(ByHand, NothingGoesUntilTheSignal) {
  client.put_chunk("loose", "12345");
  const auto first = commit_by_push();
  const auto fork = new_uuid();
  client.put_transaction(fork, root_id, {});
  std::this_thread::sleep_for(some_passes);
  EXPECT_TRUE(has("loose"));
  EXPECT_TRUE(knows(fork));
  server().process().signal(SIGUSR1);
  EXPECT_TRUE(chunk_goes("loose"));
  EXPECT_TRUE(transaction_goes(fork));
  EXPECT_TRUE(becomes_true([] {
    return logged_field(server().process().err(), "collected garbage", "chunks") == "1";
  })) << server().process().err();
  EXPECT_EQ(logged_field(server().process().err(), "collected garbage", "chunk_bytes"), "5");
  EXPECT_EQ(client.head(), first);
}

TEST_F(ByHand, AllUsersAreLookedAt) {
  constexpr std::size_t users = 600;  // More than the collector asks for at a time.
  std::vector<std::string> targets(users);
  std::string puts;
  std::string gets;
  for (auto& target : targets) {
    target = "/0.1/" + new_uuid() + "/chunks/loose";
    puts += to_wire({.method = "PUT", .target = target, .body = "x"});
    gets += to_wire({.target = target});
  }
  HttpConnection connection{port()};
  connection.send(puts);
  for (std::size_t i = 0; i < users; ++i) ASSERT_EQ(connection.receive().status, 201U);
  server().process().signal(SIGUSR1);
  EXPECT_TRUE(becomes_true([&] {
    std::size_t left = 0;
    connection.send(gets);
    for (std::size_t i = 0; i < users; ++i) left += connection.receive().status == 404 ? 0 : 1;
    return left == 0;
  }));
}

TEST_F(ByHand, SignalsInAShowerDoNoHarm) {
  const auto first = commit_by_push();
  for (int i = 0; i < 200; ++i) {
    client.put_chunk("loose-" + std::to_string(i), "x");
    server().process().signal(SIGUSR1);
  }
  server().process().signal(SIGUSR1);
  EXPECT_TRUE(chunk_goes("loose-199"));
  EXPECT_EQ(expect_whole_log(client.pull()).ids(), std::vector{first});
}

}  // namespace
}  // namespace mentat_sync
