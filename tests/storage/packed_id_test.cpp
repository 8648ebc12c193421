// Ids as bytes, and that each comes back as the text it was.
#include "storage/packed_id.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {
namespace {

const std::string hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const std::string uuid = "7a1c5f0e-3b64-4d2a-8e19-90b6c1d2e3f4";

ChunkId id(const std::string& text) {
  return ChunkId::parse(text).value();
}

TEST(PackedId, AHashAndAUuidAreBytes) {
  const PackedId of_hash = pack(id(hash));
  EXPECT_EQ(of_hash.form, IdForm::sha256);
  EXPECT_EQ(of_hash.view().bytes.size(), 32U);
  EXPECT_TRUE(of_hash.view().bytes.starts_with("\x2c\xf2\x4d"));
  const PackedId of_uuid = pack(id(uuid));
  EXPECT_EQ(of_uuid.form, IdForm::uuid);
  EXPECT_EQ(of_uuid.view().bytes.size(), 16U);
  EXPECT_TRUE(of_uuid.view().bytes.starts_with("\x7a\x1c\x5f"));
}

const std::vector<std::string> other_texts{"note-1",
                                           hash.substr(1),
                                           uuid.substr(1),
                                           uuid + "0",
                                           "g" + hash.substr(1),
                                           "7a1c5f0e03b6404d2a08e19090b6c1d2e3f4",
                                           std::string(36, '-')};

TEST(PackedId, AnyOtherTextStaysText) {
  for (const auto& text : other_texts) {
    EXPECT_EQ(pack(id(text)).form, IdForm::text) << text;
    EXPECT_EQ(pack(id(text)).view().bytes, text);
    EXPECT_EQ(unpack(pack(id(text)).view()), id(text));
  }
}

TEST(PackedId, AppendsItsText) {
  std::string out = "is ";
  for (const auto& text : {hash, uuid, other_texts[0]}) append_text(out, pack(id(text)).view());
  EXPECT_EQ(out, "is " + hash + uuid + other_texts[0]);
}

TEST(PackedId, ATextThatIsNoIdUnpacksToNothing) {
  for (const std::string_view text : {"", "No", "a_b"}) {
    EXPECT_FALSE(unpack({IdForm::text, text})) << text;
  }
}

TEST(PackedId, EachComesBackAsItWas) {
  for (const auto& text : {hash, uuid, std::string(64, '0'), std::string(64, 'f')}) {
    EXPECT_EQ(unpack_chunk_id(pack(id(text)).view().bytes), id(text)) << text;
    EXPECT_EQ(unpack(pack(id(text)).view()), id(text)) << text;
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
