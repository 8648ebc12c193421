// What one user may store: chunks and the records of all transactions, bounded by UserLimits.
#include "storage/lmdb/format.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <future>
#include <thread>

namespace mentat_sync {
namespace {

/// The record of a transaction that names `chunks` chunks by ids of one character.
std::uint64_t record_bytes(std::size_t chunks) {
  return format::transaction_record_bytes(std::vector(chunks, chunk_id("a")));
}

class Quota : public StoreFixture {
 protected:
  void open_with(UserLimits limits) {
    LmdbStoreOptions options;
    options.collection = collect_at_once;
    options.user_limits = limits;
    open(options);
  }
  void open_with_bytes(std::uint64_t bytes) { open_with({.bytes = bytes}); }
};

TEST_F(Quota, TakesWhatFitsExactlyAndNotAByteMore) {
  open_with_bytes(1000);
  EXPECT_EQ(put_chunk("a", std::string(600, 'x')), Verdict::applied);
  EXPECT_EQ(put_chunk("b", std::string(401, 'x')), Verdict::quota_exceeded);
  EXPECT_FALSE(has_chunk("b"));
  EXPECT_EQ(put_chunk("b", std::string(400, 'x')), Verdict::applied);
}

TEST_F(Quota, SaysTheBoundAndWhatIsUsedOfIt) {
  open_with_bytes(1000);
  put_chunk("a", std::string(600, 'x'));
  const Outcome chunk = submit(PutChunk{user, chunk_id("b"), std::string(401, 'x')});
  EXPECT_EQ(chunk.limit, 1000U);
  EXPECT_EQ(chunk.used, 600U);
  const Outcome pushed = push({}, {{"b", std::string(400, 'x')}}, {{transaction(1), {"b"}}});
  EXPECT_EQ(pushed.verdict, Verdict::quota_exceeded);
  EXPECT_EQ(pushed.limit, 1000U);
  EXPECT_EQ(pushed.used, 600U);
  EXPECT_EQ(pushed.current_head, TransactionId::root());
}

TEST_F(Quota, RefusesAUsersFirstChunkWithoutBeginningALog) {
  open_with_bytes(10);
  EXPECT_EQ(put_chunk("a", std::string(11, 'x')), Verdict::quota_exceeded);
  EXPECT_EQ(store().statistics()->users, 0U);
}

TEST_F(Quota, CountsTheRecordsOfAllTransactions) {
  open_with_bytes(3 * record_bytes(0) + 10);
  EXPECT_EQ(put_transaction(transaction(1), {}), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(2), {}), Verdict::applied);  // dead from the next line on
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(3), transaction(1)), Verdict::applied);
  const Outcome fourth = submit(PutTransaction{user, transaction(4), transaction(3), {}});
  EXPECT_EQ(fourth.verdict, Verdict::quota_exceeded);
  EXPECT_EQ(fourth.used, 3 * record_bytes(0));
  EXPECT_EQ(put_chunk("a", std::string(11, 'x')), Verdict::quota_exceeded);
  EXPECT_EQ(put_chunk("a", std::string(10, 'x')), Verdict::applied);
}

TEST_F(Quota, CountsOfAPushWhatItAddsOnly) {
  const std::string bytes(100, 'x');
  open_with_bytes(200 + 2 * record_bytes(2));
  put_chunk("a", bytes);
  put_transaction(transaction(1), {}, {"a", "a"});
  const auto both = [&](std::size_t more) {
    return push({}, {{"a", bytes}, {"b", std::string(100 + more, 'y')}},
                {{transaction(1), {"a", "a"}}, {transaction(2), {"a", "b"}}});
  };
  EXPECT_EQ(both(1).verdict, Verdict::quota_exceeded);
  EXPECT_EQ(head().head, TransactionId::root());
  EXPECT_FALSE(has_chunk("b"));
  EXPECT_EQ(both(0).verdict, Verdict::applied);
  EXPECT_EQ(head().head, transaction(2));
}

TEST_F(Quota, TakesRepeatsOfWhatIsStored) {
  const Push pushed{user, {}, {{chunk_id("a"), "1234567890"}}, {{transaction(1), {chunk_id("a")}}}};
  submit(pushed);
  put_chunk("b", "b");
  put_transaction(transaction(2), transaction(1), {"b"});
  open_with_bytes(1);  // an operator may lower it below what is there
  EXPECT_EQ(put_chunk("b", "b"), Verdict::already_there);
  EXPECT_EQ(put_transaction(transaction(2), transaction(1), {"b"}), Verdict::already_there);
  EXPECT_EQ(submit(pushed).verdict, Verdict::already_there);
  EXPECT_EQ(put_chunk("c", "c"), Verdict::quota_exceeded);
}

TEST_F(Quota, NeverHindersMovingHeadAskingCollectingAndDeleting) {
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  put_transaction(transaction(2), transaction(1));
  put_chunk("garbage", "1");
  open_with_bytes(1);
  EXPECT_EQ(push({}, {}, {{transaction(1), {"a"}}}).verdict, Verdict::head_has_children);
  EXPECT_EQ(advance(transaction(2)), Verdict::applied);
  EXPECT_TRUE(succeeded(submit(FindMissing{user, {chunk_id("a"), chunk_id("b")}}).verdict));
  EXPECT_EQ(collect().total.chunks, 1U);
  EXPECT_EQ(submit(DeleteUser{user}).verdict, Verdict::applied);
}

TEST_F(Quota, LetsAPushMoveHeadOverWhatIsThere) {
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  open_with_bytes(1);
  EXPECT_EQ(push({}, {{"a", "1"}}, {{transaction(1), {"a"}}}).verdict, Verdict::applied);
  EXPECT_EQ(head().head, transaction(1));
}

TEST_F(Quota, GivesBackWhatIsCollected) {
  open_with_bytes(100);
  put_chunk("a", std::string(100, 'x'));
  EXPECT_EQ(put_chunk("b", "1"), Verdict::quota_exceeded);
  collect();
  EXPECT_EQ(put_chunk("b", std::string(100, 'x')), Verdict::applied);
}

TEST_F(Quota, GivesBackTheRecordsOfCollectedTransactions) {
  open_with_bytes(record_bytes(0));
  put_transaction(transaction(1), {});
  EXPECT_EQ(put_transaction(transaction(2), {}), Verdict::quota_exceeded);
  EXPECT_EQ(collect().total.transactions, 1U);
  EXPECT_EQ(put_transaction(transaction(2), {}), Verdict::applied);
}

TEST_F(Quota, IsGivenBackByDeleteAtOnce) {
  open_with_bytes(100);
  put_chunk("a", std::string(100, 'x'));
  submit(DeleteUser{user});
  EXPECT_EQ(put_chunk("b", std::string(100, 'x')), Verdict::applied);
}

TEST_F(Quota, IsEachUsersOwn) {
  open_with_bytes(100);
  put_chunk("a", std::string(100, 'x'));
  EXPECT_EQ(submit(PutChunk{other_user, chunk_id("a"), std::string(100, 'x')}).verdict,
            Verdict::applied);
}

TEST_F(Quota, IsNoneAtAllWithZero) {
  open_with_bytes(0);
  EXPECT_EQ(put_chunk("a", std::string(1000, 'x')), Verdict::applied);
}

/// Commands of two threads share commits, and each sees what those before it did.
TEST_F(Quota, HoldsWhenTwoDevicesReachItTogether) {
  constexpr std::uint64_t limit = 20'000;
  constexpr std::size_t chunk_bytes = 100;
  open_with_bytes(limit);
  std::vector<std::future<Outcome>> outcomes[2];
  const auto upload = [&](std::size_t device) {
    for (unsigned n = 0; n < 250; ++n) {
      const auto id = chunk_id(std::to_string(device) + "-" + std::to_string(n));
      outcomes[device].push_back(submit_later(PutChunk{user, id, std::string(chunk_bytes, 'x')}));
    }
  };
  std::thread other{upload, 1};
  upload(0);
  other.join();
  std::size_t applied = 0;
  for (auto& of_one : outcomes) {
    for (auto& future : of_one) {
      const Outcome outcome = future.get();
      applied += outcome.verdict == Verdict::applied ? 1 : 0;
      if (outcome.verdict == Verdict::applied) continue;
      EXPECT_EQ(outcome.verdict, Verdict::quota_exceeded);
      EXPECT_EQ(outcome.used, limit);
    }
  }
  EXPECT_EQ(applied, limit / chunk_bytes);
  EXPECT_EQ(summary().chunk_bytes, limit);
}

TEST_F(Quota, BoundsPendingTransactionsByTheOption) {
  open_with({.pending_transactions = 2});
  EXPECT_EQ(put_transaction(transaction(1), {}), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(2), {}), Verdict::applied);
  const Outcome third = submit(PutTransaction{user, transaction(3), {}, {}});
  EXPECT_EQ(third.verdict, Verdict::too_many_pending);
  EXPECT_EQ(third.limit, 2U);
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(3), transaction(1)), Verdict::applied);
}

TEST_F(Quota, BoundsTheChunksOfATransactionByTheOption) {
  open_with({.chunks_per_transaction = 2});
  put_chunk("a", "1");
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a", "a"}), Verdict::applied);
  const std::vector<ChunkId> three(3, chunk_id("a"));
  const Outcome put = submit(PutTransaction{user, transaction(2), {}, three});
  EXPECT_EQ(put.verdict, Verdict::too_many_chunks);
  EXPECT_EQ(put.limit, 2U);
  const Outcome pushed = submit(Push{user, {}, {}, {{transaction(2), three}}});
  EXPECT_EQ(pushed.verdict, Verdict::too_many_chunks);
  EXPECT_EQ(pushed.limit, 2U);
  EXPECT_TRUE(succeeded(submit(FindMissing{user, three}).verdict));
}

}  // namespace
}  // namespace mentat_sync
