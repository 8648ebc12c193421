// When HEAD moves, and when it does not.
#include "store_fixture.hpp"

namespace mentat_sync {
namespace {

using HeadRules = StoreFixture;

TEST_F(HeadRules, StartsAtTheRoot) {
  EXPECT_EQ(head().head, TransactionId::root());
  EXPECT_EQ(head().seq, 0U);
}

TEST_F(HeadRules, MovesOverAWholeChain) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), transaction(1));
  put_transaction(transaction(3), transaction(2));
  const Outcome outcome = submit(AdvanceHead{user, transaction(3), {}});
  EXPECT_EQ(outcome.verdict, Verdict::applied);
  EXPECT_EQ(outcome.current_head, transaction(3));
  EXPECT_EQ(outcome.current_seq, 3U);
  EXPECT_EQ(head().head, transaction(3));
  EXPECT_EQ(list(), (std::vector{transaction(1), transaction(2), transaction(3)}));
}

TEST_F(HeadRules, RefusesAHeadWithDescendants) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), transaction(1));
  EXPECT_EQ(advance(transaction(1)), Verdict::head_has_children);
  EXPECT_EQ(head().head, TransactionId::root());
}

TEST_F(HeadRules, RefusesWhatDoesNotDescendFromHead) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), {});
  put_transaction(transaction(3), transaction(2));
  advance(transaction(1));
  const Outcome sibling = submit(AdvanceHead{user, transaction(3), {}});
  EXPECT_EQ(sibling.verdict, Verdict::head_not_descendant);
  EXPECT_EQ(sibling.current_head, transaction(1));
  EXPECT_EQ(sibling.current_seq, 1U);
}

TEST_F(HeadRules, RefusesACommittedAncestor) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), transaction(1));
  advance(transaction(2));
  EXPECT_EQ(advance(transaction(1)), Verdict::head_not_descendant);
}

TEST_F(HeadRules, RefusesRootItselfAndTheUnknown) {
  EXPECT_EQ(advance(TransactionId::root()), Verdict::head_is_root);
  EXPECT_EQ(advance(transaction(1)), Verdict::head_unknown);
  put_transaction(transaction(1), {});
  advance(transaction(1));
  EXPECT_EQ(advance(transaction(1)), Verdict::head_is_current);
  EXPECT_EQ(advance(TransactionId::root()), Verdict::head_is_root);
}

TEST_F(HeadRules, IsNotBlockedByAnAbandonedChild) {
  put_transaction(transaction(1), {});
  advance(transaction(1));
  put_transaction(transaction(2), transaction(1));  // abandoned
  put_transaction(transaction(3), transaction(1));
  EXPECT_EQ(advance(transaction(3)), Verdict::applied);
  EXPECT_EQ(advance(transaction(2)), Verdict::head_not_descendant);
  EXPECT_EQ(list(), (std::vector{transaction(1), transaction(3)}));
}

TEST_F(HeadRules, NeverRevivesAForkOfTheSameLengthAsTheLog) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), transaction(1));
  put_transaction(transaction(11), {});
  put_transaction(transaction(12), transaction(11));
  put_transaction(transaction(13), transaction(12));
  advance(transaction(2));
  EXPECT_EQ(advance(transaction(13)), Verdict::head_not_descendant);
  EXPECT_EQ(list(), (std::vector{transaction(1), transaction(2)}));
}

TEST_F(HeadRules, RefusesAForkOfAnIntermediateTransaction) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), transaction(1));
  put_transaction(transaction(12), transaction(1));
  advance(transaction(2));
  put_transaction(transaction(13), transaction(12));
  put_transaction(transaction(14), transaction(13));
  EXPECT_EQ(advance(transaction(14)), Verdict::head_not_descendant);
  put_transaction(transaction(3), transaction(2));
  EXPECT_EQ(advance(transaction(3)), Verdict::applied);
  EXPECT_EQ(advance(transaction(14)), Verdict::head_not_descendant);
}

TEST_F(HeadRules, KeepsOnBoundingOnlyWhatHeadMayYetReach) {
  constexpr unsigned limit = 1000;
  LmdbStoreOptions options;
  options.user_limits.pending_transactions = limit;
  open(options);
  std::vector<std::future<Outcome>> outcomes;
  for (unsigned n = 1; n <= limit; ++n) {
    outcomes.push_back(submit_later(PutTransaction{user, transaction(n), {}, {}}));
  }
  for (auto& outcome : outcomes) ASSERT_EQ(outcome.get().verdict, Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(0x1000000), {}), Verdict::too_many_pending);
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(0x1000000), transaction(1)), Verdict::applied);
}

TEST_F(HeadRules, ChecksThePreconditionBeforeAllElse) {
  put_transaction(transaction(1), {});
  const Outcome refused = submit(AdvanceHead{user, transaction(1), {{transaction(7)}}});
  EXPECT_EQ(refused.verdict, Verdict::precondition_failed);
  EXPECT_EQ(refused.current_head, TransactionId::root());
  EXPECT_EQ(submit(AdvanceHead{user, transaction(1), {std::vector<TransactionId>{}}}).verdict,
            Verdict::precondition_failed);
  EXPECT_EQ(
      submit(AdvanceHead{user, transaction(1), {{transaction(7), TransactionId::root()}}}).verdict,
      Verdict::applied);
}

TEST_F(HeadRules, CountsCommittedTransactionsOnly) {
  put_transaction(transaction(1), {});
  put_transaction(transaction(2), {});
  EXPECT_EQ(summary().transaction_count, 0U);
  advance(transaction(1));
  EXPECT_EQ(summary().transaction_count, 1U);
  EXPECT_GT(summary().transaction_bytes, 0U);
  EXPECT_EQ(summary().head, transaction(1));
  EXPECT_EQ(summary().seq, 1U);
}

}  // namespace
}  // namespace mentat_sync
