// The check of a store: each promise of the format about transactions and chunks that is broken on
// purpose is told of.
#include "check_fixture.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string text_of(TransactionId id) {
  return id.to_string();
}

// --- Transactions -------------------------------------------------------------------------------

TEST_F(CheckTest, SeesAGapAmongTheCommitted) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.erase(raw.tables().logs, format::committed_key(first_log, 1).bytes());
              }),
              Contains(log_name() + ": committed number 1 is not there"));
}

TEST_F(CheckTest, SeesACommittedTransactionWithoutRecord) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.erase(raw.tables().logs,
                          format::transaction_key(first_log, transaction(2)).bytes());
              }),
              Contains(log_name() + ": committed transaction " + text_of(transaction(2)) +
                       " is not there"));
}

TEST_F(CheckTest, SeesAWrongSeq) {
  EXPECT_THAT(after_transaction(5, [](auto& record) { record.seq = 7; }),
              ElementsAre(log_name() + ": transaction " + text_of(transaction(5)) +
                          " has seq 7, but its parent has 1"));
}

TEST_F(CheckTest, SeesAnotherParentOfACommittedTransaction) {
  EXPECT_THAT(after_transaction(2, [](auto& record) { record.parent = transaction(5); }),
              Contains(HasSubstr("but comes after " + text_of(transaction(1)))));
}

TEST_F(CheckTest, SeesAParentThatIsNotThere) {
  EXPECT_THAT(after_transaction(3, [](auto& record) { record.parent = transaction(77); }),
              Contains(log_name() + ": the parent of transaction " + text_of(transaction(3)) +
                       ", " + text_of(transaction(77)) + ", is not there"));
}

TEST_F(CheckTest, SeesABaseThatMisleads) {
  EXPECT_THAT(after_transaction(3, [](auto& record) { record.base = transaction(1); }),
              Contains(AllOf(HasSubstr("the base of transaction " + text_of(transaction(3))),
                             HasSubstr("misleads about HEAD"))));
}

TEST_F(CheckTest, SeesABaseThatIsNotTheParents) {
  EXPECT_THAT(after_transaction(4, [](auto& record) { record.base = transaction(1); }),
              Contains(AllOf(HasSubstr("the base of transaction " + text_of(transaction(4))),
                             HasSubstr("is not that of its parent"))));
}

TEST_F(CheckTest, SeesABaseThatIsNotCommitted) {
  EXPECT_THAT(after_transaction(5, [](auto& record) { record.base = transaction(4); }),
              ElementsAre(AllOf(HasSubstr("the base of transaction " + text_of(transaction(5))),
                                HasSubstr("is not committed"))));
}

TEST_F(CheckTest, SeesATransactionThatIsNotPending) {
  const auto key = format::pending_key(first_log, transaction(1), transaction(5));
  EXPECT_THAT(after([&](RawStore& raw) { raw.erase(raw.tables().logs, key.bytes()); }),
              ElementsAre(log_name() + ": transaction " + text_of(transaction(5)) +
                              " is neither committed nor pending",
                          log_name() + ": pending_entries is 3 in its state, but should be 2"));
}

TEST_F(CheckTest, SeesAPendingEntryOfNothing) {
  const auto key = format::pending_key(first_log, transaction(1), transaction(77));
  EXPECT_THAT(
      after([&](RawStore& raw) { raw.put(raw.tables().logs, key.bytes(), ""); }),
      Contains(log_name() + ": pending transaction " + text_of(transaction(77)) + " is not there"));
}

TEST_F(CheckTest, SeesAPendingEntryOfACommittedTransaction) {
  const auto key = format::pending_key(first_log, transaction(1), transaction(2));
  EXPECT_THAT(after([&](RawStore& raw) { raw.put(raw.tables().logs, key.bytes(), ""); }),
              Contains(log_name() + ": transaction " + text_of(transaction(2)) +
                       " is both committed and pending"));
}

TEST_F(CheckTest, SeesAPendingEntryWithAValue) {
  const auto key = format::pending_key(first_log, transaction(1), transaction(5));
  EXPECT_THAT(after([&](RawStore& raw) { raw.put(raw.tables().logs, key.bytes(), "x"); }),
              ElementsAre(HasSubstr("a pending entry has a value")));
}

// --- Chunks -------------------------------------------------------------------------------------

TEST_F(CheckTest, SeesAWrongCountOfReferences) {
  EXPECT_THAT(after_chunk("large", [](auto& record) { record.references = 3; }),
              ElementsAre(log_name() + ": chunk large counts 3 references, but transactions name "
                                       "it 2 times"));
}

TEST_F(CheckTest, SeesAChunkThatIsNamedButNotThere) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.erase(raw.tables().logs, format::chunk_key(first_log, chunk_id("a")).bytes());
              }),
              AllOf(Contains(log_name() + ": chunk a, which transaction " +
                             text_of(transaction(4)) + " names, is not there"),
                    Contains(HasSubstr("it belongs to no chunk"))));
}

TEST_F(CheckTest, SeesAPayloadThatIsNotThere) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.erase(raw.tables().payloads, integer_key(payload_of(raw, "a")));
              }),
              ElementsAre(AllOf(StartsWith(log_name() + ": payload "),
                                HasSubstr("of chunk a is not there"))));
}

TEST_F(CheckTest, SeesAPayloadOfAnotherSize) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.put(raw.tables().payloads, integer_key(payload_of(raw, "a")), "1234");
              }),
              ElementsAre(log_name() + ": chunk a has 4 bytes, but should have 5"));
}

TEST_F(CheckTest, SeesAPayloadOfNoChunk) {
  const std::uint64_t payload = 77;
  EXPECT_THAT(
      after([&](RawStore& raw) { raw.put(raw.tables().payloads, integer_key(payload), "x"); }),
      ElementsAre("payload 77: it belongs to no chunk"));
}

TEST_F(CheckTest, SeesTwoChunksOfOnePayload) {
  std::uint64_t payload = 0;
  const auto share = [&](RawStore& raw) {
    payload = payload_of(raw, "a");
    const auto key = format::chunk_key(first_log, chunk_id("other"));
    raw.put(raw.tables().logs, key.bytes(),
            format::encode(format::ChunkRecord{payload, 5, 0, 0, 0, {}}));
    raw.alter(raw.tables().logs, format::state_key(first_log).bytes(), [](const auto& bytes) {
      auto state = format::decode_state(bytes);
      state.chunk_count += 1;
      state.chunk_bytes += 5;
      state.unreferenced += 1;
      return format::encode(state);
    });
  };
  const auto lines = after(share);
  EXPECT_THAT(lines, ElementsAre(AllOf(StartsWith(log_name() + ": chunk "),
                                       HasSubstr(" shares payload " + std::to_string(payload)))));
}

TEST_F(CheckTest, SeesATailOfAnotherLength) {
  EXPECT_THAT(
      after_chunk("a", [](auto& record) { record.tail = "5"; }),
      Contains(log_name() + ": the tail of chunk a has another length than its size gives"));
}

TEST_F(CheckTest, SeesAChunkThatIsNotWhatItsIdSays) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.put(raw.tables().payloads, integer_key(payload_of(raw, hashed_id())), "hasheD");
              }),
              ElementsAre(AllOf(StartsWith(log_name() + ": the bytes of chunk " + hashed_id()),
                                HasSubstr("SHA-256"))));
}

}  // namespace
}  // namespace mentat_sync
