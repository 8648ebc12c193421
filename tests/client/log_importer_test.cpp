// How a long log becomes pushes of bounded size, and what happens when one is refused.
#include "cli/log_importer.hpp"

#include "client_fixture.hpp"
#include "http/wire/log_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::string accepted =
    json_answer(201, R"({"head":"00000000-0000-0000-0000-000000000001","seq":1})");

struct Imported {
  LogImporter::Failure failure;
  /// Their bodies.
  std::vector<std::string> pushes;
};

Imported import_items(const std::vector<LogItem>& items, std::vector<std::string> answers,
                      Head head = {}, std::uint64_t push_bytes = bounds::client_push_bytes) {
  Imported imported;
  ScriptedServer server{{answering(std::move(answers), &imported.pushes)}};
  auto client = client_of(server);
  LogImporter importer{client, head, push_bytes};
  for (const auto& item : items) {
    imported.failure = importer.take(item);
    if (imported.failure) return imported;
  }
  imported.failure = importer.finish();
  return imported;
}

std::vector<LogItem> items_of(const std::string& request) {
  LogDecoder decoder{bounds::log_item_bytes_max};
  decoder.feed(std::string_view{request}.substr(request.find("\r\n\r\n") + 4));
  std::vector<LogItem> items;
  for (auto item = decoder.next(); item.ok() && *item; item = decoder.next()) {
    items.push_back(std::move(**item));
  }
  EXPECT_TRUE(decoder.finish().ok()) << decoder.finish().message();
  return items;
}

TEST(LogImporter, ASmallLogIsOnePush) {
  const auto imported = import_items(sample_log(), {accepted});
  EXPECT_FALSE(imported.failure);
  ASSERT_THAT(imported.pushes, SizeIs(1));
  EXPECT_EQ(items_of(imported.pushes[0]), sample_log());
}

TEST(LogImporter, ALongLogIsPushesThatEachGoOnAfterTheOneBefore) {
  const auto imported = import_items(sample_log(), {accepted, accepted, accepted, accepted}, {}, 1);
  EXPECT_FALSE(imported.failure);
  // One item each: a chunk goes ahead of the transaction that names it.
  ASSERT_THAT(imported.pushes, SizeIs(4));
  EXPECT_EQ(items_of(imported.pushes[0]).at(1), LogItem(std::get<LogChunk>(sample_log()[1])));
  const auto last = items_of(imported.pushes[3]);
  EXPECT_EQ(std::get<LogHeader>(last.front()).from, transaction_id(1));
  EXPECT_EQ(std::get<LogTransaction>(last.at(1)), std::get<LogTransaction>(sample_log()[4]));
}

TEST(LogImporter, PassesOverWhatTheServerHas) {
  const auto imported = import_items(sample_log(), {accepted}, {transaction_id(1), 1});
  EXPECT_FALSE(imported.failure);
  ASSERT_THAT(imported.pushes, SizeIs(1));
  const auto items = items_of(imported.pushes[0]);
  EXPECT_EQ(items.size(), 4u);
  EXPECT_EQ(std::get<LogChunk>(items.at(1)).id, chunk_id("bread"));
}

TEST(LogImporter, ALogThatIsThereIsNothingToDo) {
  const auto imported = import_items(sample_log(), {}, {transaction_id(2), 2});
  EXPECT_FALSE(imported.failure);
  EXPECT_THAT(imported.pushes, SizeIs(0));
}

TEST(LogImporter, AHeadThatIsNotInTheLogIsAConflict) {
  const auto imported = import_items(sample_log(), {}, {transaction_id(9), 1});
  ASSERT_TRUE(imported.failure);
  EXPECT_TRUE(imported.failure->conflict);
  EXPECT_THAT(imported.pushes, SizeIs(0));
}

TEST(LogImporter, AHeadThatMovesMeanwhileIsAConflict) {
  const auto imported = import_items(
      sample_log(),
      {problem(409, "base-not-head", R"(,"current_head":"00000000-0000-0000-0000-000000000009")")});
  ASSERT_TRUE(imported.failure);
  EXPECT_TRUE(imported.failure->conflict);
}

TEST(LogImporter, ARefusalIsToldAsTheServerSaysIt) {
  const auto imported = import_items(sample_log(), {problem(409, "chunk-differs")});
  ASSERT_TRUE(imported.failure);
  EXPECT_FALSE(imported.failure->conflict);
  EXPECT_THAT(imported.failure->message, HasSubstr("Some detail."));
}

TEST(LogImporter, ALogThatBringsNothingMustStillBeTheSame) {
  const std::vector<LogItem> nothing{
      LogHeader{.from = transaction_id(3), .head = transaction_id(3)},
      LogTrailer{.next = transaction_id(3)}};
  EXPECT_FALSE(import_items(nothing, {}, {transaction_id(3), 3}).failure);
  const auto elsewhere = import_items(nothing, {}, {transaction_id(9), 3});
  ASSERT_TRUE(elsewhere.failure);
  EXPECT_TRUE(elsewhere.failure->conflict);
}

TEST(LogImporter, WhatIsTooMuchForTheServerGoesInParts) {
  const auto too_large = problem(413, "body-too-large", R"(,"limit_bytes":720)");
  const auto imported =
      import_items(sample_log(), {too_large, accepted, accepted, accepted, accepted});
  EXPECT_FALSE(imported.failure) << imported.failure->message;
  ASSERT_THAT(imported.pushes, SizeIs(::testing::Gt(2U)));
  EXPECT_EQ(items_of(imported.pushes[0]), sample_log());
  std::size_t transactions = 0;
  for (std::size_t i = 1; i < imported.pushes.size(); ++i) {
    for (const auto& item : items_of(imported.pushes[i])) {
      transactions += std::holds_alternative<LogTransaction>(item);
    }
  }
  EXPECT_EQ(transactions, 2U);
}

TEST(LogImporter, AServerWhoseLimitIsTooSmallForATransactionIsAFailure) {
  const auto too_large = problem(413, "body-too-large", R"(,"limit_bytes":1)");
  const auto imported = import_items(
      sample_log(), {too_large, answer(201, "", ""), too_large, answer(201, "", ""), too_large});
  ASSERT_TRUE(imported.failure);
  EXPECT_FALSE(imported.failure->conflict);
}

TEST(LogImporter, AChunkTooLargeForTheServerIsNamedWithBothSizes) {
  const auto imported =
      import_items(sample_log(), {problem(413, "chunk-too-large", R"(,"limit_bytes":8)")});
  ASSERT_TRUE(imported.failure);
  EXPECT_EQ(imported.failure->message,
            "chunk bread: 9 B, the server takes 8 B at most for one chunk");
}

}  // namespace
}  // namespace mentat_sync
