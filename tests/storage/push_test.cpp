// A push: all of it or nothing.
#include "storage/bounds.hpp"
#include "storage/sha256.hpp"
#include "store_fixture.hpp"

namespace mentat_sync {
namespace {

class PushRules : public StoreFixture {
 protected:
  /// What a refused push must leave as it is.
  struct Visible {
    TransactionId head;
    std::uint64_t chunk_count = 0;
    std::uint64_t chunk_bytes = 0;
    std::uint64_t transaction_bytes = 0;
    bool operator==(const Visible&) const = default;
  };
  Visible visible() {
    const Summary all = summary();
    return {all.head, all.chunk_count, all.chunk_bytes, all.transaction_bytes};
  }
};

TEST_F(PushRules, StoresChunksTransactionsAndHeadInOneStep) {
  const Outcome outcome = push({}, {{"a", "1"}, {"b", "22"}, {"c", ""}},
                               {{transaction(1), {"a", "b"}}, {transaction(2), {"c", "a", "a"}}});
  EXPECT_EQ(outcome.verdict, Verdict::applied);
  EXPECT_EQ(outcome.current_head, transaction(2));
  EXPECT_EQ(outcome.current_seq, 2U);
  EXPECT_EQ(list(), (std::vector{transaction(1), transaction(2)}));
  const auto second = read<Transaction>(ReadTransaction{user, transaction(2)});
  EXPECT_EQ(second.parent, transaction(1));
  EXPECT_EQ(second.seq, 2U);
  EXPECT_EQ(second.chunks, (std::vector{chunk_id("c"), chunk_id("a"), chunk_id("a")}));
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("b")}).bytes, "22");
  EXPECT_EQ(summary().chunk_bytes, 3U);
}

TEST_F(PushRules, CountsAsManySingleCommandsWould) {
  push({}, {{"a", "1"}, {"b", "2"}}, {{transaction(1), {"a"}}, {transaction(2), {"b", "a"}}});
  const auto pushed = visible();
  submit(DeleteUser{user});
  put_chunk("a", "1");
  put_chunk("b", "2");
  put_transaction(transaction(1), {}, {"a"});
  put_transaction(transaction(2), transaction(1), {"b", "a"});
  advance(transaction(2));
  EXPECT_EQ(visible(), pushed);
}

TEST_F(PushRules, GoesOnFromHead) {
  push({}, {{"a", "1"}}, {{transaction(1), {"a"}}});
  EXPECT_EQ(push(transaction(1), {}, {{transaction(2), {"a"}}}).verdict, Verdict::applied);
  EXPECT_EQ(head().head, transaction(2));
}

TEST_F(PushRules, RefusesABaseThatIsNotHead) {
  push({}, {}, {{transaction(1), {}}});
  const auto before = visible();
  const Outcome outcome = push({}, {{"a", "1"}}, {{transaction(2), {"a"}}});
  EXPECT_EQ(outcome.verdict, Verdict::base_not_head);
  EXPECT_EQ(outcome.current_head, transaction(1));
  EXPECT_EQ(outcome.current_seq, 1U);
  EXPECT_EQ(visible(), before);
  EXPECT_FALSE(has_chunk("a"));
}

TEST_F(PushRules, RefusesAChunkWithOtherBytesAndStoresNothing) {
  put_chunk("a", "old");
  const auto before = visible();
  EXPECT_EQ(push({}, {{"b", "1"}, {"a", "new"}}, {{transaction(1), {"a"}}}).verdict,
            Verdict::chunk_differs);
  EXPECT_EQ(visible(), before);
  EXPECT_FALSE(has_chunk("b"));
}

TEST_F(PushRules, TakesAChunkThatComesAgainOnlyWithTheSameBytes) {
  EXPECT_EQ(push({}, {{"a", "1"}, {"a", "2"}}, {}).verdict, Verdict::chunk_differs);
  EXPECT_EQ(push({}, {{"a", "1"}, {"a", "1"}}, {{transaction(1), {"a"}}}).verdict,
            Verdict::applied);
  EXPECT_EQ(summary().chunk_count, 1U);
}

TEST_F(PushRules, RefusesTheRootAsATransaction) {
  EXPECT_EQ(push({}, {{"a", "1"}}, {{transaction(1), {}}, {TransactionId::root(), {}}}).verdict,
            Verdict::transaction_is_root);
  EXPECT_FALSE(has_chunk("a"));
}

TEST_F(PushRules, RefusesATransactionThatIsThereWithOtherContents) {
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  put_transaction(transaction(2), transaction(1), {});
  EXPECT_EQ(push({}, {}, {{transaction(1), {}}}).verdict, Verdict::transaction_differs);
  EXPECT_EQ(push({}, {}, {{transaction(2), {}}}).verdict, Verdict::transaction_differs);
  EXPECT_EQ(head().seq, 0U);
}

TEST_F(PushRules, RefusesATransactionThatIsCommittedAlready) {
  push({}, {}, {{transaction(1), {}}, {transaction(2), {}}});
  EXPECT_EQ(push(transaction(2), {}, {{transaction(1), {}}}).verdict, Verdict::transaction_differs);
  EXPECT_EQ(push(transaction(2), {}, {{transaction(2), {}}}).verdict, Verdict::transaction_differs);
}

TEST_F(PushRules, RefusesAnIdTwice) {
  EXPECT_EQ(push({}, {}, {{transaction(1), {}}, {transaction(1), {}}}).verdict,
            Verdict::transaction_differs);
  EXPECT_EQ(head().seq, 0U);
}

TEST_F(PushRules, NamesTheMissingChunksOnceInOrder) {
  put_chunk("there", "1");
  const Outcome outcome =
      push({}, {{"a", "1"}},
           {{transaction(1), {"z", "there", "a", "b"}}, {transaction(2), {"z", "b", "c"}}});
  EXPECT_EQ(outcome.verdict, Verdict::missing_chunks);
  EXPECT_EQ(outcome.missing, (std::vector{chunk_id("z"), chunk_id("b"), chunk_id("c")}));
  EXPECT_FALSE(has_chunk("a"));
  EXPECT_EQ(head().seq, 0U);
}

TEST_F(PushRules, TakesUpTransactionsThatWereUploadedBefore) {
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a", "a"});
  put_transaction(transaction(2), transaction(1), {});
  EXPECT_EQ(push({}, {{"a", "1"}, {"b", "2"}},
                 {{transaction(1), {"a", "a"}}, {transaction(2), {}}, {transaction(3), {"a", "b"}}})
                .verdict,
            Verdict::applied);
  EXPECT_EQ(list(), (std::vector{transaction(1), transaction(2), transaction(3)}));
}

TEST_F(PushRules, RefusesAHeadWithDescendants) {
  put_transaction(transaction(1), {}, {});
  put_transaction(transaction(2), transaction(1), {});
  EXPECT_EQ(push({}, {{"a", "1"}}, {{transaction(1), {}}}).verdict, Verdict::head_has_children);
  EXPECT_FALSE(has_chunk("a"));
  EXPECT_EQ(push({}, {}, {{transaction(1), {}}, {transaction(3), {}}}).verdict, Verdict::applied);
  EXPECT_EQ(advance(transaction(2)), Verdict::head_not_descendant);
}

TEST_F(PushRules, StoresChunksWithoutTransactions) {
  push({}, {}, {{transaction(1), {}}});
  EXPECT_EQ(push(transaction(1), {{"a", "1"}}, {}).verdict, Verdict::applied);
  EXPECT_EQ(push(transaction(1), {{"a", "1"}}, {}).verdict, Verdict::already_there);
  EXPECT_EQ(push(transaction(1), {}, {}).verdict, Verdict::already_there);
  EXPECT_TRUE(has_chunk("a"));
  EXPECT_EQ(head().head, transaction(1));
}

TEST_F(PushRules, StoresChunksWithoutTransactionsWhereverHeadIs) {
  push({}, {}, {{transaction(1), {}}});
  const Outcome outcome = push({}, {{"a", "1"}}, {});
  EXPECT_EQ(outcome.verdict, Verdict::applied);
  EXPECT_EQ(outcome.current_head, transaction(1));
  EXPECT_EQ(push({}, {{"a", "1"}}, {}).verdict, Verdict::already_there);
  EXPECT_EQ(push({}, {{"a", "2"}}, {}).verdict, Verdict::chunk_differs);
}

TEST_F(PushRules, BeginsNoLogWithNothing) {
  EXPECT_EQ(push({}, {}, {}).verdict, Verdict::already_there);
  EXPECT_EQ(store().statistics()->users, 0U);
}

TEST_F(PushRules, ChecksEachChunkAtTheDoor) {
  LmdbStoreOptions options;
  options.max_chunk_bytes = 10;
  open(options);
  const Outcome large = push({}, {{"a", "1"}, {"b", std::string(11, 'x')}}, {});
  EXPECT_EQ(large.verdict, Verdict::chunk_too_large);
  EXPECT_EQ(large.limit, 10U);
  EXPECT_EQ(push({}, {{std::string(64, 'a'), "1"}}, {}).verdict, Verdict::hash_mismatch);
  EXPECT_EQ(push({}, {{to_hex(sha256("1")), "1"}}, {}).verdict, Verdict::applied);
  options.chunk_ids = ChunkIds::sha256;
  open(options);
  EXPECT_EQ(push({}, {{"a", "1"}}, {}).verdict, Verdict::chunk_id_not_sha256);
}

TEST_F(PushRules, BoundsItsItems) {
  Push much{user, {}, {}, {}};
  much.transactions.resize(bounds::push_items / bounds::chunks_per_transaction);
  unsigned n = 0;
  for (auto& transaction_of_many : much.transactions) {
    transaction_of_many.id = transaction(++n);
    transaction_of_many.chunks.assign(bounds::chunks_per_transaction, chunk_id("a"));
  }
  much.transactions.push_back({transaction(++n), {}});
  const std::size_t items = much.transactions.size() * 1 + (n - 1) * bounds::chunks_per_transaction;
  much.chunks.resize(bounds::push_items + 1 - items);
  Outcome outcome = submit(much);
  EXPECT_EQ(outcome.verdict, Verdict::too_many_items);
  EXPECT_EQ(outcome.limit, bounds::push_items);
  much.transactions.front().chunks.push_back(chunk_id("a"));
  outcome = submit(much);
  EXPECT_EQ(outcome.verdict, Verdict::too_many_chunks);
  EXPECT_EQ(outcome.limit, bounds::chunks_per_transaction);
}

TEST_F(PushRules, MayBeLargerThanABatchAndThanTheMap) {
  LmdbStoreOptions options;
  options.initial_map_bytes = 4 << 20;
  options.max_batch_bytes = 1 << 20;
  open(options);
  Push large{user, {}, {}, {{transaction(1), {}}}};
  for (unsigned i = 0; i < 24; ++i) {
    large.chunks.push_back({chunk_id("c-" + std::to_string(i)), std::string(1 << 20, 'x')});
    large.transactions[0].chunks.push_back(large.chunks.back().id);
  }
  auto before = submit_later(PutChunk{user, chunk_id("before"), "1"});
  auto outcome = submit_later(large);
  auto after = submit_later(PutChunk{user, chunk_id("after"), "1"});
  EXPECT_EQ(before.get().verdict, Verdict::applied);
  EXPECT_EQ(outcome.get().verdict, Verdict::applied);
  EXPECT_EQ(after.get().verdict, Verdict::applied);
  EXPECT_EQ(summary().chunk_bytes, (24U << 20) + 2);
}

TEST_F(PushRules, OfTheMostItemsGoesThrough) {
  Push much{user, {}, {}, {}};
  for (unsigned n = 1; n <= 20'000; ++n) {
    much.chunks.push_back({chunk_id("c-" + std::to_string(n)), std::to_string(n)});
    much.transactions.push_back(
        {transaction(n), {much.chunks.back().id, much.chunks[n / 2].id, much.chunks[n / 3].id}});
  }
  ASSERT_EQ(much.chunks.size() * 5, bounds::push_items);
  EXPECT_EQ(submit(std::move(much)).verdict, Verdict::applied);
  EXPECT_EQ(head().seq, 20'000U);
}

TEST_F(PushRules, IsRefusedWholeByAFullStore) {
  LmdbStoreOptions options;
  options.initial_map_bytes = options.max_map_bytes = 4 << 20;
  open(options);
  put_chunk("a", "1");
  const auto before = visible();
  EXPECT_EQ(
      push({}, {{"b", "2"}, {"c", std::string(3'000'000, 'x')}, {"d", std::string(3'000'000, 'x')}},
           {{transaction(1), {"a", "b"}}})
          .verdict,
      Verdict::storage_full);
  EXPECT_EQ(visible(), before);
  EXPECT_EQ(push({}, {{"b", "2"}}, {{transaction(1), {"a", "b"}}}).verdict, Verdict::applied);
}

}  // namespace
}  // namespace mentat_sync
