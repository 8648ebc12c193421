// The answer to a pull: whole or in pieces, in either form, compressed where it pays.
#include "http/log_answer.hpp"

#include "http/wire/log_decoder.hpp"
#include "http/wire/media_types.hpp"
#include "http/wire/ndjson_writer.hpp"
#include "storage/bounds.hpp"
#include "storage/cbor_log.hpp"
#include "tests/http/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

using testing::HasSubstr;
using Then = BodyPiece::Then;

using Items = std::vector<LogItem>;

/// Bytes that no coding makes smaller.
std::string noise(std::size_t size) {
  std::minstd_rand random{7};
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random() >> 8);
  return bytes;
}

LogHeader header() {
  return {TransactionId::root(), transaction_id(first)};
}
LogTransaction transaction() {
  return {transaction_id(first), 1, TransactionId::root(), {chunk_id("a")}};
}
LogTrailer trailer(const std::string& bytes) {
  return {transaction_id(first), false, 1, 1, bytes.size()};
}

Items whole_log(const std::string& bytes) {
  return {header(), LogChunk{chunk_id("a"), bytes}, transaction(), trailer(bytes)};
}

std::string encoded(const Items& items, LogForm form = LogForm::cbor) {
  std::string bytes;
  for (const LogItem& item : items) {
    form == LogForm::cbor ? append_cbor(bytes, item) : append_ndjson(bytes, item);
  }
  return bytes;
}

Items decoded(std::string_view bytes) {
  LogDecoder decoder{bounds::log_item_bytes_max};
  decoder.feed(bytes);
  Items items;
  for (auto item = decoder.next(); item.ok() && *item; item = decoder.next()) {
    items.push_back(std::move(**item));
  }
  EXPECT_TRUE(decoder.finish().ok()) << decoder.finish().message();
  return items;
}

std::string decompressed(ContentCoding coding, std::string_view bytes) {
  const auto decompressor = Decompressor::make(coding);
  std::string out;
  EXPECT_TRUE(decompressor->decompress(bytes, out).ok());
  EXPECT_TRUE(decompressor->finish().ok()) << decompressor->finish().message();
  return out;
}

LogCursor cursor(std::uint64_t seq) {
  LogCursor made;
  made.seq = seq;
  return made;
}

class LogAnswerTest : public testing::Test {
 protected:
  Response whole(const Items& items, LogForm form = LogForm::cbor,
                 ContentCoding coding = ContentCoding::identity) {
    return log_answer(store, {}, {true, std::nullopt}, encoded(items, form), form, coding);
  }

  /// A log of three pieces, of which the store gives the last two.
  Response in_pieces(const std::string& bytes, LogForm form = LogForm::cbor,
                     ContentCoding coding = ContentCoding::identity) {
    const Items items = whole_log(bytes);
    store.give(GivenPiece{true, {items[1], items[2]}, cursor(2)});
    store.give(GivenPiece{true, {items[3]}, std::nullopt});
    ReadLog query;
    query.user = user_id(alice);
    query.max_bytes = 77;
    return log_answer(store, query, {true, cursor(1)}, encoded({items[0]}, form), form, coding);
  }

  /// The pieces that the source gives, up to its end.
  static std::vector<BodyPiece> pieces_of(const Response& response) {
    std::vector<BodyPiece> pieces;
    do {
      response.source->next([&](BodyPiece piece) { pieces.push_back(std::move(piece)); });
    } while (pieces.back().then == Then::more);
    return pieces;
  }

  static std::string body_of(const Response& response) {
    std::string bytes;
    for (const BodyPiece& piece : pieces_of(response)) bytes += piece.bytes;
    return bytes;
  }

  FakeStore store;
};

TEST_F(LogAnswerTest, OfOnePieceIsWhole) {
  const Response response = whole(whole_log("bytes"));
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, log_media_type);
  EXPECT_FALSE(response.source) << "so that it has a Content-Length";
  EXPECT_EQ(response.body, encoded(whole_log("bytes")));
  EXPECT_TRUE(store.log_queries.empty());
}

TEST_F(LogAnswerTest, SaysHowItMayBeKept) {
  const Response response = whole(whole_log("bytes"));
  EXPECT_EQ(header_of(response, "Vary"), "Accept, Accept-Encoding");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header_of(response, "Content-Encoding"), "");
  EXPECT_EQ(header_of(response, "ETag"), "");
}

TEST_F(LogAnswerTest, MayBeLinesOfJson) {
  const Response response = whole(whole_log("bytes"), LogForm::ndjson);
  EXPECT_EQ(response.content_type, ndjson_media_type);
  EXPECT_EQ(response.body, encoded(whole_log("bytes"), LogForm::ndjson));
}

TEST_F(LogAnswerTest, OfSeveralPiecesReadsOneAfterAnother) {
  const Response response = in_pieces("bytes");
  ASSERT_TRUE(response.source);
  EXPECT_FALSE(response.endless);
  EXPECT_EQ(response.body, "");
  EXPECT_TRUE(store.log_queries.empty()) << "nothing is read before it is asked for";
  const auto pieces = pieces_of(response);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[0].bytes, encoded({header()}));
  EXPECT_EQ(pieces[2].then, Then::end);
  ASSERT_EQ(store.log_queries.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(store.log_queries[i].user, user_id(alice));
    EXPECT_EQ(store.log_queries[i].max_bytes, 77u);
    EXPECT_EQ(store.log_queries[i].resume->seq, i + 1);
  }
}

TEST_F(LogAnswerTest, OfSeveralPiecesIsTheLog) {
  EXPECT_EQ(decoded(body_of(in_pieces("bytes"))), whole_log("bytes"));
}

TEST_F(LogAnswerTest, OfSeveralPiecesMayBeLinesOfJson) {
  EXPECT_EQ(body_of(in_pieces("bytes", LogForm::ndjson)),
            encoded(whole_log("bytes"), LogForm::ndjson));
}

TEST_F(LogAnswerTest, IsCutOffWhenTheLogCannotBeReadOn) {
  const Response response = in_pieces("bytes");
  store.pieces[1] = Status{ErrorCode::corrupt, "record 7"};
  const auto pieces = pieces_of(response);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[1].then, Then::more);
  EXPECT_EQ(pieces[2].then, Then::failed);
  EXPECT_EQ(pieces[2].bytes, "");
}

TEST_F(LogAnswerTest, IsCutOffWhenTheLogIsDeletedMeanwhile) {
  const Response response = in_pieces("bytes");
  store.pieces[0] = GivenPiece{};
  const auto pieces = pieces_of(response);
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[1].then, Then::failed);
}

class CodedLogAnswerTest : public LogAnswerTest,
                           public testing::WithParamInterface<ContentCoding> {};

TEST_P(CodedLogAnswerTest, OfOnePieceIsCompressedWhereItPays) {
  const Items items = whole_log(std::string(10'000, 'x'));
  for (const LogForm form : {LogForm::cbor, LogForm::ndjson}) {
    const Response response = whole(items, form, GetParam());
    EXPECT_EQ(header_of(response, "Content-Encoding"), name_of(GetParam()));
    EXPECT_FALSE(response.source);
    EXPECT_LT(response.body.size(), 1'000u);
    EXPECT_EQ(decompressed(GetParam(), response.body), encoded(items, form));
  }
}

TEST_P(CodedLogAnswerTest, IsLeftAsItIsWhereItDoesNotPay) {
  for (const std::string& bytes : {noise(10'000), std::string{"small"}}) {
    const Response response = whole(whole_log(bytes), LogForm::cbor, GetParam());
    EXPECT_EQ(header_of(response, "Content-Encoding"), "");
    EXPECT_EQ(header_of(response, "Vary"), "Accept, Accept-Encoding");
    EXPECT_TRUE(response.body == encoded(whole_log(bytes)));
  }
}

TEST_P(CodedLogAnswerTest, OfSeveralPiecesIsOneStreamOfTheCoding) {
  const std::string bytes(10'000, 'x');
  const Items items = whole_log(bytes);
  store.give(GivenPiece{true, {items[2], items[3]}, std::nullopt});
  const Response response = log_answer(store, {}, {true, cursor(1)}, encoded({items[0], items[1]}),
                                       LogForm::cbor, GetParam());
  EXPECT_EQ(header_of(response, "Content-Encoding"), name_of(GetParam()));
  const std::string body = body_of(response);
  EXPECT_LT(body.size(), 1'000u);
  EXPECT_EQ(decoded(decompressed(GetParam(), body)), items);
}

TEST_P(CodedLogAnswerTest, OfSeveralPiecesIsDecidedByTheFirst) {
  const Response response = in_pieces(std::string(10'000, 'x'), LogForm::cbor, GetParam());
  EXPECT_EQ(header_of(response, "Content-Encoding"), "") << "the first has a header alone";
  EXPECT_EQ(decoded(body_of(response)), whole_log(std::string(10'000, 'x')));
}

// The ids of one transaction may be that much.
TEST_P(CodedLogAnswerTest, OfOneLargePieceIsCompressedWhenItIsAskedFor) {
  const Items items = whole_log(std::string(bounds::log_coded_piece_bytes, 'x'));
  const Response response = whole(items, LogForm::cbor, GetParam());
  EXPECT_EQ(header_of(response, "Content-Encoding"), name_of(GetParam()));
  ASSERT_TRUE(response.source);
  EXPECT_TRUE(response.source->works());
  EXPECT_EQ(decoded(decompressed(GetParam(), body_of(response))), items);
}

TEST_P(CodedLogAnswerTest, ReadsSmallerPiecesAndHoldsNoMoreThanItSays) {
  const Items items = whole_log(std::string(10'000, 'x'));
  store.give(GivenPiece{true, {items[2], items[3]}, std::nullopt});
  const Response response = log_answer(store, {}, {true, cursor(1)}, encoded({items[0], items[1]}),
                                       LogForm::cbor, GetParam());
  EXPECT_LT(response.source->held_bytes(), bounds::answers_bytes_min);
  body_of(response);
  EXPECT_EQ(store.log_queries.at(0).piece_bytes, bounds::log_coded_piece_bytes);
}

TEST_P(CodedLogAnswerTest, ThatIsCutOffIsNotEndedAsAStreamOfTheCoding) {
  const Items items = whole_log(std::string(10'000, 'x'));
  store.give(GivenPiece{});
  const Response response = log_answer(store, {}, {true, cursor(1)}, encoded({items[0], items[1]}),
                                       LogForm::cbor, GetParam());
  const auto pieces = pieces_of(response);
  EXPECT_EQ(pieces.back().then, Then::failed);
  const auto decompressor = Decompressor::make(GetParam());
  std::string out;
  for (const BodyPiece& piece : pieces) {
    EXPECT_TRUE(decompressor->decompress(piece.bytes, out).ok());
  }
  EXPECT_FALSE(decompressor->finish().ok());
}

INSTANTIATE_TEST_SUITE_P(Coding, CodedLogAnswerTest,
                         testing::Values(ContentCoding::gzip, ContentCoding::zstd),
                         [](const auto& tested) { return std::string{name_of(tested.param)}; });

}  // namespace
}  // namespace mentat_sync
