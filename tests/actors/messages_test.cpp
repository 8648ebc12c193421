// Serialisation: every message comes back as it was, and what is no valid id or verdict does not.
#include "actors/messages.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace mentat_sync::test {
namespace {

class Messages : public testing::Test {
 protected:
  /// What `value` is after a round trip. Its bytes must be the same again.
  template <class T>
  T returned(T value) {
    const auto bytes = compat::to_bytes(system_, value);
    EXPECT_FALSE(bytes.empty());
    T copy{};
    EXPECT_TRUE(compat::from_bytes(system_, bytes, copy));
    EXPECT_EQ(compat::to_bytes(system_, copy), bytes);
    return copy;
  }

  template <class T>
  bool reads(const std::string& bytes) {
    T value{};
    return compat::from_bytes(system_, bytes, value);
  }

  Config config_;
  caf::actor_system system_{config_};
};

TEST_F(Messages, IdsComeBack) {
  EXPECT_EQ(returned(user(7)), user(7));
  EXPECT_EQ(returned(transaction(300)), transaction(300));
  EXPECT_EQ(returned(chunk(123)), chunk(123));
  const auto longest = *ChunkId::parse(std::string(64, 'a'));
  EXPECT_EQ(returned(longest), longest);
}

TEST_F(Messages, CommandsComeBack) {
  const std::string bytes{"\0\xff binary", 9};
  const auto chunk_back = returned(PutChunk{user(1), chunk(2), bytes});
  EXPECT_EQ(chunk_back.user, user(1));
  EXPECT_EQ(chunk_back.chunk, chunk(2));
  EXPECT_EQ(chunk_back.bytes, bytes);
  EXPECT_EQ(returned(PutChunk{user(1), chunk(2), ""}).bytes, "");
  const auto link =
      returned(PutTransaction{user(1), transaction(2), transaction(3), {chunk(4), chunk(4)}});
  EXPECT_EQ(link.transaction, transaction(2));
  EXPECT_EQ(link.parent, transaction(3));
  EXPECT_EQ(link.chunks, (std::vector{chunk(4), chunk(4)}));
  EXPECT_EQ(returned(DeleteUser{user(9)}).user, user(9));
}

TEST_F(Messages, PushesComeBack) {
  Push push;
  push.user = user(1);
  push.base = transaction(2);
  push.chunks = {{chunk(3), std::string{"\0\xff", 2}}, {chunk(4), ""}};
  push.transactions = {{transaction(5), {chunk(3), chunk(3)}}, {transaction(6), {}}};
  const auto back = returned(push);
  EXPECT_EQ(back.user, user(1));
  EXPECT_EQ(back.base, transaction(2));
  ASSERT_EQ(back.chunks.size(), 2u);
  EXPECT_EQ(back.chunks[0].id, chunk(3));
  EXPECT_EQ(back.chunks[0].bytes, push.chunks[0].bytes);
  EXPECT_EQ(back.chunks[1].bytes, "");
  ASSERT_EQ(back.transactions.size(), 2u);
  EXPECT_EQ(back.transactions[0].id, transaction(5));
  EXPECT_EQ(back.transactions[0].chunks, (std::vector{chunk(3), chunk(3)}));
  EXPECT_TRUE(back.transactions[1].chunks.empty());
}

TEST_F(Messages, QuestionsForChunksGarbageAndHeadComeBack) {
  const auto question = returned(FindMissing{user(1), {chunk(2), chunk(3)}});
  EXPECT_EQ(question.user, user(1));
  EXPECT_EQ(question.chunks, (std::vector{chunk(2), chunk(3)}));
  const auto step = returned(Collect{user(4), std::string{"\0place", 6}});
  EXPECT_EQ(step.user, user(4));
  EXPECT_EQ(step.resume_at, (std::string{"\0place", 6}));
  const auto watch = returned(AwaitHead{user(5), transaction(6), 1ull << 40});
  EXPECT_EQ(watch.user, user(5));
  EXPECT_EQ(watch.known, transaction(6));
  EXPECT_EQ(watch.wait_ms, 1ull << 40);
}

TEST_F(Messages, ListingsOfUsersComeBackFromTheirBeginningAndFromAUserOn) {
  EXPECT_EQ(returned(ListUsers{std::nullopt, 1, false}).after, std::nullopt);
  const auto query = returned(ListUsers{user(2), 3, true});
  EXPECT_EQ(query.after, user(2));
  EXPECT_EQ(query.limit, 3u);
  EXPECT_TRUE(query.with_garbage);
  const auto page = returned(UserPage{{user(4), user(5)}, user(6)});
  EXPECT_EQ(page.users, (std::vector{user(4), user(5)}));
  EXPECT_EQ(page.next, user(6));
  EXPECT_EQ(returned(UserPage{}).next, std::nullopt);
}

TEST_F(Messages, APreconditionComesBackAbsentEmptyAndFull) {
  using Heads = std::vector<TransactionId>;
  EXPECT_EQ(returned(AdvanceHead{user(1), transaction(2), {}}).head, transaction(2));
  EXPECT_EQ(returned(AdvanceHead{user(1), transaction(2), {}}).if_match, std::nullopt);
  EXPECT_EQ(returned(AdvanceHead{user(1), transaction(2), Heads{}}).if_match, Heads{});
  const Heads heads{transaction(3), transaction(4)};
  EXPECT_EQ(returned(AdvanceHead{user(1), transaction(2), heads}).if_match, heads);
}

TEST_F(Messages, OutcomesComeBack) {
  const auto back = returned(
      Outcome{Verdict::missing_chunks, transaction(1), 2, {chunk(3)}, 4, 3, {5, 6, 7, "here"}});
  EXPECT_EQ(back.verdict, Verdict::missing_chunks);
  EXPECT_EQ(back.current_head, transaction(1));
  EXPECT_EQ(back.current_seq, 2u);
  EXPECT_EQ(back.missing, std::vector{chunk(3)});
  EXPECT_EQ(back.limit, 4u);
  EXPECT_EQ(back.used, 3u);
  EXPECT_EQ(back.collected.transactions, 5u);
  EXPECT_EQ(back.collected.chunks, 6u);
  EXPECT_EQ(back.collected.chunk_bytes, 7u);
  EXPECT_EQ(back.collected.resume_at, "here");
  for (int i = 0; i <= static_cast<int>(Verdict::unavailable); ++i) {
    Outcome outcome;
    outcome.verdict = static_cast<Verdict>(i);
    if (to_string(outcome.verdict) == "unknown") continue;
    EXPECT_EQ(returned(outcome).verdict, outcome.verdict);
  }
}

TEST_F(Messages, QueriesComeBack) {
  EXPECT_EQ(returned(ReadHead{user(1)}).user, user(1));
  EXPECT_EQ(returned(ReadSummary{user(2)}).user, user(2));
  const auto list = returned(ListTransactions{user(3), transaction(4), 5});
  EXPECT_EQ(list.user, user(3));
  EXPECT_EQ(list.from, transaction(4));
  EXPECT_EQ(list.limit, 5u);
  EXPECT_EQ(returned(ReadTransaction{user(6), transaction(7)}).transaction, transaction(7));
  EXPECT_EQ(returned(ReadChunk{user(8), chunk(9)}).chunk, chunk(9));
}

TEST_F(Messages, AnswersComeBack) {
  const auto head = returned(Head{transaction(1), 1ull << 40});
  EXPECT_EQ(head.head, transaction(1));
  EXPECT_EQ(head.seq, 1ull << 40);
  const auto summary = returned(Summary{transaction(1), 2, 3, 4, 5, 6});
  EXPECT_EQ(summary.head, transaction(1));
  EXPECT_EQ(summary.seq + 10 * summary.transaction_count + 100 * summary.transaction_bytes +
                1'000 * summary.chunk_count + 10'000 * summary.chunk_bytes,
            65'432u);
  const auto page = returned(TransactionPage{true, {transaction(1), transaction(2)}, true});
  EXPECT_TRUE(page.from_found && page.more);
  EXPECT_EQ(page.transactions, (std::vector{transaction(1), transaction(2)}));
  const auto one = returned(Transaction{true, transaction(1), 2, transaction(3), {chunk(4)}});
  EXPECT_TRUE(one.found);
  EXPECT_EQ(one.id, transaction(1));
  EXPECT_EQ(one.seq, 2u);
  EXPECT_EQ(one.parent, transaction(3));
  EXPECT_EQ(one.chunks, std::vector{chunk(4)});
  const auto bytes = returned(Chunk{true, "bytes", true});
  EXPECT_TRUE(bytes.found && bytes.lease_is_due);
  EXPECT_EQ(bytes.bytes, "bytes");
}

TEST_F(Messages, ChunkIdsOfAnotherShapeAreRefused) {
  std::vector<std::string> texts{"", "UPPER", "a/b", "a b", std::string(65, 'a')};
  for (auto& text : texts) {
    EXPECT_FALSE(reads<ChunkId>(compat::to_bytes(system_, text))) << text;
  }
  std::string good = "a-1";
  EXPECT_TRUE(reads<ChunkId>(compat::to_bytes(system_, good)));
}

TEST_F(Messages, AnInvalidIdInsideOfAMessageIsRefused) {
  PutChunk command{user(1), *ChunkId::parse("zzzz"), ""};
  auto bytes = compat::to_bytes(system_, command);
  ASSERT_TRUE(reads<PutChunk>(bytes));
  bytes.replace(bytes.find("zzzz"), 4, "zz/z");
  EXPECT_FALSE(reads<PutChunk>(bytes));
}

TEST_F(Messages, VerdictsOutOfRangeAreRefused) {
  Outcome outcome;
  auto bytes = compat::to_bytes(system_, outcome);
  ASSERT_TRUE(reads<Outcome>(bytes));
  ASSERT_EQ(bytes.at(0), static_cast<char>(Verdict::unavailable)) << "the verdict comes first";
  bytes[0] = static_cast<char>(static_cast<int>(Verdict::unavailable) + 1);
  EXPECT_FALSE(reads<Outcome>(bytes));
}

TEST_F(Messages, ATruncatedMessageIsRefused) {
  PutTransaction command{user(1), transaction(2), {}, {chunk(1), chunk(2)}};
  const auto bytes = compat::to_bytes(system_, command);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(reads<PutTransaction>(bytes.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace mentat_sync::test
