// Pull records: which transactions have one, and that a log in which some do is what it is without.
#include "storage/lmdb/pull_record.hpp"

#include "log_items.hpp"
#include "raw_store.hpp"
#include "storage/cbor_log.hpp"
#include "storage/lmdb/log_writer.hpp"
#include "store_fixture.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

class PullRecords : public StoreFixture {
 protected:
  bool has_record(std::uint64_t seq) {
    close();
    bool found = false;
    {
      const RawStore raw{directory()};
      const auto key = format::pull_key(format::StoreId{1}, seq);
      found = raw.get(raw.tables().logs, key.bytes()).has_value();
    }
    open();
    return found;
  }

  /// As CBOR, from wherever, it is the same as item by item.
  void expect_the_same_log() {
    auto origins = list({}, 10'000);
    origins.emplace_back();
    expect_the_same_log(origins);
  }
  void expect_the_same_log(const std::vector<TransactionId>& origins) {
    for (const TransactionId from : origins) {
      ReadLog query;
      query.from = from;
      EXPECT_EQ(read_cbor(query), cbor_of(read_items(query)));
    }
  }

  std::vector<std::string> put_chunks(std::size_t count, std::size_t bytes) {
    std::vector<std::string> ids;
    std::vector<std::pair<std::string, std::string>> chunks;
    for (std::size_t i = 0; i < count; ++i) {
      ids.push_back("c-" + std::to_string(next_chunk_++));
      chunks.emplace_back(ids.back(), std::string(bytes, 'x'));
    }
    push({}, chunks, {});
    return ids;
  }

 private:
  unsigned next_chunk_ = 0;
};

TEST_F(PullRecords, AreMadeByAPush) {
  push({}, {{"a", "aaaa"}, {"b", ""}}, {{transaction(1), {"a", "b", "a"}}, {transaction(2), {}}});
  EXPECT_TRUE(has_record(1));
  EXPECT_TRUE(has_record(2));
  expect_the_same_log();
}

TEST_F(PullRecords, AreMadeWhenHeadMovesOverWhatWasPut) {
  put_chunk("a", "aaaa");
  put_chunk("page", "with bytes of its own");
  put_transaction(transaction(1), {}, {"a"});
  put_transaction(transaction(2), transaction(1), {"page"});
  EXPECT_FALSE(has_record(1));
  advance(transaction(2));
  EXPECT_TRUE(has_record(1));
  EXPECT_TRUE(has_record(2));
  expect_the_same_log();
}

TEST_F(PullRecords, AreMadeByAPushOfChunksThatWerePutBefore) {
  put_chunk("a", "aaaa");
  push({}, {{"b", "b"}}, {{transaction(1), {"a", "b"}}});
  EXPECT_TRUE(has_record(1));
  expect_the_same_log();
}

TEST_F(PullRecords, AreNotMadeOfWhatIsLarge) {
  const auto many = put_chunks(pulled_chunks_max + 1, 1);
  push({},
       {{"large", std::string(format::pull_record_bytes_max, 'x')},
        {"half", std::string(format::pull_record_bytes_max / 2, 'x')},
        {"other-half", std::string(format::pull_record_bytes_max / 2, 'y')}},
       {{transaction(1), {"large"}}, {transaction(2), {"half", "other-half"}}});
  push(transaction(2), {}, {{transaction(3), many}});
  for (const std::uint64_t seq : {1, 2, 3}) EXPECT_FALSE(has_record(seq)) << seq;
  expect_the_same_log();
}

// To the byte.
TEST(PullRecord, FillsWhatItMay) {
  const PackedIds ids{{chunk_id("a")}};
  std::size_t largest = 0;
  for (std::size_t size = 0; size < 2 * format::pull_record_bytes_max; ++size) {
    const std::string bytes(size, 'x');
    const auto record =
        make_pull_record(LogTransactionView{transaction(1), 1, {}, ids.views()},
                         [&](std::size_t, std::uint64_t) { return PulledChunk{bytes}; });
    if (!record) break;
    EXPECT_EQ(format::decode_pull(*record).chunk_bytes, size);
    largest = record->size();
  }
  EXPECT_EQ(largest, format::pull_record_bytes_max);
}

TEST_F(PullRecords, AreNotMadeWhereAnotherNamesTheChunk) {
  put_chunk("a", "aaaa");
  put_chunk("b", "bbbb");
  put_transaction(transaction(1), {}, {"a"});
  put_transaction(transaction(2), transaction(1), {"a", "b"});
  advance(transaction(2));
  push(transaction(2), {{"c", "c"}}, {{transaction(3), {"c"}}, {transaction(4), {"c"}}});
  push(transaction(4), {{"d", "d"}}, {{transaction(5), {"d", "a"}}});
  for (const std::uint64_t seq : {1, 2, 3, 4, 5}) EXPECT_FALSE(has_record(seq)) << seq;
  expect_the_same_log();
}

TEST_F(PullRecords, BringAChunkOnceThoughItIsNamedAgain) {
  push({}, {{"a", "aaaa"}}, {{transaction(1), {"a"}}});
  push(transaction(1), {{"b", "b"}}, {{transaction(2), {"b", "a"}}, {transaction(3), {"a"}}});
  EXPECT_TRUE(has_record(1));
  EXPECT_FALSE(has_record(2));
  const auto items = read_items({});
  EXPECT_EQ(
      std::count_if(items.begin(), items.end(),
                    [](const LogItem& item) { return std::holds_alternative<LogChunk>(item); }),
      2);
  expect_the_same_log();
}

// A dead transaction named the chunk first; HEAD's way has another one in its place, with a record.
TEST_F(PullRecords, OfAnotherTransactionDoNotStandForAChunk) {
  push({}, {{"a", "aaaa"}, {"x", "x"}}, {{transaction(1), {}}});
  put_transaction(transaction(12), transaction(1), {"a"});
  push(transaction(1), {}, {{transaction(2), {"x"}}, {transaction(3), {"a"}}});
  EXPECT_TRUE(has_record(2));
  EXPECT_FALSE(has_record(3));
  const auto items = read_items({});
  EXPECT_NE(std::find(items.begin(), items.end(), LogItem{LogChunk{chunk_id("a"), "aaaa"}}),
            items.end());
  expect_the_same_log();
}

TEST_F(PullRecords, AreMadeOfSoManyTransactionsInOneStep) {
  constexpr std::size_t chunks = 16;
  constexpr auto most = static_cast<unsigned>(pull_reads_per_command / (chunks + 1));
  for (unsigned n = 1; n <= most + 2; ++n) {
    put_transaction(transaction(n), n == 1 ? TransactionId{} : transaction(n - 1),
                    put_chunks(chunks, 1));
  }
  advance(transaction(most + 2));
  EXPECT_TRUE(has_record(most));
  EXPECT_FALSE(has_record(most + 1));
  EXPECT_FALSE(has_record(most + 2));
  expect_the_same_log({{}, transaction(most - 1)});
}

TEST_F(PullRecords, ThatAreDamagedEndTheReading) {
  push({}, {{"a", "aaaa"}}, {{transaction(1), {"a"}}});
  close();
  {
    RawStore raw{directory()};
    raw.put(raw.tables().logs, format::pull_key(format::StoreId{1}, 1).bytes(), "short");
  }
  open();
  std::string log;
  const auto taker = cbor_writer(log);
  ReadLog query;
  query.user = user;
  query.taker = taker.get();
  std::optional<Result<LogPiece>> piece;
  store().read(query, [&](Result<LogPiece> result) { piece = std::move(result); });
  ASSERT_TRUE(piece.has_value());
  EXPECT_FALSE(piece->ok());
  close();  // it is not sound
}

}  // namespace
}  // namespace mentat_sync
