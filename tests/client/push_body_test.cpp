// A push's body is a log as its reader wants it.
#include "http/client/push_body.hpp"

#include "client_fixture.hpp"
#include "http/wire/log_decoder.hpp"

#include <gtest/gtest.h>

#include <variant>

namespace mentat_sync {
namespace {

std::vector<LogItem> decoded(std::string_view bytes) {
  LogDecoder decoder{bounds::log_item_bytes_max};
  decoder.feed(bytes);
  std::vector<LogItem> items;
  for (;;) {
    auto item = decoder.next();
    EXPECT_TRUE(item.ok()) << item.status().message();
    if (!item.ok() || !*item) break;
    items.push_back(std::move(**item));
  }
  EXPECT_TRUE(decoder.finish().ok()) << decoder.finish().message();
  return items;
}

TEST(PushBody, IsAWholeLogFromTheBaseToTheLastTransaction) {
  PushBody body{{TransactionId::root(), 0}};
  body.add_chunk({chunk_id("milk"), "buy milk"});
  body.add_transaction(transaction_id(1), {chunk_id("milk")});
  body.add_chunk({chunk_id("bread"), "buy bread"});
  body.add_transaction(transaction_id(2), {chunk_id("bread"), chunk_id("milk")});
  EXPECT_EQ(decoded(body.finish()), sample_log());
  EXPECT_EQ(body.head().seq, 2u);
  EXPECT_EQ(body.head().head, transaction_id(2));
}

TEST(PushBody, GoesOnAfterItsBase) {
  PushBody body{{transaction_id(7), 41}};
  body.add_transaction(transaction_id(8), {});
  const auto items = decoded(body.finish());
  const auto& transaction = std::get<LogTransaction>(items.at(1));
  EXPECT_EQ(transaction.seq, 42u);
  EXPECT_EQ(transaction.parent, transaction_id(7));
}

TEST(PushBody, MayHaveChunksAlone) {
  PushBody body{{transaction_id(7), 41}};
  body.add_chunk({chunk_id("milk"), "buy milk"});
  const auto items = decoded(body.finish());
  EXPECT_EQ(std::get<LogHeader>(items.front()).head, transaction_id(7));
  EXPECT_EQ(std::get<LogTrailer>(items.back()).next, transaction_id(7));
}

TEST(PushBody, CountsWhatTheServersBoundCounts) {
  PushBody body{{TransactionId::root(), 0}};
  EXPECT_TRUE(body.empty());
  body.add_chunk({chunk_id("milk"), "buy milk"});
  body.add_transaction(transaction_id(1), {chunk_id("milk"), chunk_id("milk")});
  EXPECT_EQ(body.items(), 4u);
  EXPECT_FALSE(body.empty());
}

TEST(PushBody, IsTheSameWhenFinishedTwice) {
  PushBody body{{TransactionId::root(), 0}};
  const std::string first{body.finish()};
  EXPECT_EQ(body.finish(), first);
}

}  // namespace
}  // namespace mentat_sync
