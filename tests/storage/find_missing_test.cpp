// Have/want, and the leases of chunks that no transaction names.
#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/log_reader.hpp"
#include "storage/lmdb/tables.hpp"
#include "store_fixture.hpp"

#include <chrono>
#include <thread>

namespace mentat_sync {
namespace {

class Leases : public StoreFixture {
 protected:
  Outcome find(const std::vector<std::string>& names) {
    FindMissing find{user, {}};
    for (const std::string& name : names) find.chunks.push_back(chunk_id(name));
    return submit(std::move(find));
  }

  /// Where the chunk's lease starts, read while the store is closed.
  std::uint64_t touched_ms(std::string_view id) {
    std::uint64_t touched_ms = 0;
    inspect([&](const LogReader& log) {
      touched_ms = log.chunk(*log.find_store(user), chunk_id(id))->touched_ms;
    });
    return touched_ms;
  }

  /// The number of the last commit that wrote.
  std::size_t last_commit() {
    MDB_envinfo info{};
    inspect([&](const LogReader&) { mdb_env_info(environment_, &info); });
    return info.me_last_txnid;
  }

  static void let_the_clock_tick() { std::this_thread::sleep_for(std::chrono::milliseconds{5}); }

 private:
  template <class Look>
  void inspect(Look look) {
    close();
    {
      auto environment = Environment::open(directory(), 1 << 20, 0);
      const auto tables = Tables::open(**environment);
      const ReadTxn txn = (*environment)->begin_read();
      environment_ = mdb_txn_env(txn.get());
      look(LogReader{txn.get(), *tables});
    }
    open(rules_);
  }

 protected:
  void open_with(CollectionRules rules) {
    rules_ = rules;
    open(rules);
  }

 private:
  CollectionRules rules_;
  MDB_env* environment_ = nullptr;
};

TEST_F(Leases, NameTheMissingChunksOnceInOrder) {
  put_chunk("a", "1");
  const Outcome outcome = find({"z", "a", "b", "z", "b"});
  EXPECT_EQ(outcome.verdict, Verdict::already_there);
  EXPECT_EQ(outcome.missing, (std::vector{chunk_id("z"), chunk_id("b")}));
}

TEST_F(Leases, OfAUserWithoutALogAllChunksAreMissing) {
  const Outcome outcome = find({"a"});
  EXPECT_EQ(outcome.missing, std::vector{chunk_id("a")});
  EXPECT_EQ(store().statistics()->users, 0U);
}

TEST_F(Leases, NeverLookAcrossUsers) {
  submit(PutChunk{other_user, chunk_id("a"), "1"});
  EXPECT_EQ(find({"a"}).missing, std::vector{chunk_id("a")});
}

TEST_F(Leases, BoundTheQuestion) {
  FindMissing much{user, std::vector(bounds::find_missing_chunks + 1, chunk_id("a"))};
  const Outcome outcome = submit(much);
  EXPECT_EQ(outcome.verdict, Verdict::too_many_chunks);
  EXPECT_EQ(outcome.limit, bounds::find_missing_chunks);
  much.chunks.pop_back();
  EXPECT_TRUE(succeeded(submit(much).verdict));
}

TEST_F(Leases, WriteNothingWhileTheyAreNotDue) {
  put_chunk("a", "1");
  const auto before = last_commit();
  EXPECT_EQ(find({"a", "b"}).verdict, Verdict::already_there);
  EXPECT_EQ(put_chunk("a", "1"), Verdict::already_there);
  EXPECT_EQ(push({}, {{"a", "1"}}, {}).verdict, Verdict::already_there);
  EXPECT_FALSE(read<Chunk>(ReadChunk{user, chunk_id("a")}).lease_is_due);
  EXPECT_EQ(last_commit(), before);
}

TEST_F(Leases, AreRenewedWhenDue) {
  open_with(collect_at_once);
  put_chunk("a", std::string(4096, 'x'));  // with a tail
  const auto stored_ms = touched_ms("a");
  let_the_clock_tick();
  EXPECT_TRUE(read<Chunk>(ReadChunk{user, chunk_id("a")}).lease_is_due);
  EXPECT_EQ(find({"a"}).verdict, Verdict::applied);
  const auto asked_ms = touched_ms("a");
  EXPECT_GT(asked_ms, stored_ms);
  let_the_clock_tick();
  EXPECT_EQ(put_chunk("a", std::string(4096, 'x')), Verdict::already_there);
  const auto repeated_ms = touched_ms("a");
  EXPECT_GT(repeated_ms, asked_ms);
  let_the_clock_tick();
  EXPECT_EQ(push({}, {{"a", std::string(4096, 'x')}}, {}).verdict, Verdict::already_there);
  EXPECT_GT(touched_ms("a"), repeated_ms);
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("a")}).bytes, std::string(4096, 'x'));
}

TEST_F(Leases, AreRenewedByAReplayedPush) {
  open_with(collect_at_once);
  push({}, {{"loose", "1"}}, {{transaction(1), {}}});
  const auto stored_ms = touched_ms("loose");
  let_the_clock_tick();
  EXPECT_EQ(push({}, {{"loose", "1"}}, {{transaction(1), {}}}).verdict, Verdict::already_there);
  EXPECT_GT(touched_ms("loose"), stored_ms);
}

TEST_F(Leases, AreNotNeededByWhatATransactionNames) {
  open_with(collect_at_once);
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  const auto before = last_commit();
  EXPECT_EQ(find({"a"}).verdict, Verdict::already_there);
  EXPECT_EQ(put_chunk("a", "1"), Verdict::already_there);
  EXPECT_FALSE(read<Chunk>(ReadChunk{user, chunk_id("a")}).lease_is_due);
  EXPECT_EQ(last_commit(), before);
}

TEST_F(Leases, StartAnewWhenTheLastTransactionIsCollected) {
  using std::chrono::milliseconds;
  open_with({milliseconds{0}, milliseconds{0}, std::chrono::hours{1}});
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  put_transaction(transaction(2), {}, {"a", "a"});
  const auto stored_ms = touched_ms("a");
  let_the_clock_tick();
  EXPECT_EQ(collect().total.transactions, 2U);
  EXPECT_GT(touched_ms("a"), stored_ms);
  EXPECT_TRUE(has_chunk("a"));
}

TEST_F(Leases, AreRenewedInAFullStore) {
  LmdbStoreOptions options;
  options.initial_map_bytes = options.max_map_bytes = 4 << 20;
  options.collection = collect_at_once;
  open(options);
  put_chunk("a", "1");
  for (int i = 0;
       put_chunk("c-" + std::to_string(i), std::string(100'000, 'x')) == Verdict::applied; ++i) {
  }
  EXPECT_EQ(find({"a"}).verdict, Verdict::applied);
  EXPECT_EQ(put_chunk("a", "1"), Verdict::already_there);
}

}  // namespace
}  // namespace mentat_sync
