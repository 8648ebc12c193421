// Ids as bytes, and that each comes back as the text it was.
#include "http/wire/packed_id.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mentat_sync {
namespace {

const std::string hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const std::string uuid = "7a1c5f0e-3b64-4d2a-8e19-90b6c1d2e3f4";

ChunkId id(const std::string& text) {
  return ChunkId::parse(text).value();
}

TEST(PackedId, AHashAndAUuidAreBytes) {
  EXPECT_EQ(pack(id(hash)).size, 32U);
  EXPECT_EQ(pack(id(hash)).view().substr(0, 3), "\x2c\xf2\x4d");
  EXPECT_EQ(pack(id(uuid)).size, 16U);
  EXPECT_EQ(pack(id(uuid)).view().substr(0, 3), "\x7a\x1c\x5f");
}

TEST(PackedId, AnyOtherTextStaysText) {
  for (const auto& text :
       {std::string("note-1"), hash.substr(1), uuid.substr(1), uuid + "0", "g" + hash.substr(1),
        std::string("7a1c5f0e03b6404d2a08e19090b6c1d2e3f4"), std::string(36, '-')}) {
    EXPECT_EQ(pack(id(text)).size, 0U) << text;
  }
}

TEST(PackedId, EachComesBackAsItWas) {
  for (const auto& text : {hash, uuid, std::string(64, '0'), std::string(64, 'f')}) {
    EXPECT_EQ(unpack_chunk_id(pack(id(text)).view()), id(text)) << text;
  }
}

TEST(PackedId, OtherLengthsAreNoIds) {
  for (const std::size_t size : {0U, 1U, 15U, 17U, 31U, 33U, 64U}) {
    EXPECT_FALSE(unpack_chunk_id(std::string(size, '\0'))) << size;
    EXPECT_FALSE(uuid_of(std::string(size, '\0'))) << size;
  }
}

}  // namespace
}  // namespace mentat_sync
