// What a reader takes, what it refuses and how it says so.
#include "http/wire/log_decoder.hpp"

#include "log_samples.hpp"
#include "storage/bounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

const std::string header = cbor_of({LogHeader{{}, transaction_id(1)}});

/// A text string of CBOR.
std::string text(const std::string& chars) {
  return static_cast<char>(0x60 + chars.size()) + chars;
}

std::string hex(std::string_view digits) {
  return bytes_of_hex(digits);
}

/// What is wrong with the log that begins with a header and goes on so; empty when nothing is.
std::string wrong_after_header(const std::string& bytes) {
  return decode(header + bytes).status.message();
}

std::string wrong(const std::vector<LogItem>& items) {
  return decode(cbor_of(items)).status.message();
}

TEST(LogDecoder, ReadsWhatWasWritten) {
  const auto log = decode(cbor_of(sample_log()));
  EXPECT_TRUE(log.status.ok()) << log.status.message();
  EXPECT_EQ(log.items, sample_log());
}

TEST(LogDecoder, ReadsHoweverTheBytesAreSplit) {
  const auto bytes = cbor_of(sample_log());
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const auto log = decode(bytes, piece);
    ASSERT_TRUE(log.status.ok()) << piece << ": " << log.status.message();
    ASSERT_EQ(log.items, sample_log()) << piece;
  }
}

TEST(LogDecoder, EveryTruncationIsALogCutOff) {
  const auto bytes = cbor_of(sample_log());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto log = decode(bytes.substr(0, size));
    ASSERT_EQ(log.status.code(), ErrorCode::invalid) << size;
    ASSERT_THAT(log.status.message(), HasSubstr("was cut off at byte " + std::to_string(size)));
    const auto all = sample_log();
    ASSERT_TRUE(std::equal(log.items.begin(), log.items.end(), all.begin())) << size;
  }
}

TEST(LogDecoder, AnItemMayBeTakenAsSoonAsItIsWhole) {
  const auto bytes = cbor_of({sample_log()[0]});
  LogDecoder decoder(1000);
  decoder.feed(std::string_view(bytes).substr(0, bytes.size() - 1));
  EXPECT_FALSE(decoder.next().value());
  decoder.feed(bytes.substr(bytes.size() - 1));
  EXPECT_EQ(decoder.next().value(), sample_log()[0]);
}

TEST(LogDecoder, TakesIdsAsText) {
  const auto root = text("00000000-0000-0000-0000-000000000000");
  const std::string nil = hex("7824") + root.substr(1);
  const std::string one = hex("7824") + "00000000-0000-0000-0000-00000000000A";
  const std::string hash = hex("7840") + std::string(64, 'a');
  const auto log = decode(hex("a3") + text("log") + hex("01") + text("from") + nil + text("head") +
                          one + hex("a2") + text("chunk") + hash + text("bytes") + hex("40") +
                          hex("a4") + text("transaction") + one + text("seq") + hex("01") +
                          text("parent") + nil + text("chunks") + hex("81") + hash);
  const auto id = chunk_id(std::string(64, 'a'));
  EXPECT_EQ(log.items, (std::vector<LogItem>{LogHeader{{}, transaction_id(10)}, LogChunk{id, ""},
                                             LogTransaction{transaction_id(10), 1, {}, {id}}}));
}

TEST(LogDecoder, TakesKeysInAnyOrder) {
  const auto log =
      decode(header + hex("a2") + text("bytes") + hex("4161") + text("chunk") + text("c"));
  EXPECT_THAT(log.status.message(), HasSubstr("cut off"));
  EXPECT_EQ(log.items.back(), LogItem(LogChunk{chunk_id("c"), "a"}));
}

TEST(LogDecoder, TakesLengthsThatCouldBeShorter) {
  const auto log = decode(header + hex("b90002") + text("chunk") + hex("7b0000000000000001") + "c" +
                          text("bytes") + hex("590001") + "a");
  EXPECT_THAT(log.status.message(), HasSubstr("cut off"));
  EXPECT_EQ(log.items.back(), LogItem(LogChunk{chunk_id("c"), "a"}));
}

TEST(LogDecoder, PassesOverUnknownKeysWithWhateverValue) {
  // A negative number, a float of each size, null, undefined, tagged, nested, a list of other
  // things.
  for (const auto* value : {"20", "3863", "f93c00", "fa47c35000", "fb7e37e43c8800759c", "f6", "f7",
                            "f5", "c074323031332d30332d32315432303a30343a30305a", "a0", "80",
                            "a26161016162820203", "8301820203820405", "d81843646061", "1903e8"}) {
    const auto log = decode(header + hex("a3") + text("chunk") + text("c") + text("later") +
                            hex(value) + text("bytes") + hex("4161"));
    EXPECT_EQ(log.items.size(), 2U) << value << ": " << log.status.message();
  }
}

TEST(LogDecoder, PassesOverAnotherKindsKeys) {
  // "seq" of a chunk would be a number; here it is a list of lists.
  const auto log = decode(header + hex("a3") + text("chunk") + text("c") + text("seq") +
                          hex("818101") + text("bytes") + hex("4161"));
  EXPECT_EQ(log.items.size(), 2U) << log.status.message();
}

TEST(LogDecoder, TakesAChunkThatIsRepeated) {
  const LogChunk chunk{chunk_id("c"), "abc"};
  EXPECT_EQ(wrong({LogHeader{}, chunk, chunk, LogTrailer{{}, false, 0, 2, 6}}), "");
}

TEST(LogDecoder, TakesALogInTheMiddleOfAnother) {
  const auto from = transaction_id(9);
  EXPECT_EQ(wrong({LogHeader{from, transaction_id(99)},
                   LogTransaction{transaction_id(10), 1234, from, {}},
                   LogTransaction{transaction_id(11), 1235, transaction_id(10), {}},
                   LogTrailer{transaction_id(11), true, 2, 0, 0}}),
            "");
}

TEST(LogDecoder, RefusesAnotherVersion) {
  auto bytes = header;
  bytes[5] = 2;
  EXPECT_EQ(decode(bytes).status.message(),
            "malformed log at byte 0: the log has version 2, and only version 1 is known here");
}

TEST(LogDecoder, RefusesIndefiniteLengths) {
  const auto indefinite = HasSubstr("an indefinite length");
  EXPECT_THAT(decode(hex("bf")).status.message(), indefinite);
  EXPECT_THAT(wrong_after_header(hex("a2") + text("chunk") + hex("7f")), indefinite);
  EXPECT_THAT(wrong_after_header(hex("a2") + text("bytes") + hex("5f")), indefinite);
  EXPECT_THAT(wrong_after_header(hex("a2") + text("chunks") + hex("9f")), indefinite);
  EXPECT_THAT(wrong_after_header(hex("a2") + text("later") + hex("9f")), indefinite);
  EXPECT_THAT(wrong_after_header(hex("a1ff")), indefinite);
}

TEST(LogDecoder, RefusesKeysThatComeTwice) {
  const auto twice = HasSubstr("a key that comes twice");
  EXPECT_THAT(wrong_after_header(hex("a3") + text("chunk") + text("c") + text("chunk")), twice);
  EXPECT_THAT(wrong_after_header(hex("a3") + text("later") + text("c") + text("later")), twice);
}

TEST(LogDecoder, RefusesKeysThatAreNoText) {
  EXPECT_THAT(wrong_after_header(hex("a101")), HasSubstr("a key that is not a text string"));
}

TEST(LogDecoder, RefusesAnItemOfManyKeys) {
  EXPECT_THAT(wrong_after_header(hex("b821")), HasSubstr("an item of more than 32 keys"));
}

TEST(LogDecoder, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) {
    std::string bytes = hex("a3") + text("later");
    for (std::size_t i = 0; i < depth; ++i) bytes += hex("81");
    return bytes + hex("01") + text("chunk") + text("c") + text("bytes") + hex("40");
  };
  EXPECT_THAT(wrong_after_header(nested(15)), HasSubstr("cut off"));
  EXPECT_THAT(wrong_after_header(nested(16)), HasSubstr("values nested more than 16 deep"));
  EXPECT_THAT(wrong_after_header(nested(500'000)), HasSubstr("values nested"));
}

TEST(LogDecoder, RefusesWhatIsNoItem) {
  EXPECT_THAT(decode(hex("01")).status.message(), HasSubstr("an item of a log is a map"));
  EXPECT_THAT(decode(hex("a0")).status.message(), HasSubstr("an item has none of"));
  EXPECT_THAT(wrong_after_header(hex("a11c")), HasSubstr("this is not CBOR"));
  EXPECT_THAT(decode("{\"log\":1}").status.message(), HasSubstr("an item of a log is a map"));
  EXPECT_THAT(wrong_after_header(hex("a2") + text("chunk") + text("c") + text("log") + hex("01")),
              HasSubstr("an item has two of"));
}

TEST(LogDecoder, RefusesMissingKeysAndNamesThem) {
  EXPECT_THAT(wrong_after_header(hex("a1") + text("chunk") + text("c")),
              HasSubstr("\"bytes\" is missing"));
  EXPECT_THAT(wrong_after_header(hex("a2") + text("next") + hex("50") + std::string(16, '\0') +
                                 text("more") + hex("f4")),
              HasSubstr("\"transactions\" is missing"));
}

TEST(LogDecoder, RefusesOtherTypesAndNamesTheKey) {
  const auto chunk = [](const std::string& id, const std::string& bytes) {
    return wrong_after_header(hex("a2") + text("chunk") + id + text("bytes") + bytes);
  };
  EXPECT_THAT(chunk(text("C"), hex("40")), HasSubstr("\"chunk\" is not a chunk id"));
  EXPECT_THAT(chunk(hex("40"), hex("40")), HasSubstr("\"chunk\" is not a chunk id"));
  EXPECT_THAT(chunk(hex("01"), hex("40")), HasSubstr("\"chunk\" is not a chunk id"));
  EXPECT_THAT(chunk(text("c"), text("a")), HasSubstr("\"bytes\" is not a byte string"));
  EXPECT_THAT(chunk(text("c"), hex("c140")), HasSubstr("\"bytes\" is not a byte string"));
}

TEST(LogDecoder, RefusesAListOfOtherThingsThanChunkIds) {
  const auto transaction = [](const std::string& list) {
    const std::string nil = hex("50") + std::string(16, '\0');
    return wrong_after_header(hex("a4") + text("transaction") + nil + text("seq") + hex("01") +
                              text("parent") + nil + text("chunks") + list);
  };
  const auto refused = HasSubstr("\"chunks\" is not an array of chunk ids");
  EXPECT_THAT(transaction(hex("8101")), refused);
  EXPECT_THAT(transaction(hex("82") + text("a") + hex("8101")), refused);
  EXPECT_THAT(transaction(hex("a1") + text("a") + text("b")), refused);
  EXPECT_THAT(transaction(hex("02")), refused);
  EXPECT_THAT(transaction(hex("83") + text("a") + hex("6120") + text("b")), refused);
  EXPECT_THAT(transaction(hex("194001")), refused);
  EXPECT_THAT(transaction(hex("994001")), HasSubstr("a list of more than 16384 chunk ids"));
}

TEST(LogDecoder, RefusesItemsOutOfPlace) {
  const auto all = sample_log();
  EXPECT_THAT(wrong({all[1]}), HasSubstr("an item before the header"));
  EXPECT_THAT(wrong({all.back()}), HasSubstr("an item before the header"));
  EXPECT_THAT(wrong({all[0], all[0]}), HasSubstr("a second header"));
  const LogTrailer end{};
  EXPECT_THAT(wrong({LogHeader{}, end, end}), HasSubstr("there are bytes after the trailer"));
}

TEST(LogDecoder, RefusesATransactionThatDoesNotFollow) {
  const auto first = [](std::uint64_t seq, TransactionId parent) {
    return LogTransaction{transaction_id(1), seq, parent, {}};
  };
  const auto second = [](std::uint64_t seq, TransactionId parent) {
    return LogTransaction{transaction_id(2), seq, parent, {}};
  };
  const LogHeader from_root{};
  EXPECT_THAT(wrong({from_root, first(1, transaction_id(7))}), HasSubstr("has the parent"));
  EXPECT_THAT(wrong({from_root, first(1, {}), second(2, {})}), HasSubstr("has the parent"));
  EXPECT_THAT(wrong({from_root, first(2, {})}), HasSubstr("sequence number 2"));
  EXPECT_THAT(wrong({from_root, first(1, {}), second(1, transaction_id(1))}),
              HasSubstr("has the sequence number 1, and its parent has 1"));
  EXPECT_THAT(wrong({from_root, first(1, {}), second(3, transaction_id(1))}),
              HasSubstr("has the sequence number 3, and its parent has 1"));
  EXPECT_THAT(wrong({LogHeader{transaction_id(7), {}}, first(0, transaction_id(7))}),
              HasSubstr("has the sequence number 0"));
}

TEST(LogDecoder, RefusesATrailerThatSaysOtherwise) {
  const auto with = [](const LogTrailer& trailer) {
    auto items = sample_log();
    items.back() = trailer;
    return wrong(items);
  };
  EXPECT_EQ(with({transaction_id(3), true, 3, 3, 12}), "");
  EXPECT_THAT(with({transaction_id(2), false, 3, 3, 12}), HasSubstr("the log ends with"));
  EXPECT_THAT(with({transaction_id(3), false, 4, 3, 12}),
              HasSubstr("3 transactions came, and the trailer says 4"));
  EXPECT_THAT(with({transaction_id(3), false, 3, 2, 12}),
              HasSubstr("3 chunks came, and the trailer says 2"));
  EXPECT_THAT(with({transaction_id(3), false, 3, 3, 13}),
              HasSubstr("12 bytes of chunks came, and the trailer says 13"));
}

TEST(LogDecoder, NamesTheByteWhereItWentWrong) {
  EXPECT_THAT(wrong_after_header(hex("a2") + text("chunk") + hex("1c")),
              ::testing::StartsWith("malformed log at byte " + std::to_string(header.size() + 7)));
}

TEST(LogDecoder, StaysRefused) {
  LogDecoder decoder(1000);
  decoder.feed(hex("01"));
  const auto first = decoder.next().status().message();
  decoder.feed(header);
  EXPECT_EQ(decoder.next().status().message(), first);
  EXPECT_EQ(decoder.finish().message(), first);
}

TEST(LogDecoder, ATrailerThatWasNotTakenIsNoEnd) {
  LogDecoder decoder(1000);
  decoder.feed(cbor_of({LogHeader{}, LogTrailer{}}));
  EXPECT_FALSE(decoder.finish().ok());
  EXPECT_TRUE(decoder.next().value());
  EXPECT_FALSE(decoder.finish().ok());
  EXPECT_TRUE(decoder.next().value());
  EXPECT_TRUE(decoder.finish().ok());
  EXPECT_FALSE(decoder.next().value());
  decoder.feed("x");
  EXPECT_THAT(decoder.finish().message(), HasSubstr("there are bytes after the trailer"));
}

TEST(LogDecoder, AnItemMayBeAsLargeAsTheBoundAndNoLarger) {
  const auto items =
      std::vector<LogItem>{LogHeader{}, LogChunk{chunk_id("c"), std::string(1000, 'x')},
                           LogTrailer{{}, false, 0, 1, 1000}};
  const auto size = cbor_of({items[1]}).size();
  EXPECT_TRUE(decode(cbor_of(items), 100, size).status.ok());
  EXPECT_THAT(decode(cbor_of(items), 100, size - 1).status.message(),
              HasSubstr("an item of more than " + std::to_string(size - 1) + " bytes"));
}

TEST(LogDecoder, RefusesAnAnnouncedLengthBeforeItsBytesCome) {
  for (const auto* length : {"5a00100000", "5bffffffffffffffff", "5b7fffffffffffffff",
                             "5bfffffffffffffff7", "7bfffffffffffffffe"}) {
    const auto log = decode(header + hex("a2") + text("bytes") + hex(length) + "some", 1, 1000);
    EXPECT_FALSE(log.status.ok());
    EXPECT_THAT(log.status.message(), ::testing::Not(HasSubstr("cut off"))) << length;
  }
}

/// A chunk with one more key, or two.
std::string chunk_and(const std::string& key, const std::string& value,
                      const std::string& rest = "") {
  return hex(rest.empty() ? "a3" : "a4") + text("chunk") + text("c") + text("bytes") + hex("40") +
         text(key) + value + rest;
}

/// A list whose length has two bytes in CBOR.
std::string list_of(std::size_t count, const std::string& element) {
  std::string bytes = hex("98") + static_cast<char>(count);
  for (std::size_t i = 0; i < count; ++i) bytes += element;
  return bytes;
}

const std::string zero(1, '\0');

TEST(LogDecoder, PassesOverAFewValuesInEachItem) {
  for (const auto& item :
       {chunk_and("later", list_of(64, zero)),
        chunk_and("one", list_of(32, zero), text("two") + list_of(32, zero)),
        chunk_and("later", list_of(32, hex("8101"))), chunk_and("seq", list_of(64, zero)),
        chunk_and("chunks", list_of(64, text("a"))), chunk_and("chunks", list_of(64, zero))}) {
    const auto log = decode(header + item + item);
    EXPECT_EQ(log.items.size(), 3U) << log.status.message();
  }
}

const auto many_of_no_use =
    HasSubstr("more than 64 values in lists, maps and tags that are of no use in their item");

TEST(LogDecoder, RefusesManyValuesOfNoUseBeforeTheyCome) {
  for (const auto* key : {"later", "seq"}) {
    for (const auto* value : {"9841", "9affffffff", "9bffffffffffffffff", "b821",
                              "bbffffffffffffffff", "c19840", "82983f", "a10198409803"}) {
      EXPECT_THAT(wrong_after_header(chunk_and(key, hex(value))), many_of_no_use)
          << key << ": " << value;
    }
  }
  EXPECT_THAT(
      wrong_after_header(chunk_and("one", list_of(32, zero), text("two") + list_of(33, zero))),
      many_of_no_use);
  EXPECT_THAT(wrong_after_header(chunk_and("later", list_of(33, hex("8101")))), many_of_no_use);
  EXPECT_THAT(wrong_after_header(chunk_and("chunks", hex("829841"))), many_of_no_use);
}

TEST(LogDecoder, RefusesManyChunkIdsInAnItemThatHasNoUseForThem) {
  EXPECT_THAT(wrong_after_header(chunk_and("chunks", list_of(65, text("a")))), many_of_no_use);
  EXPECT_THAT(
      wrong_after_header(chunk_and("chunks", list_of(64, text("a")), text("later") + hex("8101"))),
      many_of_no_use);
}

TEST(LogDecoder, TakesAsManyChunkIdsOfATransactionAsThereMayBe) {
  const LogTransaction transaction{
      transaction_id(1), 1, {}, {bounds::chunks_per_transaction, chunk_id("c")}};
  EXPECT_EQ(wrong({LogHeader{}, transaction, LogTrailer{transaction_id(1), false, 1, 0, 0}}), "");
}

// Quadratic work would be 2^30 times a few bytes looked at again: minutes.
TEST(LogDecoder, ALargeItemInSmallPiecesIsReadInLinearTime) {
  const std::string content(64 << 20, 'x');
  const auto bytes = cbor_of(
      {LogHeader{}, LogChunk{chunk_id("c"), content}, LogTrailer{{}, false, 0, 1, content.size()}});
  const auto begin = std::chrono::steady_clock::now();
  const auto log = decode(bytes, 1024, 100 << 20);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  EXPECT_TRUE(log.status.ok()) << log.status.message();
}

}  // namespace
}  // namespace mentat_sync
