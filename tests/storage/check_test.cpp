// The check of a store: what is sound is found to be so, and each promise of the format about logs,
// users and counters that is broken on purpose is told of, with whose it is.
#include "storage/check.hpp"

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
  options.user = user;
  EXPECT_THAT(findings(options),
              ElementsAre(log_name() + ": seq is 9 in its state, but should be 2"));
  EXPECT_EQ(report(options).logs, 1U);
  EXPECT_EQ(report(options).user, user);
  EXPECT_FALSE(report().user);
}

TEST_F(CheckTest, HasNothingToSayOfAUserWhoHasNoLog) {
  CheckOptions options;
  options.user = other_user;
  const auto checked = check_store(directory(), options);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.status().code(), ErrorCode::invalid);
  EXPECT_EQ(checked.status().message(), "the store has no log of user " + other_user.to_string());
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
  EXPECT_THAT(after_state([](auto& state) { state.head = transaction(1); }),
              ElementsAre(log_name() + ": HEAD is " + text_of(transaction(1)) +
                          ", but the last committed transaction is " + text_of(transaction(2))));
}

TEST_F(CheckTest, SeesALogWithoutState) {
  EXPECT_THAT(after([](RawStore& raw) {
                raw.erase(raw.tables().logs, format::state_key(first_log).bytes());
              }),
              ElementsAre(log_name() + ": it has no state"));
}

// --- Records, logs and users --------------------------------------------------------------------

TEST_F(CheckTest, SeesRecordsThatDoNotFollowTheGrammar) {
  const auto cut_off = [](const std::string& bytes) { return bytes.substr(0, bytes.size() - 1); };
  EXPECT_THAT(after([&](RawStore& raw) {
                raw.alter(raw.tables().logs,
                          format::transaction_key(first_log, transaction(5)).bytes(), cut_off);
              }),
              Contains(log_name() + ": transaction " + text_of(transaction(5)) +
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
