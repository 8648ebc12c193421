// The ledger, and what a log that contradicts it is told to be.
#include "cli/load/ledger.hpp"

#include "cli/load/content.hpp"
#include "cli/load/verification.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

TransactionId id(unsigned number) {
  TransactionId made;
  made.uuid.bytes[15] = static_cast<std::uint8_t>(number);
  return made;
}

std::string page(const std::vector<unsigned>& numbers) {
  std::string json = "{\"from\":\"x\", \"limit\": 1000, \"transactions\": [";
  for (const auto number : numbers) {
    if (json.back() != '[') json += ", ";
    json += "\"" + id(number).to_string() + "\"";
  }
  return json + "]}";
}

/// A ledger with acknowledged transactions 1 to `count`, each behind the one before.
Ledger acknowledged(unsigned count) {
  Ledger ledger;
  ledger.begin(TransactionId::root());
  for (unsigned i = 1; i <= count; ++i) {
    ledger.transaction_sent(id(i), id(i - 1), id(i), 1);
    ledger.head_sent(id(i));
    EXPECT_EQ(ledger.head_acknowledged(id(i)), "");
  }
  return ledger;
}

std::string fault_of(const Ledger& ledger, const std::vector<unsigned>& log) {
  LedgerCheck check{ledger};
  auto fault = check.take_page(page(log));
  return fault.empty() ? check.finish() : fault;
}

TEST(Ledger, TakesTheLogThatWasAcknowledged) {
  const auto ledger = acknowledged(3);
  EXPECT_EQ(ledger.length(), 3U);
  EXPECT_EQ(ledger.newest(), id(3));
  EXPECT_EQ(fault_of(ledger, {1, 2, 3}), "");
}

TEST(Ledger, ReadsALogInPages) {
  const auto ledger = acknowledged(3);
  LedgerCheck check{ledger};
  EXPECT_EQ(check.take_page(page({1, 2})), "");
  EXPECT_EQ(check.from(), id(2));
  EXPECT_EQ(check.take_page(page({3})), "");
  EXPECT_EQ(check.last_page(), 1U);
  EXPECT_EQ(check.take_page(page({})), "");
  EXPECT_EQ(check.last_page(), 0U);
  EXPECT_EQ(check.finish(), "");
}

TEST(Ledger, FindsALostAcknowledgedTransaction) {
  EXPECT_THAT(fault_of(acknowledged(3), {1, 2}), HasSubstr("has lost 1 transactions"));
  EXPECT_THAT(fault_of(acknowledged(3), {}), HasSubstr("has lost 3 transactions"));
}

TEST(Ledger, FindsAnAcknowledgedTransactionAtAnotherPlace) {
  EXPECT_THAT(fault_of(acknowledged(3), {1, 3, 2}), HasSubstr("at place 2"));
  EXPECT_THAT(fault_of(acknowledged(3), {2, 3}), HasSubstr("at place 1"));
}

TEST(Ledger, FindsATransactionThatNobodySent) {
  EXPECT_THAT(fault_of(acknowledged(2), {1, 2, 9}), HasSubstr("which nobody has sent"));
  EXPECT_THAT(fault_of(acknowledged(2), {9, 1, 2}), HasSubstr("which nobody has sent"));
}

TEST(Ledger, FindsTwoWinnersOfOneStep) {
  auto ledger = acknowledged(1);
  ledger.transaction_sent(id(2), id(1), id(2), 1);
  ledger.transaction_sent(id(3), id(1), id(3), 1);
  ledger.head_sent(id(2));
  ledger.head_sent(id(3));
  EXPECT_EQ(ledger.head_acknowledged(id(2)), "");
  EXPECT_THAT(ledger.head_acknowledged(id(3)), HasSubstr("two transactions have won place 2"));
  EXPECT_EQ(ledger.newest(), id(2));
}

TEST(Ledger, FindsALoserInTheLog) {
  auto ledger = acknowledged(1);
  ledger.transaction_sent(id(3), id(1), id(3), 1);
  ledger.transaction_sent(id(2), id(1), id(2), 1);
  ledger.head_sent(id(2));
  EXPECT_EQ(ledger.head_acknowledged(id(2)), "");
  EXPECT_THAT(fault_of(ledger, {1, 3}), HasSubstr("which was won by"));
}

TEST(Ledger, FindsAHeadToWhichNobodyMovedIt) {
  auto ledger = acknowledged(1);
  ledger.transaction_sent(id(2), id(1), id(2), 1);
  EXPECT_THAT(fault_of(ledger, {1, 2}), HasSubstr("to which nobody has moved HEAD"));
}

TEST(Ledger, WhatWasRefusedIsNotPossible) {
  auto ledger = acknowledged(1);
  ledger.transaction_sent(id(2), id(1), id(2), 1);
  ledger.head_sent(id(2));
  ledger.head_refused(id(2));
  EXPECT_FALSE(ledger.has_possible());
  EXPECT_THAT(fault_of(ledger, {1, 2}), HasSubstr("to which nobody has moved HEAD"));
}

TEST(Ledger, WhatWasNotAnsweredMayBeThereOrNot) {
  auto ledger = acknowledged(1);
  ledger.transaction_sent(id(2), id(1), id(2), 1);
  ledger.head_sent(id(2));
  ledger.head_unanswered();
  EXPECT_TRUE(ledger.has_possible());
  EXPECT_EQ(ledger.certain_head(), std::nullopt);
  EXPECT_EQ(fault_of(ledger, {1, 2}), "");
  EXPECT_EQ(fault_of(ledger, {1}), "");
  EXPECT_NE(fault_of(ledger, {2}), "");
}

TEST(Ledger, WhatWasReadMustStay) {
  auto ledger = acknowledged(1);
  ledger.transaction_sent(id(2), id(1), id(2), 1);
  ledger.head_sent(id(2));
  ledger.head_unanswered();
  EXPECT_EQ(ledger.head_read(id(2), 1), "");
  EXPECT_EQ(ledger.certain_head(), id(2));
  EXPECT_THAT(fault_of(ledger, {1}), HasSubstr("has lost"));
}

TEST(Ledger, AStepMayHaveSeveralTransactions) {
  Ledger ledger;
  ledger.begin(id(7));
  ledger.transaction_sent(id(8), id(7), id(8), 0);
  ledger.transaction_sent(id(9), id(8), id(9), 0);
  ledger.head_sent(id(9));
  EXPECT_EQ(ledger.head_acknowledged(id(9)), "");
  EXPECT_EQ(ledger.length(), 2U);
  EXPECT_EQ(LedgerCheck{ledger}.from(), id(7));
  EXPECT_EQ(fault_of(ledger, {8, 9}), "");
  EXPECT_THAT(fault_of(ledger, {8}), HasSubstr("has lost 1"));
}

TEST(Ledger, HeadMustNotGoBack) {
  auto ledger = acknowledged(3);
  EXPECT_EQ(ledger.head_read(id(3), 3), "");
  EXPECT_THAT(ledger.head_read(id(2), 3), HasSubstr("although it had reached place 3"));
  EXPECT_EQ(ledger.head_read(id(2), 2), "");
  EXPECT_THAT(ledger.head_read(TransactionId::root(), 1), HasSubstr("although"));
  EXPECT_THAT(ledger.head_read(id(9), 0), HasSubstr("which nobody has sent"));
}

/// As acknowledged(2), and behind it a change that lost.
Ledger with_a_loser() {
  auto ledger = acknowledged(2);
  ledger.transaction_sent(id(3), id(2), id(3), 1);
  ledger.head_sent(id(3));
  return ledger;
}

TEST(Ledger, WhoeverLosesSaysThatHeadHasMoved) {
  auto ledger = with_a_loser();
  EXPECT_EQ(ledger.floor(), 2U);
  ledger.head_lost(id(3));
  EXPECT_EQ(ledger.floor(), 3U);
  EXPECT_THAT(ledger.head_read(id(2), ledger.floor()), HasSubstr("refused for having left it"));
  EXPECT_THAT(fault_of(ledger, {1, 2}), HasSubstr("refused for another one"));
}

TEST(Ledger, WhoeverLosesToAnotherOneHasLostNothing) {
  auto ledger = with_a_loser();
  ledger.transaction_sent(id(4), id(2), id(4), 1);
  ledger.head_sent(id(4));
  ledger.head_lost(id(3));
  EXPECT_EQ(ledger.floor(), 2U) << "the other one is without an answer";
  EXPECT_EQ(ledger.head_acknowledged(id(4)), "");
  EXPECT_EQ(ledger.floor(), 3U);
  EXPECT_EQ(fault_of(ledger, {1, 2, 4}), "");
}

// A proxy has asked twice, and told of the second time.
TEST(Ledger, WhoeverLosesMayFindItselfToHaveWon) {
  auto ledger = with_a_loser();
  ledger.head_lost(id(3));
  EXPECT_EQ(ledger.head_read(id(3), ledger.floor()), "");
  EXPECT_EQ(fault_of(ledger, {1, 2, 3}), "");
}

TEST(Ledger, ALoserBehindAnotherOneSaysNoMoreThanThatHeadHasMoved) {
  auto ledger = with_a_loser();
  ledger.head_refused(id(3));
  ledger.transaction_sent(id(4), id(3), id(4), 1);
  ledger.head_sent(id(4));
  ledger.head_lost(id(4));
  EXPECT_EQ(ledger.floor(), 3U);
}

TEST(Ledger, AfterADeleteItBeginsAtTheRoot) {
  auto ledger = acknowledged(3);
  ledger.delete_acknowledged();
  EXPECT_TRUE(ledger.begun());
  EXPECT_EQ(ledger.certain_head(), TransactionId::root());
  EXPECT_EQ(fault_of(ledger, {}), "");
  EXPECT_NE(fault_of(ledger, {1, 2, 3}), "");
}

TEST(Ledger, AfterADeleteWithoutAnswerAllOrNothingIsThere) {
  auto ledger = acknowledged(2);
  ledger.delete_unanswered();
  EXPECT_EQ(fault_of(ledger, {}), "");
  EXPECT_EQ(fault_of(ledger, {1, 2}), "");
  EXPECT_NE(fault_of(ledger, {1}), "");
}

TEST(Verification, ComparesATransactionWithTheOneThatWasSent) {
  const auto ledger = acknowledged(2);
  const auto& entry = ledger.at(1);
  const auto json = [&](const TransactionId& parent, const std::string& chunks) {
    return R"({"id":"x","seq":2,"parent":")" + parent.to_string() + R"(","chunks":[)" + chunks +
           "]}";
  };
  const auto chunk = "\"" + chunk_of(id(2), 0).to_string() + "\"";
  EXPECT_EQ(fault_of_transaction(entry, json(id(1), chunk)), "");
  EXPECT_THAT(fault_of_transaction(entry, json(id(2), chunk)), HasSubstr("another parent"));
  EXPECT_THAT(fault_of_transaction(entry, json(id(1), "")), HasSubstr("other chunks"));
  EXPECT_THAT(fault_of_transaction(entry, json(id(1), "\"milk\"")), HasSubstr("other chunks"));
  EXPECT_THAT(fault_of_transaction(entry, json(id(1), chunk + "," + chunk)),
              HasSubstr("other chunks"));
  EXPECT_NE(fault_of_transaction(entry, "{}"), "");
}

TEST(Content, IsRecognisedAndNothingElseIs) {
  const auto chunk = chunk_of(id(1), 0);
  for (const std::size_t bytes : {0U, 1U, 7U, 8U, 100U, 4097U}) {
    std::string content;
    make_content(chunk, bytes, content);
    ASSERT_EQ(content.size(), bytes);
    EXPECT_TRUE(is_content_of(chunk, content));
    if (bytes == 0) continue;
    content.back() = static_cast<char>(content.back() ^ 1);
    EXPECT_FALSE(is_content_of(chunk, content));
  }
  EXPECT_NE(chunk, chunk_of(id(1), 1));
  EXPECT_NE(chunk, chunk_of(id(2), 0));
}

TEST(Content, UsersFollowFromTheSeed) {
  EXPECT_EQ(user_of(1, 5), user_of(1, 5));
  EXPECT_NE(user_of(1, 5), user_of(1, 6));
  EXPECT_NE(user_of(1, 5), user_of(2, 5));
}

}  // namespace
}  // namespace mentat_sync
