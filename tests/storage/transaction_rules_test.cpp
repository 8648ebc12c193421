// What PutTransaction stores and refuses.
#include "storage/bounds.hpp"
#include "store_fixture.hpp"

namespace mentat_sync {
namespace {

using TransactionRules = StoreFixture;

TEST_F(TransactionRules, LinksChunksAfterAParent) {
  put_chunk("a", "1");
  put_chunk("b", "2");
  EXPECT_EQ(put_transaction(transaction(1), TransactionId::root(), {"b", "a", "b"}),
            Verdict::applied);
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
  const auto stored = read<Transaction>(ReadTransaction{user, transaction(1)});
  EXPECT_TRUE(stored.found);
  EXPECT_EQ(stored.seq, 1U);
  EXPECT_EQ(stored.parent, TransactionId::root());
  EXPECT_EQ(stored.chunks, (std::vector{chunk_id("b"), chunk_id("a"), chunk_id("b")}));
}

TEST_F(TransactionRules, NamesEachMissingChunkOnceInOrder) {
  put_chunk("a", "1");
  const Outcome outcome = submit(PutTransaction{
      user, transaction(1), {}, {chunk_id("z"), chunk_id("a"), chunk_id("m"), chunk_id("z")}});
  EXPECT_EQ(outcome.verdict, Verdict::missing_chunks);
  EXPECT_EQ(outcome.missing, (std::vector{chunk_id("z"), chunk_id("m")}));
  EXPECT_EQ(advance(transaction(1)), Verdict::head_unknown);
}

TEST_F(TransactionRules, DoesNotTakeAnotherUsersChunks) {
  submit(PutChunk{other_user, chunk_id("a"), "1"});
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a"}), Verdict::missing_chunks);
}

TEST_F(TransactionRules, RefusesAnUnknownParent) {
  EXPECT_EQ(put_transaction(transaction(2), transaction(1)), Verdict::unknown_parent);
  EXPECT_EQ(put_transaction(transaction(1), transaction(1)), Verdict::unknown_parent);
}

TEST_F(TransactionRules, RefusesTheRootsId) {
  EXPECT_EQ(put_transaction(TransactionId::root(), TransactionId::root()),
            Verdict::transaction_is_root);
}

TEST_F(TransactionRules, AnswersTheIdenticalOneAgainWhateverHappenedSince) {
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a"}), Verdict::already_there);
  advance(transaction(1));
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a"}), Verdict::already_there);
  EXPECT_EQ(put_transaction(transaction(1), {}, {}), Verdict::transaction_differs);
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a", "a"}), Verdict::transaction_differs);
  put_transaction(transaction(2), transaction(1));
  EXPECT_EQ(put_transaction(transaction(2), {}), Verdict::transaction_differs);
}

TEST_F(TransactionRules, LetsAnyKnownTransactionBeAParent) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), transaction(1));
  advance(transaction(2));
  EXPECT_EQ(put_transaction(transaction(3), transaction(2)), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(4), transaction(2)), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(5), transaction(1)), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(6), TransactionId::root()), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(7), transaction(5)), Verdict::applied);
}

TEST_F(TransactionRules, HidesPendingAndDeadOnes) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), {});
  EXPECT_FALSE(read<Transaction>(ReadTransaction{user, transaction(1)}).found);
  advance(transaction(1));
  EXPECT_TRUE(read<Transaction>(ReadTransaction{user, transaction(1)}).found);
  EXPECT_FALSE(read<Transaction>(ReadTransaction{user, transaction(2)}).found);
  EXPECT_FALSE(read<Transaction>(ReadTransaction{user, TransactionId::root()}).found);
}

TEST_F(TransactionRules, RefusesMoreChunksThanTheBound) {
  PutTransaction put{user, transaction(1), {}, {}};
  put.chunks.assign(bounds::chunks_per_transaction + 1, chunk_id("a"));
  const Outcome outcome = submit(std::move(put));
  EXPECT_EQ(outcome.verdict, Verdict::too_many_chunks);
  EXPECT_EQ(outcome.limit, bounds::chunks_per_transaction);
}

TEST_F(TransactionRules, LeavesNoTraceOfARefusedOne) {
  submit(PutTransaction{other_user, transaction(1), transaction(9), {}});
  EXPECT_EQ(store().statistics()->users, 0U);
}

}  // namespace
}  // namespace mentat_sync
