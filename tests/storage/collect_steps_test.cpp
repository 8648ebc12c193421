// A collection goes in small steps, each of which others' commands may follow.
#include "storage/bounds.hpp"
#include "store_fixture.hpp"

#include <random>

namespace mentat_sync {
namespace {

class CollectSteps : public StoreFixture {
 protected:
  void submit_all(std::vector<Command> commands) {
    std::vector<std::future<Outcome>> outcomes;
    for (Command& command : commands) outcomes.push_back(submit_later(std::move(command)));
    for (auto& outcome : outcomes) ASSERT_EQ(outcome.get().verdict, Verdict::applied);
  }
  void put_chain(unsigned first, unsigned last, TransactionId parent) {
    std::vector<Command> commands;
    for (unsigned n = first; n <= last; ++n) {
      // In the order of their ids the chain would be collected in one sweep.
      const TransactionId id = transaction(n * 2654435761U);
      commands.push_back(PutTransaction{user, id, parent, {chunk_id("a")}});
      parent = id;
    }
    submit_all(std::move(commands));
  }
};

TEST_F(CollectSteps, TakeALongChainInOnePass) {
  put_chunk("a", "1");
  put_chain(1, 5'000, {});
  open(collect_at_once);
  const auto collection = collect();
  EXPECT_EQ(collection.total.transactions, 5'000U);
  EXPECT_EQ(collection.total.chunks, 1U);
  EXPECT_GE(collection.steps, 9);
  EXPECT_LE(collection.steps, 16);
}

TEST_F(CollectSteps, KeepToTheirBudget) {
  put_chunk("a", "1");
  put_chain(1, 3'000, {});
  open(collect_at_once);
  std::string resume_at;
  do {
    const Outcome step = submit(Collect{user, resume_at});
    EXPECT_LE(2 * step.collected.transactions + step.collected.chunks, bounds::collect_changes);
    resume_at = step.collected.resume_at;
  } while (!resume_at.empty());
}

TEST_F(CollectSteps, TakeATransactionThatIsLargerThanTheBudget) {
  put_chunk("a", "1");
  std::vector<Command> large;
  for (unsigned n = 1; n <= 3; ++n) {
    large.push_back(PutTransaction{
        user, transaction(n), {}, std::vector(bounds::chunks_per_transaction, chunk_id("a"))});
  }
  submit_all(std::move(large));
  open(collect_at_once);
  EXPECT_EQ(submit(Collect{user, {}}).collected.transactions, 1U);
  EXPECT_EQ(collect().total.transactions, 2U);
}

TEST_F(CollectSteps, TakeManyChunks) {
  std::vector<Command> chunks;
  for (unsigned n = 0; n < 5'000; ++n) {
    chunks.push_back(PutChunk{user, chunk_id("c-" + std::to_string(n)), "x"});
  }
  submit_all(std::move(chunks));
  open(collect_at_once);
  const auto collection = collect();
  EXPECT_EQ(collection.total.chunks, 5'000U);
  EXPECT_EQ(collection.steps, 5);
  EXPECT_EQ(summary().chunk_bytes, 0U);
}

TEST_F(CollectSteps, LookAtNothingWhereThereIsNoGarbage) {
  open(collect_at_once);
  Push push{user, {}, {}, {{transaction(1), {}}}};
  for (unsigned n = 0; n < 2 * bounds::collect_visits; ++n) {
    push.chunks.push_back({chunk_id("c-" + std::to_string(n)), "x"});
    push.transactions[0].chunks.push_back(push.chunks.back().id);
  }
  submit(std::move(push));
  const Outcome step = submit(Collect{user, {}});
  EXPECT_EQ(step.verdict, Verdict::already_there);
  EXPECT_TRUE(step.collected.resume_at.empty());
}

TEST_F(CollectSteps, GoOnPastMoreThanOneStepLooksAt) {
  const unsigned many = 2 * bounds::collect_visits + 10;
  Push push{user, {}, {{chunk_id("z-the-longest-sorts-last"), "x"}}, {{transaction(1), {}}}};
  for (unsigned n = 0; n < many; ++n) {
    push.chunks.push_back({chunk_id("c-" + std::to_string(n)), "x"});
    push.transactions[0].chunks.push_back(push.chunks.back().id);
  }
  submit(std::move(push));
  open(collect_at_once);
  const Outcome first = submit(Collect{user, {}});
  EXPECT_EQ(first.verdict, Verdict::already_there);
  EXPECT_FALSE(first.collected.resume_at.empty());
  EXPECT_EQ(collect().total.chunks, 1U);
}

TEST_F(CollectSteps, BeginAnewFromAPlaceThatIsNone) {
  put_chunk("a", "1");
  put_chain(1, 3, {});
  open(collect_at_once);
  std::mt19937 random{7};
  std::string valid = submit(Collect{user, {}}).collected.resume_at;
  for (int i = 0; i < 500; ++i) {
    std::string place = valid;
    place.resize(random() % 120, '\x01');
    for (int bytes = random() % 4; bytes > 0 && !place.empty(); --bytes) {
      place[random() % place.size()] = static_cast<char>(random());
    }
    if (i % 50 == 0) put_transaction(transaction(9), {}, {});
    ASSERT_TRUE(succeeded(submit(Collect{user, place}).verdict)) << i;
  }
  collect();
  EXPECT_EQ(summary().chunk_count, 0U);
}

TEST_F(CollectSteps, BeginAnewInAnotherGenerationOfTheLog) {
  put_chunk("a", "1");
  put_chain(1, 2'000, {});
  open(collect_at_once);
  const std::string place = submit(Collect{user, {}}).collected.resume_at;
  submit(DeleteUser{user});
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  const Outcome step = submit(Collect{user, place});
  EXPECT_EQ(step.collected.transactions, 1U);
  EXPECT_EQ(step.collected.chunks, 1U);
}

TEST_F(CollectSteps, LeaveWhatIsPutAgainBetweenThem) {
  using std::chrono::milliseconds;
  put_chunk("a", "1");
  put_chain(1, 2'000, {});
  open({milliseconds{0}, milliseconds{0}, std::chrono::hours{1}});
  const std::string place = submit(Collect{user, {}}).collected.resume_at;
  ASSERT_FALSE(place.empty());
  // The chain's first half is there yet; a client goes on from a parent that it knows.
  const TransactionId parent = transaction(1 * 2654435761U);
  EXPECT_EQ(put_transaction(transaction(1), parent, {"a"}), Verdict::applied);
  EXPECT_EQ(advance(transaction(1)), Verdict::applied);
  std::string resume_at = place;
  while (!resume_at.empty()) resume_at = submit(Collect{user, resume_at}).collected.resume_at;
  EXPECT_EQ(list(), (std::vector{parent, transaction(1)}));
  EXPECT_TRUE(has_chunk("a"));
  EXPECT_EQ(collect().total.transactions, 0U);
}

TEST_F(CollectSteps, GiveRoomBackToAFullStore) {
  LmdbStoreOptions options;
  options.initial_map_bytes = options.max_map_bytes = 4 << 20;
  options.collection = collect_at_once;
  open(options);
  for (int round = 0; round < 4; ++round) {
    std::uint64_t stored = 0;
    for (std::uint64_t tried = 0; tried <= stored; tried += 50) {
      std::vector<std::future<Outcome>> outcomes;
      for (std::uint64_t n = tried; n < tried + 50; ++n) {
        outcomes.push_back(submit_later(
            PutChunk{user, chunk_id("c-" + std::to_string(n)), std::string(3'000, 'x')}));
      }
      for (auto& outcome : outcomes) stored += outcome.get().verdict == Verdict::applied ? 1 : 0;
    }
    EXPECT_GT(stored, 500U) << round;
    EXPECT_EQ(collect().total.chunks, stored) << round;
  }
}

TEST_F(CollectSteps, GiveRoomBackWithTransactionsOfManyChunks) {
  LmdbStoreOptions options;
  options.initial_map_bytes = options.max_map_bytes = 4 << 20;
  options.collection = collect_at_once;
  open(options);
  std::uint64_t stored = 0;
  for (unsigned n = 1; true; ++n) {
    Push push{user, {}, {}, {}};
    PutTransaction put{user, transaction(n), {}, {}};
    for (unsigned i = 0; i < 100; ++i) {
      const auto name = transaction((100 * n + i) * 2654435761U).to_string();
      push.chunks.push_back({chunk_id(name), "x"});
      put.chunks.push_back(chunk_id(name));
    }
    if (submit(push).verdict != Verdict::applied) break;
    stored += push.chunks.size();
    if (submit(put).verdict != Verdict::applied) break;
  }
  EXPECT_GT(stored, 2'000U);
  EXPECT_EQ(collect().total.chunks, stored);
  EXPECT_EQ(put_chunk("large", std::string(2'000'000, 'x')), Verdict::applied);
}

}  // namespace
}  // namespace mentat_sync
