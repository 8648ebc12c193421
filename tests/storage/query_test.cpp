// Listing the log.
#include "store_fixture.hpp"

namespace mentat_sync {
namespace {

class Query : public StoreFixture {
 protected:
  void commit(unsigned first, unsigned last) {
    for (unsigned n = first; n <= last; ++n)
      put_transaction(transaction(n), n == 1 ? TransactionId{} : transaction(n - 1));
    ASSERT_EQ(advance(transaction(last)), Verdict::applied);
  }
  TransactionPage page(TransactionId from, std::uint32_t limit) {
    return read<TransactionPage>(ListTransactions{user, from, limit});
  }
};

TEST_F(Query, ListsNothingOfAnUnknownUser) {
  EXPECT_TRUE(page({}, 10).from_found);
  EXPECT_TRUE(page({}, 10).transactions.empty());
  EXPECT_FALSE(page(transaction(1), 10).from_found);
}

TEST_F(Query, PagesThroughTheWholeLog) {
  commit(1, 7);
  for (std::uint32_t limit = 1; limit <= 8; ++limit) {
    std::vector<TransactionId> all;
    TransactionId from;
    for (bool more = true; more;) {
      const auto next = page(from, limit);
      ASSERT_TRUE(next.from_found);
      ASSERT_LE(next.transactions.size(), limit);
      all.insert(all.end(), next.transactions.begin(), next.transactions.end());
      more = next.more;
      if (more) from = next.transactions.back();
    }
    ASSERT_EQ(all.size(), 7U) << limit;
    for (unsigned n = 1; n <= 7; ++n) EXPECT_EQ(all[n - 1], transaction(n));
  }
}

TEST_F(Query, ListsNothingAfterHead) {
  commit(1, 2);
  const auto at_head = page(transaction(2), 10);
  EXPECT_TRUE(at_head.from_found);
  EXPECT_TRUE(at_head.transactions.empty());
  EXPECT_FALSE(at_head.more);
}

TEST_F(Query, DoesNotListFromPendingOrDeadTransactions) {
  commit(1, 2);
  put_transaction(transaction(3), transaction(2));
  put_transaction(transaction(4), transaction(1));
  EXPECT_FALSE(page(transaction(3), 10).from_found);
  EXPECT_FALSE(page(transaction(4), 10).from_found);
  EXPECT_FALSE(page(transaction(9), 10).from_found);
}

TEST_F(Query, ListsAUserWhoseNeighboursHaveLogsToo) {
  submit(PutTransaction{other_user, transaction(8), {}, {}});
  commit(1, 3);
  submit(AdvanceHead{other_user, transaction(8), {}});
  EXPECT_EQ(list({}, 100).size(), 3U);
}

}  // namespace
}  // namespace mentat_sync
