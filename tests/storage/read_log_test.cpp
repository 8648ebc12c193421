// A whole log, read in pieces.
#include "log_items.hpp"
#include "store_fixture.hpp"

#include <numeric>

namespace mentat_sync {
namespace {

class WholeLog : public StoreFixture {
 protected:
  struct Reading {
    bool found = true;
    std::vector<LogItem> items;
    int pieces = 0;
  };
  /// All pieces together; `between` is called after each but the last.
  template <class Between>
  Reading read_all(ReadLog query, Between between) {
    Reading reading;
    LogItems items;
    query.taker = &items;
    query.user = user;
    do {
      auto piece = read<LogPiece>(query);
      reading.pieces += 1;
      reading.found = piece.found;
      query.resume = std::move(piece.resume);
      if (query.resume) between();
    } while (query.resume);
    reading.items = std::move(items.items);
    return reading;
  }
  Reading read_all(ReadLog query = {}) {
    return read_all(std::move(query), [] {});
  }

  Reading read_after(TransactionId from) {
    ReadLog query;
    query.from = from;
    return read_all(std::move(query));
  }

  /// Three transactions; `a` is named by all, `c` twice by the last.
  void push_three() {
    push(
        {}, {{"a", "aaaa"}, {"b", "bb"}, {"c", ""}},
        {{transaction(1), {"a"}}, {transaction(2), {"b", "a"}}, {transaction(3), {"c", "a", "c"}}});
  }
  std::vector<LogItem> three() const {
    const ChunkId a = chunk_id("a");
    const ChunkId b = chunk_id("b");
    const ChunkId c = chunk_id("c");
    return {LogHeader{{}, transaction(3)},
            LogChunk{a, "aaaa"},
            LogTransaction{transaction(1), 1, {}, {a}},
            LogChunk{b, "bb"},
            LogTransaction{transaction(2), 2, transaction(1), {b, a}},
            LogChunk{c, ""},
            LogTransaction{transaction(3), 3, transaction(2), {c, a, c}},
            LogTrailer{transaction(3), false, 3, 3, 6}};
  }
  /// Chunks of `sizes`, named by one transaction, and the first one by another.
  void push_sizes(const std::vector<std::size_t>& sizes) {
    Push much{user, {}, {}, {{transaction(1), {}}, {transaction(2), {chunk_id("s0")}}}};
    for (const std::size_t size : sizes) {
      std::string bytes(size, '\0');
      for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + size);
      much.chunks.push_back({chunk_id("s" + std::to_string(much.chunks.size())), bytes});
      much.transactions[0].chunks.push_back(much.chunks.back().id);
    }
    submit(std::move(much));
  }
  static LogTrailer trailer(const Reading& reading) {
    return std::get<LogTrailer>(reading.items.back());
  }
};

TEST_F(WholeLog, OfAnUnknownUserIsEmpty) {
  const auto reading = read_all();
  EXPECT_TRUE(reading.found);
  EXPECT_EQ(reading.items, (std::vector<LogItem>{LogHeader{}, LogTrailer{}}));
  EXPECT_FALSE(read_after(transaction(1)).found);
}

TEST_F(WholeLog, HasEachChunkOnceBeforeItsFirstUse) {
  push_three();
  const auto reading = read_all();
  EXPECT_EQ(reading.items, three());
  EXPECT_EQ(reading.pieces, 1);
}

TEST_F(WholeLog, IsTheSameInPiecesOfAnySize) {
  push_three();
  for (std::uint64_t bytes = 0; bytes < 600; bytes += 7) {
    ReadLog query;
    query.piece_bytes = bytes;
    EXPECT_EQ(read_all(query).items, three()) << bytes;
  }
  ReadLog smallest;
  smallest.piece_bytes = 0;
  EXPECT_EQ(read_all(smallest).pieces, 7);  // the trailer goes with the last transaction
}

TEST_F(WholeLog, BeginsAfterATransaction) {
  push_three();
  const auto reading = read_after(transaction(2));
  EXPECT_EQ(
      reading.items,
      (std::vector<LogItem>{
          LogHeader{transaction(2), transaction(3)}, LogChunk{chunk_id("c"), ""},
          LogChunk{chunk_id("a"), "aaaa"},
          LogTransaction{
              transaction(3), 3, transaction(2), {chunk_id("c"), chunk_id("a"), chunk_id("c")}},
          LogTrailer{transaction(3), false, 1, 2, 4}}));
}

TEST_F(WholeLog, AfterHeadIsEmpty) {
  push_three();
  EXPECT_EQ(read_after(transaction(3)).items,
            (std::vector<LogItem>{LogHeader{transaction(3), transaction(3)},
                                  LogTrailer{transaction(3), false, 0, 0, 0}}));
}

TEST_F(WholeLog, KnowsNoOriginThatIsNotCommitted) {
  push_three();
  put_transaction(transaction(4), transaction(3));
  put_transaction(transaction(5), {});
  for (const unsigned n : {4, 5, 6}) {
    const auto reading = read_after(transaction(n));
    EXPECT_FALSE(reading.found);
    EXPECT_TRUE(reading.items.empty());
  }
}

TEST_F(WholeLog, HoldsNothingThatIsPending) {
  push_three();
  put_chunk("d", "d");
  put_transaction(transaction(4), transaction(3), {"a", "d"});
  EXPECT_EQ(read_all().items, three());
}

TEST_F(WholeLog, EndsAfterSoManyTransactions) {
  push_three();
  ReadLog query;
  query.max_transactions = 2;
  query.piece_bytes = 1;
  const auto reading = read_all(query);
  EXPECT_EQ(trailer(reading), (LogTrailer{transaction(2), true, 2, 2, 6}));
  EXPECT_EQ(std::get<LogHeader>(reading.items.front()).head, transaction(3));
  query.max_transactions = 3;
  EXPECT_EQ(read_all(query).items, three());
}

TEST_F(WholeLog, EndsWithTheTransactionThatReachesTheBytes) {
  push_three();
  ReadLog query;
  for (const std::uint64_t piece_bytes : {0, 1'000}) {
    query.piece_bytes = piece_bytes;
    query.max_bytes = 4;
    EXPECT_EQ(trailer(read_all(query)), (LogTrailer{transaction(1), true, 1, 1, 4}));
    query.max_bytes = 5;
    EXPECT_EQ(trailer(read_all(query)), (LogTrailer{transaction(2), true, 2, 2, 6}));
  }
}

TEST_F(WholeLog, MovesOnWhateverTheLimits) {
  push_three();
  ReadLog query;
  query.max_transactions = 0;
  query.max_bytes = 0;
  query.piece_bytes = 0;
  EXPECT_EQ(trailer(read_all(query)).next, transaction(1));
}

TEST_F(WholeLog, MayComeWithoutChunks) {
  push_three();
  ReadLog query;
  query.with_chunks = false;
  const auto reading = read_all(query);
  EXPECT_EQ(reading.items.size(), 5U);
  EXPECT_EQ(trailer(reading), (LogTrailer{transaction(3), false, 3, 0, 0}));
}

TEST_F(WholeLog, IsOneStateHoweverItGoesOn) {
  push_three();
  ReadLog query;
  query.piece_bytes = 0;
  unsigned n = 3;
  const auto reading = read_all(query, [&] {
    push(transaction(n), {}, {{transaction(n + 1), {"a", "b"}}});
    ++n;
  });
  EXPECT_EQ(reading.items, three());
  EXPECT_GT(head().seq, 3U);
}

TEST_F(WholeLog, EndsWhenItIsDeletedInBetween) {
  push_three();
  ReadLog query;
  query.piece_bytes = 0;
  const auto reading = read_all(query, [&] { submit(DeleteUser{user}); });
  EXPECT_FALSE(reading.found);
  EXPECT_EQ(reading.pieces, 2);
}

TEST_F(WholeLog, EndsWhenItIsBegunAnewInBetween) {
  push_three();
  ReadLog query;
  query.piece_bytes = 0;
  const auto reading = read_all(query, [&] {
    submit(DeleteUser{user});
    push_three();
  });
  EXPECT_FALSE(reading.found);
  EXPECT_EQ(reading.pieces, 2);
}

TEST_F(WholeLog, CanBePushedToAnotherUser) {
  push_three();
  Push copy{other_user, {}, {}, {}};
  for (const LogItem& item : read_all().items) {
    if (const auto* chunk = std::get_if<LogChunk>(&item)) {
      copy.chunks.push_back({chunk->id, chunk->bytes});
    } else if (const auto* transaction = std::get_if<LogTransaction>(&item)) {
      copy.transactions.push_back({transaction->id, transaction->chunks});
    }
  }
  EXPECT_EQ(submit(copy).verdict, Verdict::applied);
  EXPECT_EQ(read<Head>(ReadHead{other_user}).head, transaction(3));
}

// Their payloads are neighbours, or far apart, or before each other.
TEST_F(WholeLog, HasTheBytesOfEachChunkInWhateverOrderTheyWereStored) {
  const std::vector<std::string> names{"c", "d", "a", "f", "b", "e"};
  for (const auto& name : names) {
    put_chunk(name, name + " of " + name);
    submit(PutChunk{other_user, chunk_id(name), "another's"});
  }
  push({}, {{"g", "g of g"}, {"h", "h of h"}, {"i", "i of i"}},
       {{transaction(1), {"g", "h", "a", "b", "i", "c", "d", "e", "f"}}});
  for (const std::uint64_t piece_bytes : {1UL, 150UL, 100'000UL}) {
    ReadLog query;
    query.piece_bytes = piece_bytes;
    for (const LogItem& item : read_all(query).items) {
      const auto* chunk = std::get_if<LogChunk>(&item);
      if (chunk) {
        EXPECT_EQ(chunk->bytes, chunk->id.to_string() + " of " + chunk->id.to_string());
      }
    }
    EXPECT_EQ(trailer(read_all(query)).chunks, 9U);
  }
}

TEST_F(WholeLog, CarriesChunksOfAPageWithTheirTails) {
  push({}, {{"page", std::string(4096, 'p')}}, {{transaction(1), {"page"}}});
  EXPECT_EQ(std::get<LogChunk>(read_all().items[1]).bytes, std::string(4096, 'p'));
}

// Around the least size of a part, the room of a page with its tail, and many parts.
TEST_F(WholeLog, IsTheSameWhenLargeChunksComeInParts) {
  constexpr std::size_t least = bounds::log_part_bytes_min;
  push_sizes({0, 1, least - 1, least, least + 1, 2 * least, 4096, 4097, 8190, 20'000, 100'000});
  const auto whole = read_all();
  for (const std::uint64_t piece_bytes :
       {0UL, 1UL, 3'000UL, 4'097UL, 10'000UL, 65'536UL, 1UL << 20}) {
    ReadLog query;
    query.piece_bytes = piece_bytes;
    query.split_chunks = true;
    EXPECT_EQ(read_all(query).items, whole.items) << piece_bytes;
  }
}

TEST_F(WholeLog, APieceIsNotMuchLargerThanItShouldBeHoweverLargeTheChunks) {
  push_sizes({100'000, 50'000, 7});
  ReadLog query;
  query.user = user;
  query.piece_bytes = 8'192;
  query.split_chunks = true;
  LogItems items;
  query.taker = &items;
  do {
    items.sizes.clear();
    query.resume = read<LogPiece>(query).resume;
    const auto bytes = std::accumulate(items.sizes.begin(), items.sizes.end(), std::size_t{0});
    EXPECT_LE(bytes, query.piece_bytes + bounds::log_part_bytes_min);
  } while (query.resume);
}

TEST_F(WholeLog, TheLimitsCutNoChunkThatComesInParts) {
  push_sizes({50'000, 50'000});
  for (const std::uint64_t max_bytes : {1UL, 60'000UL}) {
    ReadLog query;
    query.piece_bytes = 4'000;
    query.split_chunks = true;
    query.max_bytes = max_bytes;
    query.max_transactions = 1;
    EXPECT_EQ(trailer(read_all(query)), (LogTrailer{transaction(1), true, 1, 2, 100'000}));
  }
}

TEST_F(WholeLog, EndsWhenItIsDeletedInTheMiddleOfAChunk) {
  push_sizes({50'000});
  ReadLog query;
  query.piece_bytes = 4'000;
  query.split_chunks = true;
  const auto reading = read_all(query, [&] {
    submit(DeleteUser{user});
    push_sizes({50'000});
  });
  EXPECT_FALSE(reading.found);
  EXPECT_EQ(reading.pieces, 2);
}

TEST_F(WholeLog, RemembersSharedChunksUpToItsBound) {
  const unsigned chunks = 2'000;
  Push much{user, {}, {}, {}};
  for (unsigned n = 0; n < chunks; ++n) {
    much.chunks.push_back({chunk_id("c-" + std::to_string(n)), "x"});
  }
  for (unsigned n = 1; n <= 3; ++n) {
    much.transactions.push_back({transaction(n), {}});
    for (const auto& chunk : much.chunks) much.transactions.back().chunks.push_back(chunk.id);
  }
  submit(std::move(much));
  ReadLog query;
  query.piece_bytes = 10'000;
  const auto reading = read_all(query);
  EXPECT_EQ(trailer(reading), (LogTrailer{transaction(3), false, 3, chunks, chunks}));
  EXPECT_GT(reading.pieces, 10);
}

}  // namespace
}  // namespace mentat_sync
