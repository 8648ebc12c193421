// The check of a store: what is sound is found to be so, and each promise of the format that is
// broken on purpose is told of, with whose it is.
#include "storage/check.hpp"

#include "raw_store.hpp"
#include "storage/sha256.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace mentat_sync {
namespace {

using format::StoreId;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr StoreId first_log{1};

class CheckTest : public StoreFixture {
 protected:
  /// Committed 1 and 2; 3 and 4 pending on HEAD; 5 a dead fork from 1; chunks of all kinds.
  CheckTest() {
    put_chunk("a", "12345");
    put_chunk(hashed_id(), "hashed");
    put_chunk("large", std::string(4'096, 'x'));
    put_chunk("nobody", "1234567");
    put_transaction(transaction(1), {}, {"a"});
    put_transaction(transaction(2), transaction(1), {"a", hashed_id()});
    advance(transaction(1));
    put_transaction(transaction(5), transaction(1), {"large", "large"});
    advance(transaction(2));
    put_transaction(transaction(3), transaction(2));
    put_transaction(transaction(4), transaction(3), {"a"});
    close();
  }

  static std::string hashed_id() { return to_hex(sha256("hashed")); }
  std::string log_name() const { return "user " + user.to_string() + ", log 1"; }

  CheckReport report(const CheckOptions& options = {}) const {
    const auto checked = check_store(directory(), options);
    EXPECT_TRUE(checked.ok()) << (checked.ok() ? "" : checked.status().message());
    return checked.ok() ? *checked : CheckReport{};
  }

  /// "WHERE: WHAT" of each.
  std::vector<std::string> findings(const CheckOptions& options = {}) const {
    std::vector<std::string> lines;
    for (const auto& finding : report(options).findings) {
      lines.push_back(finding.where + ": " + finding.what);
    }
    return lines;
  }

  std::vector<std::string> after(const std::function<void(RawStore&)>& damage) const {
    {
      RawStore raw{directory()};
      damage(raw);
    }
    return findings();
  }

  std::vector<std::string> after_state(const std::function<void(format::LogState&)>& change) const {
    return after([&](RawStore& raw) {
      raw.alter(raw.tables().logs, format::state_key(first_log).bytes(), [&](const auto& bytes) {
        auto state = format::decode_state(bytes);
        change(state);
        return format::encode(state);
      });
    });
  }

  std::vector<std::string> after_transaction(
      unsigned n, const std::function<void(format::TransactionRecord&)>& change) const {
    return after([&](RawStore& raw) {
      const auto key = format::transaction_key(first_log, transaction(n));
      raw.alter(raw.tables().logs, key.bytes(), [&](const auto& bytes) {
        auto record = format::decode_transaction(bytes);
        change(record);
        return format::encode(record);
      });
    });
  }

  std::vector<std::string> after_chunk(
      const std::string& id, const std::function<void(format::ChunkRecord&)>& change) const {
    return after([&](RawStore& raw) {
      const auto key = format::chunk_key(first_log, chunk_id(id));
      raw.alter(raw.tables().logs, key.bytes(), [&](const auto& bytes) {
        auto record = format::decode_chunk(bytes);
        change(record);
        return format::encode(record);
      });
    });
  }

  static std::uint64_t payload_of(const RawStore& raw, const std::string& id) {
    const auto key = format::chunk_key(first_log, chunk_id(id));
    return format::decode_chunk(*raw.get(raw.tables().logs, key.bytes())).payload;
  }
};

std::string number_text(TransactionId id) {
  return id.to_string();
}

TEST_F(CheckTest, FindsNothingInASoundStore) {
  const auto seen = report();
  EXPECT_TRUE(seen.sound());
  EXPECT_THAT(findings(), IsEmpty());
  EXPECT_EQ(seen.logs, 1U);
  EXPECT_EQ(seen.transactions, 5U);
  EXPECT_EQ(seen.chunks, 4U);
  EXPECT_EQ(seen.chunk_bytes, 5U + 6U + 4'096U + 7U);
  EXPECT_EQ(seen.hashed_chunks, 1U);
  EXPECT_EQ(seen.hashed_bytes, 6U);
  EXPECT_GT(seen.pages, 5U);
}

TEST_F(CheckTest, LeavesHashesOutWhenToldTo) {
  CheckOptions options;
  options.hashes = false;
  EXPECT_EQ(report(options).hashed_chunks, 0U);
}

TEST_F(CheckTest, LooksAtOneUserWhenToldTo) {
  after_state([](auto& state) { state.seq = 9; });
  CheckOptions options;
  options.user = other_user;
  EXPECT_THAT(findings(options), IsEmpty());
  options.user = user;
  EXPECT_THAT(findings(options),
              ElementsAre(log_name() + ": seq is 9 in its state, but should be 2"));
  EXPECT_EQ(report(options).logs, 1U);
}

TEST_F(CheckTest, TakesADeletedLogThatIsNotPurgedYet) {
  after([&](RawStore& raw) {
    raw.erase(raw.tables().users, format::user_key(user).bytes());
    raw.put(raw.tables().purges, format::purge_key(first_log).bytes(), format::encode(user.uuid));
    raw.erase(raw.tables().logs, format::state_key(first_log).bytes());
  });
  EXPECT_THAT(findings(), IsEmpty());
  EXPECT_EQ(report().purges, 1U);
  EXPECT_EQ(report().logs, 0U);
}

TEST_F(CheckTest, CannotCheckWhatIsNotThere) {
  const auto checked = check_store(directory() / "elsewhere");
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.status().message(), HasSubstr("there is no store in"));
}

TEST_F(CheckTest, DoesNotJudgeAnotherFormatVersion) {
  {
    RawStore raw{directory()};
    raw.put(raw.tables().meta, "format", format::encode(std::uint32_t{99}));
  }
  const auto checked = check_store(directory());
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.status().message(), HasSubstr("format version 99"));
}

// --- Counters -----------------------------------------------------------------------------------

TEST_F(CheckTest, ComparesEachCounterOfTheState) {
  using Change = std::function<void(format::LogState&)>;
  const std::vector<std::pair<std::string, Change>> changes{
      {"seq", [](auto& state) { state.seq ^= 64; }},
      {"pending", [](auto& state) { state.pending ^= 64; }},
      {"transaction_bytes", [](auto& state) { state.transaction_bytes ^= 64; }},
      {"chunk_count", [](auto& state) { state.chunk_count ^= 64; }},
      {"chunk_bytes", [](auto& state) { state.chunk_bytes ^= 64; }},
      {"unreferenced", [](auto& state) { state.unreferenced ^= 64; }},
      {"pending_entries", [](auto& state) { state.pending_entries ^= 64; }},
      {"uncommitted_bytes", [](auto& state) { state.uncommitted_bytes ^= 64; }},
  };
  for (const auto& [name, change] : changes) {
    EXPECT_THAT(after_state(change), ElementsAre(StartsWith(log_name() + ": " + name + " is ")));
    EXPECT_THAT(after_state(change), IsEmpty()) << "changed back";
  }
}

TEST_F(CheckTest, SeesAnotherHead) {
  EXPECT_THAT(
      after_state([](auto& state) { state.head = transaction(1); }),
      ElementsAre(log_name() + ": HEAD is " + number_text(transaction(1)) +
                  ", but the last committed transaction is " + number_text(transaction(2))));
}

TEST_F(CheckTest, SeesALogWithoutState) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.erase(raw.tables().logs, format::state_key(first_log).bytes());
              }),
              ElementsAre(log_name() + ": it has no state"));
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
              Contains(log_name() + ": committed transaction " + number_text(transaction(2)) +
                       " is not there"));
}

TEST_F(CheckTest, SeesAWrongSeq) {
  EXPECT_THAT(after_transaction(5, [](auto& record) { record.seq = 7; }),
              ElementsAre(log_name() + ": transaction " + number_text(transaction(5)) +
                          " has seq 7, but its parent has 1"));
}

TEST_F(CheckTest, SeesAnotherParentOfACommittedTransaction) {
  EXPECT_THAT(after_transaction(2, [](auto& record) { record.parent = transaction(5); }),
              Contains(HasSubstr("but comes after " + number_text(transaction(1)))));
}

TEST_F(CheckTest, SeesAParentThatIsNotThere) {
  EXPECT_THAT(after_transaction(3, [](auto& record) { record.parent = transaction(77); }),
              Contains(log_name() + ": the parent of transaction " + number_text(transaction(3)) +
                       ", " + number_text(transaction(77)) + ", is not there"));
}

TEST_F(CheckTest, SeesABaseThatMisleads) {
  EXPECT_THAT(after_transaction(3, [](auto& record) { record.base = transaction(1); }),
              Contains(AllOf(HasSubstr("the base of transaction " + number_text(transaction(3))),
                             HasSubstr("misleads about HEAD"))));
}

TEST_F(CheckTest, SeesABaseThatIsNotTheParents) {
  EXPECT_THAT(after_transaction(4, [](auto& record) { record.base = transaction(1); }),
              Contains(AllOf(HasSubstr("the base of transaction " + number_text(transaction(4))),
                             HasSubstr("is not that of its parent"))));
}

TEST_F(CheckTest, SeesABaseThatIsNotCommitted) {
  EXPECT_THAT(after_transaction(5, [](auto& record) { record.base = transaction(4); }),
              ElementsAre(AllOf(HasSubstr("the base of transaction " + number_text(transaction(5))),
                                HasSubstr("is not committed"))));
}

TEST_F(CheckTest, SeesATransactionThatIsNotPending) {
  const auto key = format::pending_key(first_log, transaction(1), transaction(5));
  EXPECT_THAT(after([&](RawStore& raw) { raw.erase(raw.tables().logs, key.bytes()); }),
              ElementsAre(log_name() + ": transaction " + number_text(transaction(5)) +
                              " is neither committed nor pending",
                          log_name() + ": pending_entries is 3 in its state, but should be 2"));
}

TEST_F(CheckTest, SeesAPendingEntryOfNothing) {
  const auto key = format::pending_key(first_log, transaction(1), transaction(77));
  EXPECT_THAT(after([&](RawStore& raw) { raw.put(raw.tables().logs, key.bytes(), ""); }),
              Contains(log_name() + ": pending transaction " + number_text(transaction(77)) +
                       " is not there"));
}

TEST_F(CheckTest, SeesAPendingEntryOfACommittedTransaction) {
  const auto key = format::pending_key(first_log, transaction(1), transaction(2));
  EXPECT_THAT(after([&](RawStore& raw) { raw.put(raw.tables().logs, key.bytes(), ""); }),
              Contains(log_name() + ": transaction " + number_text(transaction(2)) +
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
                             number_text(transaction(4)) + " names, is not there"),
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
            format::encode(format::ChunkRecord{payload, 5, 0, 0, {}}));
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

// --- Records, logs and users --------------------------------------------------------------------

TEST_F(CheckTest, SeesRecordsThatDoNotFollowTheGrammar) {
  const auto cut_off = [](const std::string& bytes) { return bytes.substr(0, bytes.size() - 1); };
  EXPECT_THAT(after([&](RawStore& raw) {
                raw.alter(raw.tables().logs,
                          format::transaction_key(first_log, transaction(5)).bytes(), cut_off);
              }),
              Contains(log_name() + ": transaction " + number_text(transaction(5)) +
                       ": a stored record is too short"));
  EXPECT_THAT(after([&](RawStore& raw) {
                raw.alter(raw.tables().logs, format::state_key(first_log).bytes(), cut_off);
              }),
              Contains(log_name() + ": its state: a stored record is too short"));
}

TEST_F(CheckTest, SeesARecordOfNoKind) {
  const std::string key = std::string{format::store_prefix(first_log).bytes()} + '\x09';
  EXPECT_THAT(after([&](RawStore& raw) { raw.put(raw.tables().logs, key, "x"); }),
              ElementsAre(log_name() + ": it has a record of no known kind"));
}

TEST_F(CheckTest, SeesALogOfNobody) {
  EXPECT_THAT(
      after([&](RawStore& raw) { raw.erase(raw.tables().users, format::user_key(user).bytes()); }),
      ElementsAre("log 1: it is no user's, and not being deleted"));
}

TEST_F(CheckTest, SeesAUserWithoutLog) {
  EXPECT_THAT(after([&](RawStore& raw) {
                raw.put(raw.tables().meta, "next_store", format::encode(std::uint64_t{3}));
                raw.put(raw.tables().users, format::user_key(other_user).bytes(),
                        format::encode(std::uint64_t{2}));
              }),
              ElementsAre("user " + other_user.to_string() + ", log 2: it has no records"));
}

TEST_F(CheckTest, SeesALogOfTwoUsers) {
  EXPECT_THAT(after([&](RawStore& raw) {
                raw.put(raw.tables().users, format::user_key(other_user).bytes(),
                        format::encode(std::uint64_t{1}));
              }),
              ElementsAre(HasSubstr("it is the log of two users")));
}

TEST_F(CheckTest, SeesALogThatIsBothPresentAndDeleted) {
  EXPECT_THAT(after([&](RawStore& raw) {
                raw.put(raw.tables().purges, format::purge_key(first_log).bytes(),
                        format::encode(user.uuid));
              }),
              ElementsAre(HasSubstr("it is deleted, and the present log of user")));
}

TEST_F(CheckTest, SeesALogThatIsNotBegunYet) {
  EXPECT_THAT(after([&](RawStore& raw) {
                raw.put(raw.tables().meta, "next_store", format::encode(std::uint64_t{1}));
              }),
              AllOf(Contains(log_name() + ": it has records, but is not begun yet"),
                    Contains(HasSubstr("has a log that is not begun yet"))));
}

TEST_F(CheckTest, CountsMoreFindingsThanItKeeps) {
  after([&](RawStore& raw) {
    for (std::uint64_t i = 1'000; i < 1'000 + bounds::check_findings + 10; ++i) {
      raw.put(raw.tables().payloads, integer_key(i), "x");
    }
  });
  EXPECT_EQ(report().findings.size(), bounds::check_findings);
  EXPECT_EQ(report().findings_in_all, bounds::check_findings + 10);
}

}  // namespace
}  // namespace mentat_sync
