// A whole log, read in pieces.
#include "store_fixture.hpp"

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
    query.user = user;
    do {
      auto piece = read<LogPiece>(query);
      reading.pieces += 1;
      reading.found = piece.found;
      for (LogItem& item : piece.items) reading.items.push_back(std::move(item));
      query.resume = std::move(piece.resume);
      if (query.resume) between();
    } while (query.resume);
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

TEST_F(WholeLog, CarriesChunksOfAPageWithTheirTails) {
  push({}, {{"page", std::string(4096, 'p')}}, {{transaction(1), {"page"}}});
  EXPECT_EQ(std::get<LogChunk>(read_all().items[1]).bytes, std::string(4096, 'p'));
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
