// What the store does when a commit fails. mdb_txn_commit is replaced at link time (--wrap), so
// that it fails when a test says so.
#include "store_fixture.hpp"

#include <lmdb.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

namespace {

/// What the next commits return; 0: they go through.
std::atomic<int> commits_fail_with{0};

}  // namespace

extern "C" {

int __real_mdb_txn_commit(MDB_txn* txn);

int __wrap_mdb_txn_commit(MDB_txn* txn) {
  const int code = commits_fail_with;
  if (code == 0) return __real_mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return code;
}
}

namespace mentat_sync {
namespace {

class CommitFailure : public StoreFixture {
 protected:
  void TearDown() override {
    commits_fail_with = 0;
    StoreFixture::TearDown();
  }
};

TEST_F(CommitFailure, AnswersUnavailableAndStoresNothing) {
  commits_fail_with = EIO;
  EXPECT_EQ(put_chunk("a", "1"), Verdict::unavailable);
  EXPECT_FALSE(read<Chunk>(ReadChunk{user, chunk_id("a")}).found);
}

TEST_F(CommitFailure, PoisonsTheStoreUntilItIsReopened) {
  put_chunk("before", "1");
  commits_fail_with = EIO;
  put_chunk("a", "1");
  commits_fail_with = 0;
  EXPECT_EQ(put_chunk("b", "1"), Verdict::unavailable);
  EXPECT_EQ(store().health().code(), ErrorCode::unavailable);
  EXPECT_TRUE(read<Chunk>(ReadChunk{user, chunk_id("before")}).found);
  open();
  EXPECT_TRUE(store().health().ok());
  EXPECT_EQ(put_chunk("b", "1"), Verdict::applied);
}

TEST_F(CommitFailure, AnswersEveryCommandOfTheBatch) {
  commits_fail_with = EIO;
  std::vector<std::future<Outcome>> outcomes;
  for (unsigned i = 0; i < 500; ++i) {
    outcomes.push_back(submit_later(PutChunk{user, chunk_id("c-" + std::to_string(i)), "x"}));
  }
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get().verdict, Verdict::unavailable);
  EXPECT_EQ(summary().chunk_count, 0U);
}

TEST_F(CommitFailure, TakesAFullDiskForAnOutcomeAndGoesOn) {
  commits_fail_with = ENOSPC;
  EXPECT_EQ(put_chunk("a", "1"), Verdict::storage_full);
  EXPECT_TRUE(store().health().ok());
  commits_fail_with = 0;
  EXPECT_EQ(put_chunk("a", "1"), Verdict::applied);
}

TEST_F(CommitFailure, TakesAnExhaustedQuotaForAFullDisk) {
  commits_fail_with = EDQUOT;
  EXPECT_EQ(put_chunk("a", "1"), Verdict::storage_full);
  EXPECT_TRUE(store().health().ok());
}

TEST_F(CommitFailure, LeavesNothingOfAPush) {
  put_chunk("a", "1");
  commits_fail_with = ENOSPC;
  const Push push{
      user, {}, {{chunk_id("b"), "2"}}, {{transaction(1), {chunk_id("a"), chunk_id("b")}}}};
  EXPECT_EQ(submit(push).verdict, Verdict::storage_full);
  EXPECT_EQ(head().head, TransactionId::root());
  EXPECT_FALSE(has_chunk("b"));
  EXPECT_EQ(summary().chunk_count, 1U);
  commits_fail_with = 0;
  EXPECT_EQ(submit(push).verdict, Verdict::applied);
  EXPECT_EQ(submit(push).verdict, Verdict::already_there);
}

TEST_F(CommitFailure, LeavesNothingOfAPushWhoseFateIsUnknown) {
  commits_fail_with = EIO;
  const Push push{user, {}, {{chunk_id("a"), "1"}}, {{transaction(1), {chunk_id("a")}}}};
  EXPECT_EQ(submit(push).verdict, Verdict::unavailable);
  EXPECT_EQ(head().seq, 0U);
  EXPECT_FALSE(has_chunk("a"));
  commits_fail_with = 0;
  open();
  EXPECT_EQ(submit(push).verdict, Verdict::applied);
}

TEST_F(CommitFailure, TakesNothingAwayInACollection) {
  open(collect_at_once);
  put_chunk("a", "1");
  commits_fail_with = ENOSPC;
  const Outcome step = submit(Collect{user, {}});
  EXPECT_EQ(step.verdict, Verdict::storage_full);
  EXPECT_TRUE(has_chunk("a"));
  commits_fail_with = 0;
  EXPECT_EQ(collect().total.chunks, 1U);
}

TEST_F(CommitFailure, KeepsADeletedLogForTheNextPurge) {
  put_chunk("a", "1");
  submit(DeleteUser{user});
  commits_fail_with = ENOSPC;
  EXPECT_EQ(put_chunk("b", "1"), Verdict::storage_full);
  commits_fail_with = 0;
  EXPECT_EQ(put_chunk("b", "1"), Verdict::applied);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (store().statistics()->purges_pending > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  EXPECT_EQ(store().statistics()->purges_pending, 0U);
  EXPECT_EQ(summary().chunk_count, 1U);
}

}  // namespace
}  // namespace mentat_sync
