// Deleting a user: gone at once, and the space comes back.
#include "storage/bounds.hpp"
#include "store_fixture.hpp"

#include <chrono>
#include <thread>

namespace mentat_sync {
namespace {

class Purge : public StoreFixture {
 protected:
  void fill(unsigned chunks, std::size_t bytes = 10) {
    std::vector<std::future<Outcome>> outcomes;
    for (unsigned i = 0; i < chunks; ++i) {
      outcomes.push_back(submit_later(
          PutChunk{user, chunk_id("c-" + std::to_string(i)), std::string(bytes, 'x')}));
    }
    for (auto& outcome : outcomes) ASSERT_EQ(outcome.get().verdict, Verdict::applied);
  }
  bool purged_within(std::chrono::seconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
      if (store().statistics()->purges_pending == 0) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return false;
  }
};

TEST_F(Purge, LeavesAnEmptyLogAtOnce) {
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  advance(transaction(1));
  EXPECT_EQ(submit(DeleteUser{user}).verdict, Verdict::applied);
  EXPECT_EQ(head().head, TransactionId::root());
  EXPECT_TRUE(list().empty());
  EXPECT_FALSE(read<Chunk>(ReadChunk{user, chunk_id("a")}).found);
  EXPECT_EQ(summary().chunk_count, 0U);
  EXPECT_EQ(put_transaction(transaction(1), {}, {"a"}), Verdict::missing_chunks);
}

TEST_F(Purge, LetsTheSameIdsBeUsedAnew) {
  put_chunk("a", "old");
  put_transaction(transaction(1), {}, {"a"});
  submit(DeleteUser{user});
  EXPECT_EQ(put_chunk("a", "new"), Verdict::applied);
  EXPECT_EQ(put_transaction(transaction(1), {}, {}), Verdict::applied);
  ASSERT_TRUE(purged_within(std::chrono::seconds{20}));
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("a")}).bytes, "new");
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
}

TEST_F(Purge, OfAnUnknownUserIsDoneAlready) {
  EXPECT_EQ(submit(DeleteUser{user}).verdict, Verdict::already_there);
}

TEST_F(Purge, GivesTheSpaceBack) {
  fill(200, 20'000);
  const auto full = store().statistics()->used_bytes;
  for (int round = 0; round < 8; ++round) {
    submit(DeleteUser{user});
    ASSERT_TRUE(purged_within(std::chrono::seconds{20}));
    fill(200, 20'000);
  }
  // Without it there would be nine times as much; LMDB keeps freed pages for two commits.
  EXPECT_LT(store().statistics()->used_bytes, 3 * full);
}

TEST_F(Purge, TakesMoreThanOneStepAndTouchesNobodyElse) {
  submit(PutChunk{other_user, chunk_id("theirs"), "bytes"});
  fill(bounds::purge_keys * 2 + 10);
  submit(DeleteUser{user});
  ASSERT_TRUE(purged_within(std::chrono::seconds{20}));
  EXPECT_EQ(read<Chunk>(ReadChunk{other_user, chunk_id("theirs")}).bytes, "bytes");
}

TEST_F(Purge, GoesOnAfterARestart) {
  fill(bounds::purge_keys * 4);
  submit_later(DeleteUser{user});
  open();  // closing answers what is queued, and does not wait for the purge
  EXPECT_TRUE(purged_within(std::chrono::seconds{20}));
}

}  // namespace
}  // namespace mentat_sync
