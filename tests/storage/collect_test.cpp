// What is garbage, and what is not.
#include "store_fixture.hpp"

#include <chrono>
#include <thread>

namespace mentat_sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class CollectRules : public StoreFixture {
 protected:
  /// HEAD at 1, a dead fork 2 of the root, a living 3 after HEAD; each names a chunk of its own.
  void fork() {
    for (const char* id : {"one", "two", "three"}) put_chunk(id, "bytes");
    put_transaction(transaction(1), {}, {"one"});
    put_transaction(transaction(2), {}, {"two"});
    advance(transaction(1));
    put_transaction(transaction(3), transaction(1), {"three"});
  }
  /// Whether it is stored, pending or not: a repeated PUT with other chunks tells.
  bool knows(TransactionId id) {
    const Verdict verdict = put_transaction(id, transaction(999'999), {});
    return verdict == Verdict::transaction_differs;
  }
};

TEST_F(CollectRules, FindNothingInAnUnknownLog) {
  const Outcome outcome = submit(Collect{user, {}});
  EXPECT_EQ(outcome.verdict, Verdict::already_there);
  EXPECT_TRUE(outcome.collected.resume_at.empty());
  EXPECT_EQ(store().statistics()->users, 0U);
}

TEST_F(CollectRules, KeepEverythingWithinItsTime) {
  fork();
  put_chunk("loose", "1");
  const auto collection = collect();
  EXPECT_EQ(collection.steps, 0);
  EXPECT_TRUE(knows(transaction(2)));
  EXPECT_TRUE(knows(transaction(3)));
  EXPECT_TRUE(has_chunk("loose"));
}

TEST_F(CollectRules, TakeTheDeadAfterTheirGrace) {
  fork();
  open({milliseconds{0}, hours{1}, hours{1}});
  EXPECT_EQ(collect().total.transactions, 1U);
  EXPECT_FALSE(knows(transaction(2)));
  EXPECT_TRUE(knows(transaction(3)));
  EXPECT_TRUE(has_chunk("two"));  // its lease has begun
  EXPECT_EQ(advance(transaction(3)), Verdict::applied);
}

TEST_F(CollectRules, TakeTheAbandonedAfterTheirTime) {
  fork();
  open({hours{1}, milliseconds{0}, hours{1}});
  EXPECT_EQ(collect().total.transactions, 1U);
  EXPECT_TRUE(knows(transaction(2)));
  EXPECT_FALSE(knows(transaction(3)));
}

TEST_F(CollectRules, TakeChunksWhoseLeaseHasRunOut) {
  fork();
  put_chunk("loose", "12345");
  open({hours{1}, hours{1}, milliseconds{0}});
  const auto total = collect().total;
  EXPECT_EQ(total.chunks, 1U);
  EXPECT_EQ(total.chunk_bytes, 5U);
  EXPECT_FALSE(has_chunk("loose"));
  for (const char* id : {"one", "two", "three"}) EXPECT_TRUE(has_chunk(id)) << id;
}

TEST_F(CollectRules, NeverTakeWhatIsCommitted) {
  fork();
  open(collect_at_once);
  const auto total = collect().total;
  EXPECT_EQ(total.transactions, 2U);
  EXPECT_EQ(total.chunks, 2U);
  EXPECT_EQ(list(), std::vector{transaction(1)});
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("one")}).bytes, "bytes");
  EXPECT_EQ(summary().chunk_count, 1U);
  EXPECT_EQ(collect().steps, 0);
}

TEST_F(CollectRules, GiveTheirGraceToTransactionsThatAreStoredDead) {
  open({milliseconds{400}, hours{1}, hours{1}});
  put_transaction(transaction(1), {});
  advance(transaction(1));
  std::this_thread::sleep_for(milliseconds{450});
  put_transaction(transaction(2), {});
  EXPECT_EQ(collect().total.transactions, 0U);
  EXPECT_TRUE(knows(transaction(2)));
  std::this_thread::sleep_for(milliseconds{450});
  EXPECT_EQ(collect().total.transactions, 1U);
}

TEST_F(CollectRules, TakeTheForksOfEveryBase) {
  open(CollectionRules{milliseconds{0}, hours{1}, hours{1}});
  for (unsigned n = 1; n <= 20; ++n) {
    const TransactionId parent = n == 1 ? TransactionId::root() : transaction(n - 1);
    put_transaction(transaction(100 + n), parent);
    put_transaction(transaction(200 + n), transaction(100 + n));
    put_transaction(transaction(n), parent);
    advance(transaction(n));
  }
  put_transaction(transaction(121), transaction(20));
  EXPECT_EQ(collect().total.transactions, 40U);
  EXPECT_TRUE(knows(transaction(121)));
}

TEST_F(CollectRules, KeepAnAncestorOfWhatStays) {
  open({hours{1}, milliseconds{300}, hours{1}});
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), transaction(1));
  std::this_thread::sleep_for(milliseconds{350});
  put_transaction(transaction(3), transaction(1));
  EXPECT_EQ(collect().total.transactions, 1U);  // 2: nothing hangs there
  EXPECT_EQ(advance(transaction(3)), Verdict::applied);
  EXPECT_EQ(list(), (std::vector{transaction(1), transaction(3)}));
}

TEST_F(CollectRules, TakeATreeFromItsLeaves) {
  put_chunk("a", "1");
  for (unsigned n = 1; n <= 127; ++n) {
    put_transaction(transaction(n), n == 1 ? TransactionId::root() : transaction(n / 2),
                    {"a", "a"});
  }
  open(collect_at_once);
  const auto total = collect().total;
  EXPECT_EQ(total.transactions, 127U);
  EXPECT_EQ(total.chunks, 1U);
  EXPECT_EQ(summary().chunk_count, 0U);
}

TEST_F(CollectRules, MakeRoomForPendingTransactions) {
  for (unsigned n = 1; n <= 10; ++n) put_transaction(transaction(n), {});
  open(collect_at_once);
  EXPECT_EQ(collect().total.transactions, 10U);
  EXPECT_EQ(put_transaction(transaction(1), {}), Verdict::applied);
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
}

TEST_F(CollectRules, LetTheSameIdsComeAnew) {
  open(collect_at_once);
  put_chunk("a", "old");
  put_transaction(transaction(1), {}, {"a"});
  collect();
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a"}), Verdict::missing_chunks);
  EXPECT_EQ(put_chunk("a", "new"), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a"}), Verdict::applied);
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("a")}).bytes, "new");
}

}  // namespace
}  // namespace mentat_sync
