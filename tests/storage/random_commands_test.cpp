// Thousands of random commands; after every few, all that docs/storage_format.md promises is
// checked against the raw tables.
#include "log_items.hpp"
#include "storage/cbor_log.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <future>
#include <random>
#include <set>

namespace mentat_sync {
namespace {

class RandomCommands : public StoreFixture, public testing::WithParamInterface<unsigned> {
 protected:
  RandomCommands() : random_(GetParam()) {}

  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool one_in(unsigned n) { return below(n) == 0; }

  ChunkId some_chunk() { return chunk_id("c-" + std::to_string(below(25))); }
  /// Nearly always the same bytes for an id; some with a tail.
  std::string bytes_of_chunk(const ChunkId& id) {
    if (one_in(20)) return "other";
    return std::string(id.text().size() % 2 == 0 ? 4096 : 10, id.text().back());
  }
  TransactionId some_transaction() {
    if (one_in(30)) return TransactionId::root();
    return transaction(1 + (newest_ > 12 ? newest_ - 12 : 0) + below(14));
  }
  std::vector<ChunkId> some_chunks() {
    std::vector<ChunkId> chunks(below(5));
    for (ChunkId& id : chunks) id = some_chunk();
    return chunks;
  }

  PutTransaction some_put() {
    newest_ += one_in(2) ? 1 : 0;
    const TransactionId parent = one_in(3) ? head().head : some_transaction();
    return {user, transaction(newest_), parent, some_chunks()};
  }
  Push some_push() {
    Push push{user, one_in(8) ? some_transaction() : head().head, {}, {}};
    for (unsigned n = below(5); n > 0; --n) {
      const ChunkId id = some_chunk();
      push.chunks.push_back({id, bytes_of_chunk(id)});
    }
    for (unsigned n = below(4); n > 0; --n) {
      push.transactions.push_back({transaction(++newest_), some_chunks()});
    }
    if (!push.transactions.empty() && one_in(6)) push.transactions[0].id = some_transaction();
    last_push_ = push;
    return push;
  }
  Command some_command() {
    switch (below(12)) {
      case 0:
      case 1:
      case 2: {
        const ChunkId id = some_chunk();
        return PutChunk{user, id, bytes_of_chunk(id)};
      }
      case 3:
      case 4:
      case 5:
        return some_put();
      case 6:
      case 7:
        return some_push();
      case 8:
        return last_push_;
      case 9:
        return FindMissing{user, some_chunks()};
      case 10:
        return Collect{user, one_in(2) ? resume_at_ : std::string{}};
      default:
        return one_in(60) ? Command{DeleteUser{user}}
                          : Command{AdvanceHead{user, some_transaction(), {}}};
    }
  }

  /// A few at a time: so that they share commits, as those of a real writer do.
  void submit_some() {
    std::vector<Command> commands(1 + below(8));
    for (Command& command : commands) command = some_command();
    const auto before = list({}, 10'000);
    std::vector<std::future<Outcome>> outcomes;
    for (const Command& command : commands) outcomes.push_back(submit_later(command));
    bool deleted = false;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Outcome outcome = outcomes[i].get();
      ASSERT_NE(outcome.verdict, Verdict::unavailable);
      applied_[commands[i].index()] += outcome.verdict == Verdict::applied ? 1 : 0;
      over_quota_ += outcome.verdict == Verdict::quota_exceeded ? 1 : 0;
      resume_at_ = outcome.collected.resume_at;
      deleted = deleted || std::holds_alternative<DeleteUser>(commands[i]);
    }
    const auto after = list({}, 10'000);
    // What is committed stays.
    ASSERT_TRUE(deleted || after.size() >= before.size());
    ASSERT_TRUE(deleted || std::equal(before.begin(), before.end(), after.begin()));
  }

  /// The log in pieces is what is listed, with each chunk that is named.
  void expect_readable() {
    std::vector<TransactionId> transactions;
    std::set<std::string> chunks;
    ReadLog query;
    query.piece_bytes = below(20'000);
    for (const LogItem& item : read_items(query)) {
      if (const auto* chunk = std::get_if<LogChunk>(&item)) {
        EXPECT_TRUE(chunks.insert(chunk->id.to_string()).second) << "a chunk came twice";
      } else if (const auto* transaction = std::get_if<LogTransaction>(&item)) {
        transactions.push_back(transaction->id);
        for (const ChunkId& id : transaction->chunks) {
          EXPECT_TRUE(chunks.contains(id.to_string())) << "a chunk came late";
        }
      }
    }
    EXPECT_EQ(transactions, list({}, 10'000));
  }

  /// What is copied as it is stored is what is put together item by item, from wherever.
  void expect_the_same_as_cbor() {
    auto origins = list({}, 10'000);
    origins.emplace_back();
    for (int i = 0; i < 10; ++i) {
      ReadLog query;
      query.from = origins[below(static_cast<unsigned>(origins.size()))];
      query.with_chunks = !one_in(5);
      if (one_in(3)) query.max_transactions = 1 + below(20);
      if (one_in(3)) query.max_bytes = 1 + below(2'000);
      query.piece_bytes = below(5'000);
      const std::string cbor = read_cbor(query);
      query.piece_bytes = below(5'000);
      EXPECT_EQ(cbor, cbor_of(read_items(query)));
    }
  }

  /// Every third time with a quota that what is stored may exceed already.
  void open_some(int round) {
    LmdbStoreOptions options;
    if (round % 2 == 0) options.collection = collect_at_once;
    if (round % 3 == 0) options.user_limits.bytes = quota;
    open(options);
  }
  /// As one is told who wants to store more than may ever be.
  std::uint64_t bytes_under_quota() {
    const Outcome outcome =
        submit(PutChunk{user, chunk_id("too-much"), std::string(quota + 1, 'x')});
    EXPECT_EQ(outcome.verdict, Verdict::quota_exceeded);
    return outcome.used;
  }

  static constexpr std::uint64_t quota = 30'000;
  std::array<int, std::variant_size_v<Command>> applied_{};
  int over_quota_ = 0;

 private:
  std::mt19937 random_;
  unsigned newest_ = 0;
  Push last_push_{user, {}, {}, {}};
  std::string resume_at_;
};

TEST_P(RandomCommands, KeepTheStoreSound) {
  for (int round = 0; round < 30 && !HasFailure(); ++round) {
    open_some(round);
    const bool has_quota = round % 3 == 0;
    const std::uint64_t bytes_before = has_quota ? bytes_under_quota() : 0;
    for (int i = 0; i < 20 && !HasFatalFailure(); ++i) submit_some();
    if (has_quota) {
      EXPECT_LE(bytes_under_quota(), std::max(quota, bytes_before));
    }
    expect_readable();
    expect_the_same_as_cbor();
    expect_sound();
  }
  // Each kind of command has done something.
  EXPECT_THAT(applied_, testing::Each(testing::Gt(0)));
  EXPECT_GT(over_quota_, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomCommands, testing::Values(1U, 2U, 3U, 4U));

}  // namespace
}  // namespace mentat_sync
