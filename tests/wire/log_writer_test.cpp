// What writers choose where there is a choice: the shortest numbers, the order of keys, the form
// of ids, base64 with its padding.
#include "http/wire/media_types.hpp"
#include "http/wire/ndjson_writer.hpp"
#include "log_samples.hpp"
#include "storage/cbor_log.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

std::string ndjson(const LogItem& item) {
  return ndjson_of({item});
}

TEST(LogWriter, NumbersAreAsShortAsCanBe) {
  const auto seq = [](std::uint64_t number) {
    const auto bytes = cbor_of({LogTransaction{transaction_id(1), number, {}, {}}});
    const auto begin = bytes.find("cseq") + 4;
    return bytes.substr(begin, bytes.find("fparent") - begin);
  };
  EXPECT_EQ(seq(23), bytes_of_hex("17"));
  EXPECT_EQ(seq(24), bytes_of_hex("1818"));
  EXPECT_EQ(seq(255), bytes_of_hex("18ff"));
  EXPECT_EQ(seq(256), bytes_of_hex("190100"));
  EXPECT_EQ(seq(65536), bytes_of_hex("1a00010000"));
  EXPECT_EQ(seq(0xffffffffffffffffU), bytes_of_hex("1bffffffffffffffff"));
}

TEST(LogWriter, WritesAnyBytesOfAChunk) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_TRUE(cbor_of({LogChunk{chunk_id("a"), all}}).ends_with(bytes_of_hex("590100") + all));
}

/// A chunk as `make_writer` writes it in parts of `part_bytes`, each in two pieces.
std::string in_parts(std::unique_ptr<LogTaker> (*make_writer)(std::string&), const LogChunk& chunk,
                     std::size_t part_bytes) {
  std::string out;
  const auto writer = make_writer(out);
  const PackedId id = pack(chunk.id);
  const std::string_view bytes = chunk.bytes;
  for (std::size_t at = 0; at < bytes.size(); at += part_bytes) {
    const auto part = bytes.substr(at, part_bytes);
    const std::size_t tail_bytes = part.size() % 5;
    writer->take(LogChunkView{id.view(), bytes.size(), at, part.substr(0, part.size() - tail_bytes),
                              part.substr(part.size() - tail_bytes)});
  }
  return out;
}

TEST(LogWriter, AChunkInPartsIsTheBytesOfTheWholeOne) {
  for (const std::size_t part : {3, 6, 252, 255, 258, 3072}) {
    for (const std::size_t size :
         {1, 2, 3, 4, 23, 24, 25, 255, 256, 257, 3071, 3072, 3073, 70'000}) {
      LogChunk chunk{chunk_id("a"), std::string(size, '\0')};
      for (std::size_t i = 0; i < size; ++i) chunk.bytes[i] = static_cast<char>(i * 31 + size);
      EXPECT_EQ(in_parts(cbor_writer, chunk, part), cbor_of({chunk})) << size << " by " << part;
      EXPECT_EQ(in_parts(ndjson_writer, chunk, part), ndjson_of({chunk})) << size << " by " << part;
    }
  }
}

TEST(LogWriter, AppendsToWhatIsThere) {
  std::string out = "before";
  append_cbor(out, sample_log().front());
  EXPECT_EQ(out, "before" + cbor_of({sample_log().front()}));
  out = "before\n";
  append_ndjson(out, sample_log().front());
  EXPECT_EQ(out, "before\n" + ndjson_of({sample_log().front()}));
}

TEST(LogWriter, LinesOfJsonHaveBase64WithPadding) {
  const auto bytes = [](const std::string& content) {
    return ndjson(LogChunk{chunk_id("a"), content});
  };
  EXPECT_EQ(bytes(""), "{\"chunk\":\"a\",\"bytes\":\"\"}\n");
  EXPECT_EQ(bytes("f"), "{\"chunk\":\"a\",\"bytes\":\"Zg==\"}\n");
  EXPECT_EQ(bytes("fo"), "{\"chunk\":\"a\",\"bytes\":\"Zm8=\"}\n");
  EXPECT_EQ(bytes("foo"), "{\"chunk\":\"a\",\"bytes\":\"Zm9v\"}\n");
  EXPECT_EQ(bytes("\xff\xfe\xfd"), "{\"chunk\":\"a\",\"bytes\":\"//79\"}\n");
}

TEST(LogWriter, ATransactionWithoutChunksHasAnEmptyList) {
  EXPECT_TRUE(ndjson(LogTransaction{transaction_id(1), 7, {}, {}})
                  .ends_with(R"("seq":7,"parent":"00000000-0000-0000-0000-000000000000",)"
                             "\"chunks\":[]}\n"));
}

TEST(MediaTypes, AreThoseOfTheProtocol) {
  EXPECT_EQ(log_media_type, "application/vnd.mentat-sync.log+cbor-seq");
  EXPECT_EQ(ndjson_media_type, "application/x-ndjson");
}

}  // namespace
}  // namespace mentat_sync
