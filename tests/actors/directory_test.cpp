// The directory and its reader: queries by messages.
#include "actors/directory.hpp"

#include "storage/bounds.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace mentat_sync::test {
namespace {

class Queries : public testing::TestWithParam<bool> {
 protected:
  Queries() { store_.read_elsewhere(GetParam()); }

  template <class Answer, class Query>
  std::optional<Answer> query(Query query) {
    return ask<Answer>(node_.system(), node_.directory(), std::move(query));
  }

  FakeStore store_;
  Node node_{store_};
};

TEST_P(Queries, AreAnsweredFromTheStore) {
  EXPECT_EQ(query<Head>(ReadHead{user(1)})->seq, 7u);
  EXPECT_EQ(query<Summary>(ReadSummary{user(1)})->chunk_count, 11u);
  const auto page = query<TransactionPage>(ListTransactions{user(1), transaction(5), 10});
  EXPECT_EQ(page->transactions, std::vector{transaction(5)});
  EXPECT_EQ(query<Transaction>(ReadTransaction{user(1), transaction(6)})->id, transaction(6));
  EXPECT_EQ(query<Chunk>(ReadChunk{user(1), chunk(9)})->bytes, "bytes of 9");
}

TEST_P(Queries, ThatFailAnswerAnError) {
  store_.fail_reads(true);
  EXPECT_FALSE(query<Head>(ReadHead{user(1)}));
  EXPECT_FALSE(query<Chunk>(ReadChunk{user(1), chunk(9)}));
  store_.fail_reads(false);
  EXPECT_TRUE(query<Head>(ReadHead{user(1)})) << "the reader outlives a failed read";
}

TEST_P(Queries, ClampTheSizeOfAPage) {
  EXPECT_TRUE(query<TransactionPage>(ListTransactions{user(1), {}, 4'000'000'000}));
  EXPECT_EQ(store_.last_limit(), bounds::page_transactions_max);
}

INSTANTIATE_TEST_SUITE_P(AnsweredInlineOrElsewhere, Queries, testing::Bool());

TEST(Directory, RefusesMoreUsersThanItMayKeepAlive) {
  FakeStore store;
  ActorOptions options;
  options.max_live_users = 2;
  Node node{store, options};
  for (int n = 1; n <= 2; ++n) node.gateway().submit(put(n, 1), [](Outcome) {});
  ASSERT_TRUE(store.wait_for_waiting(2));
  const auto refused = ask<Outcome>(node.system(), node.directory(), put(3, 1));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->verdict, Verdict::overloaded);
  EXPECT_EQ(refused->limit, 2u);
  std::promise<Outcome> session;
  node.gateway().submit(put(4, 1), [&](Outcome outcome) { session.set_value(outcome); });
  EXPECT_EQ(session.get_future().get().verdict, Verdict::overloaded);
  EXPECT_TRUE(ask<Head>(node.system(), node.directory(), ReadHead{user(3)})) << "reads need none";
  store.complete_all();
}

// Long before they have been idle for the time after which they would go by themselves.
TEST(Directory, UsersWithNothingInFlightMakeRoomForOthers) {
  FakeStore store;
  store.complete_by_itself();
  ActorOptions options;
  options.max_live_users = 16;
  Node node{store, options};
  std::size_t refused = 0;
  for (unsigned n = 1; n <= 2000; ++n) {
    const auto ask_for = [&] { return ask<Outcome>(node.system(), node.directory(), put(n, 1)); };
    auto outcome = ask_for();
    for (; outcome && outcome->verdict == Verdict::overloaded && refused < 1000; ++refused) {
      std::this_thread::sleep_for(1ms);
      outcome = ask_for();
    }
    ASSERT_TRUE(outcome);
    ASSERT_EQ(outcome->verdict, Verdict::applied);
  }
}

TEST(Directory, BouncesRequestsAfterItsEnd) {
  FakeStore store;
  Node node{store};
  EXPECT_TRUE(ask<Head>(node.system(), node.directory(), ReadHead{user(1)}));
  node.end_directory();
  EXPECT_FALSE(ask<Outcome>(node.system(), node.directory(), put(1, 1)));
}

}  // namespace
}  // namespace mentat_sync::test
