// Streams compressed and decompressed in pieces; damaged ones are told from whole ones.
#include "http/wire/content_coding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

/// Text that compresses, with noise that does not.
std::string sample(std::size_t size) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < size) {
    text += R"({"e":)" + std::to_string(random() % 1000) + R"(,"a":":person/name"})";
    text.push_back(static_cast<char>(random()));
  }
  text.resize(size);
  return text;
}

std::string compress(ContentCoding coding, std::string_view text, std::size_t piece) {
  const auto compressor = Compressor::make(coding);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    compressor->compress(text.substr(at, piece), false, out);
  }
  compressor->compress("", true, out);
  return out;
}

struct Decompressed {
  std::string text;
  Status status;
};

Decompressed decompress(ContentCoding coding, std::string_view bytes, std::size_t piece,
                        std::uint64_t max_bytes = 1 << 30) {
  const auto decompressor = Decompressor::make(coding, max_bytes);
  Decompressed result;
  for (std::size_t at = 0; at < bytes.size() && result.status.ok(); at += piece) {
    result.status = decompressor->decompress(bytes.substr(at, piece), result.text);
  }
  if (result.status.ok()) result.status = decompressor->finish();
  return result;
}

class Compression : public ::testing::TestWithParam<ContentCoding> {};

TEST_P(Compression, GivesBackWhatItTookInWhateverPieces) {
  for (const std::size_t size : {0, 1, 1000, 65'536, 300'000}) {
    const auto text = sample(size);
    for (const std::size_t piece : {size_t{7}, size_t{4096}, size_t{1'000'000}}) {
      const auto bytes = compress(GetParam(), text, piece);
      for (const std::size_t other : {size_t{1}, size_t{1000}, bytes.size() + 1}) {
        const auto result = decompress(GetParam(), bytes, other);
        ASSERT_TRUE(result.status.ok()) << result.status.message();
        ASSERT_EQ(result.text, text);
      }
    }
  }
}

TEST_P(Compression, TheLastPieceMayHaveBytes) {
  const auto compressor = Compressor::make(GetParam());
  std::string bytes;
  compressor->compress("abc", false, bytes);
  compressor->compress("def", true, bytes);
  EXPECT_EQ(decompress(GetParam(), bytes, 3).text, "abcdef");
}

TEST_P(Compression, GivesNoMoreThanTheBound) {
  const auto bytes = compress(GetParam(), std::string(1'000'000, 'x'), 1'000'000);
  EXPECT_TRUE(decompress(GetParam(), bytes, 100, 1'000'000).status.ok());
  const auto refused = decompress(GetParam(), bytes, 100, 999'999);
  EXPECT_EQ(refused.status.code(), ErrorCode::full);
  EXPECT_LE(refused.text.size(), 999'999U + 65'536U);
}

INSTANTIATE_TEST_SUITE_P(All, Compression,
                         ::testing::Values(ContentCoding::identity, ContentCoding::gzip,
                                           ContentCoding::zstd),
                         [](const auto& coding) { return std::string(name_of(coding.param)); });

/// Those that can tell that they are damaged.
class DamagedCompression : public ::testing::TestWithParam<ContentCoding> {};

TEST_P(DamagedCompression, CompressesWell) {
  EXPECT_LT(compress(GetParam(), sample(100'000), 1000).size(), 40'000U);
}

TEST_P(DamagedCompression, EveryTruncationIsAnError) {
  const auto bytes = compress(GetParam(), sample(3000), 1000);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto result = decompress(GetParam(), bytes.substr(0, size), 100);
    ASSERT_THAT(result.status.message(), HasSubstr("was cut off")) << size;
  }
}

TEST_P(DamagedCompression, EveryFlippedBitOfItsContentIsAnErrorOrChangesNothing) {
  const auto text = sample(1000);
  const auto bytes = compress(GetParam(), text, 1000);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const auto result = decompress(GetParam(), damaged, 64);
    // A gzip header has bits that say nothing of the content, such as the system it came from.
    if (result.status.ok()) {
      ASSERT_EQ(result.text, text) << "bit " << bit;
    }
  }
}

TEST_P(DamagedCompression, WhatFollowsTheStreamIsAnError) {
  const auto bytes = compress(GetParam(), "abc", 1000);
  EXPECT_FALSE(decompress(GetParam(), bytes + "x", 1000).status.ok());
  EXPECT_FALSE(decompress(GetParam(), bytes + "what is this?", 1).status.ok());
}

TEST_P(DamagedCompression, SeveralStreamsInARowAreOne) {
  const auto bytes = compress(GetParam(), "abc", 1000) + compress(GetParam(), "def", 1000);
  EXPECT_EQ(decompress(GetParam(), bytes, 1).text, "abcdef");
  EXPECT_EQ(decompress(GetParam(), bytes, 1000).text, "abcdef");
}

TEST_P(DamagedCompression, AnotherCodingIsAnError) {
  const auto other = GetParam() == ContentCoding::gzip ? ContentCoding::zstd : ContentCoding::gzip;
  EXPECT_THAT(decompress(GetParam(), compress(other, "abc", 1000), 1000).status.message(),
              HasSubstr("malformed " + std::string(name_of(GetParam()))));
  EXPECT_FALSE(decompress(GetParam(), "plain text, not compressed", 1000).status.ok());
}

INSTANTIATE_TEST_SUITE_P(All, DamagedCompression,
                         ::testing::Values(ContentCoding::gzip, ContentCoding::zstd),
                         [](const auto& coding) { return std::string(name_of(coding.param)); });

// A frame's header alone may ask for a window of many GiB.
TEST(ZstdDecompression, RefusesAWindowThatIsTooLarge) {
  const std::string window_of_16_mib = std::string("\x28\xb5\x2f\xfd\x00\x70", 6);
  EXPECT_THAT(decompress(ContentCoding::zstd, window_of_16_mib + std::string(100, '\0'), 1000)
                  .status.message(),
              HasSubstr("malformed zstd"));
}

}  // namespace
}  // namespace mentat_sync
