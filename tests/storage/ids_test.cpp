// The shapes of the protocol's ids.
#include "storage/ids.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

namespace mentat_sync {
namespace {

TEST(ChunkId, KeepsItsText) {
  for (const std::string text :
       {"a", "0", "-", "aaaaaaaa", "316ea470-ce35-4adf-9c61-e0de6e289c59"}) {
    const auto id = ChunkId::parse(text);
    ASSERT_TRUE(id) << text;
    EXPECT_EQ(id->text(), text);
  }
}

TEST(ChunkId, HasOneTo64Characters) {
  EXPECT_FALSE(ChunkId::parse(""));
  EXPECT_TRUE(ChunkId::parse(std::string(64, 'x')));
  EXPECT_FALSE(ChunkId::parse(std::string(65, 'x')));
}

TEST(ChunkId, RefusesOtherCharacters) {
  for (const std::string text : {"A", "a b", "a_b", "a/b", "a.b", "é", "a%20", "a\n"}) {
    EXPECT_FALSE(ChunkId::parse(text)) << text;
  }
  EXPECT_FALSE(ChunkId::parse(std::string_view{"a\0b", 3}));
}

TEST(ChunkId, IsSha256WithExactly64HexDigits) {
  EXPECT_TRUE(ChunkId::parse(std::string(64, 'f'))->is_sha256());
  EXPECT_FALSE(ChunkId::parse(std::string(63, 'f'))->is_sha256());
  EXPECT_FALSE(ChunkId::parse(std::string(63, 'f') + "g")->is_sha256());
  EXPECT_FALSE(ChunkId::parse(std::string(63, 'f') + "-")->is_sha256());
}

TEST(ChunkId, IsMadeOfAUuidOrAHash) {
  const std::string uuid = "316ea470-ce35-4adf-9c61-e0de6e289c59";
  EXPECT_EQ(ChunkId::of(Uuid::parse(uuid).value()), ChunkId::parse(uuid));
  std::array<std::uint8_t, 32> digest{0x0f, 0xa0};
  digest.back() = 0xff;
  const ChunkId of_hash = ChunkId::of(digest);
  EXPECT_EQ(of_hash, ChunkId::parse("0fa0" + std::string(58, '0') + "ff"));
  EXPECT_TRUE(of_hash.is_sha256());
}

TEST(ChunkId, ComparesByText) {
  EXPECT_EQ(*ChunkId::parse("ab"), *ChunkId::parse("ab"));
  EXPECT_NE(*ChunkId::parse("ab"), *ChunkId::parse("abc"));
  EXPECT_LT(*ChunkId::parse("ab"), *ChunkId::parse("abc"));
}

TEST(TransactionId, HasTheNilUuidAsRoot) {
  EXPECT_TRUE(TransactionId::root().is_root());
  EXPECT_EQ(TransactionId::root().to_string(), "00000000-0000-0000-0000-000000000000");
  EXPECT_FALSE(TransactionId::parse("00000000-0000-0000-0000-000000000001")->is_root());
}

}  // namespace
}  // namespace mentat_sync
