// Group commit: order, batches, bounds, and ending.
#include "store_fixture.hpp"

#include <atomic>
#include <thread>

namespace mentat_sync {
namespace {

using WriterTest = StoreFixture;

TEST_F(WriterTest, AppliesCommandsInTheOrderOfSubmission) {
  std::vector<std::future<Outcome>> outcomes;
  outcomes.push_back(submit_later(PutChunk{user, chunk_id("a"), "1"}));
  TransactionId parent;
  for (unsigned n = 1; n <= 500; ++n) {
    outcomes.push_back(submit_later(PutTransaction{user, transaction(n), parent, {chunk_id("a")}}));
    outcomes.push_back(submit_later(AdvanceHead{user, transaction(n), {}}));
    parent = transaction(n);
  }
  for (auto& outcome : outcomes) ASSERT_EQ(outcome.get().verdict, Verdict::applied);
  EXPECT_EQ(head().seq, 500U);
}

TEST_F(WriterTest, CommitsManyCommandsTogether) {
  std::vector<std::future<Outcome>> outcomes;
  for (unsigned i = 0; i < 2000; ++i) {
    outcomes.push_back(submit_later(PutChunk{user, chunk_id("c-" + std::to_string(i)), "x"}));
  }
  for (auto& outcome : outcomes) ASSERT_EQ(outcome.get().verdict, Verdict::applied);
  const auto statistics = *store().statistics();
  EXPECT_EQ(statistics.commands, 2000U);
  EXPECT_LT(statistics.commits, 1000U);
}

TEST_F(WriterTest, KeepsItsBatchesWithinTheBound) {
  LmdbStoreOptions options;
  options.max_batch_commands = 10;
  open(options);
  std::vector<std::future<Outcome>> outcomes;
  for (unsigned i = 0; i < 200; ++i) {
    outcomes.push_back(submit_later(PutChunk{user, chunk_id("c-" + std::to_string(i)), "x"}));
  }
  for (auto& outcome : outcomes) outcome.wait();
  EXPECT_GE(store().statistics()->commits, 20U);
}

TEST_F(WriterTest, RefusesWhatItsQueueCannotHold) {
  LmdbStoreOptions options;
  options.max_queue_commands = 50;
  open(options);
  std::vector<std::future<Outcome>> outcomes;
  for (unsigned i = 0; i < 5000; ++i) {
    outcomes.push_back(submit_later(PutChunk{user, chunk_id("c-" + std::to_string(i)), "x"}));
  }
  std::size_t refused = 0;
  for (unsigned i = 0; i < outcomes.size(); ++i) {
    const auto verdict = outcomes[i].get().verdict;
    const bool found = read<Chunk>(ReadChunk{user, chunk_id("c-" + std::to_string(i))}).found;
    EXPECT_EQ(found, verdict == Verdict::applied);
    if (verdict == Verdict::overloaded) ++refused;
  }
  EXPECT_GT(refused, 0U);
}

TEST_F(WriterTest, RefusesBytesItsQueueCannotHold) {
  LmdbStoreOptions options;
  options.max_queue_bytes = 1000;
  open(options);
  EXPECT_EQ(put_chunk("a", std::string(2000, 'x')), Verdict::overloaded);
  EXPECT_EQ(put_chunk("b", std::string(200, 'x')), Verdict::applied);
}

TEST_F(WriterTest, LetsACommitBeReadAsSoonAsItIsAnswered) {
  for (unsigned i = 0; i < 200; ++i) {
    const std::string id = "c-" + std::to_string(i);
    ASSERT_EQ(put_chunk(id, id), Verdict::applied);
    ASSERT_EQ(read<Chunk>(ReadChunk{user, chunk_id(id)}).bytes, id);
  }
}

TEST_F(WriterTest, HasOneWinnerAStepOfARace) {
  constexpr unsigned racers = 8;
  constexpr unsigned steps = 50;
  std::atomic<unsigned> wins{0};
  std::vector<std::thread> threads;
  for (unsigned racer = 0; racer < racers; ++racer) {
    threads.emplace_back([&, racer] {
      for (unsigned step = 0; step < steps; ++step) {
        const auto id = transaction(1 + racer * steps + step);
        const Head seen = read<Head>(ReadHead{user});
        submit(PutTransaction{user, id, seen.head, {}});
        if (submit(AdvanceHead{user, id, {}}).verdict == Verdict::applied) ++wins;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(head().seq, wins);
  EXPECT_EQ(list({}, 10'000).size(), wins);
}

TEST_F(WriterTest, AnswersWhatIsQueuedWhenItEnds) {
  std::vector<std::future<Outcome>> outcomes;
  for (unsigned i = 0; i < 3000; ++i) {
    outcomes.push_back(submit_later(PutChunk{user, chunk_id("c-" + std::to_string(i)), "x"}));
  }
  close();
  for (auto& outcome : outcomes) ASSERT_EQ(outcome.get().verdict, Verdict::applied);
  open();
  EXPECT_EQ(summary().chunk_count, 3000U);
}

FindMissing long_question(UserId user) {
  FindMissing question{user, {}};
  for (std::size_t i = 0; i <= bounds::find_missing_beside_others; ++i) {
    question.chunks.push_back(chunk_id("asked-" + std::to_string(i)));
  }
  return question;
}

/// Holds the writer up until it goes.
class Obstacle {
 public:
  explicit Obstacle(Store& store, UserId user) {
    store.submit(PutChunk{user, chunk_id("obstacle"), "x"},
                 [gone = gone_.get_future().share()](Outcome) { gone.wait(); });
  }
  void remove() { gone_.set_value(); }

 private:
  std::promise<void> gone_;
};

TEST_F(WriterTest, LetsLongQuestionsHoldUpNoChangesOfOthers) {
  constexpr std::size_t questions = 20;
  Obstacle obstacle{store(), user};
  std::atomic<std::size_t> answered{0};
  for (std::size_t i = 0; i < questions; ++i) {
    store().submit(long_question(user), [&](Outcome) { ++answered; });
  }
  std::size_t answered_before_change = questions;
  store().submit(PutChunk{other_user, chunk_id("change"), "x"},
                 [&](Outcome) { answered_before_change = answered; });
  obstacle.remove();
  close();
  EXPECT_EQ(answered, questions);
  EXPECT_LE(answered_before_change, 1U);
}

TEST_F(WriterTest, KeepsTheOrderOfAUserWithLongQuestions) {
  Obstacle obstacle{store(), user};
  std::vector<std::future<Outcome>> outcomes;
  outcomes.push_back(submit_later(long_question(user)));
  outcomes.push_back(submit_later(PutChunk{user, chunk_id("asked-0"), "x"}));
  outcomes.push_back(submit_later(long_question(user)));
  outcomes.push_back(submit_later(PutChunk{user, chunk_id("asked-1"), "x"}));
  obstacle.remove();
  EXPECT_EQ(outcomes[0].get().missing.size(), bounds::find_missing_beside_others + 1);
  EXPECT_EQ(outcomes[1].get().verdict, Verdict::applied);
  EXPECT_EQ(outcomes[2].get().missing.size(), bounds::find_missing_beside_others);
  EXPECT_EQ(outcomes[3].get().verdict, Verdict::applied);
}

}  // namespace
}  // namespace mentat_sync
