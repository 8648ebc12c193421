// The text form of a uuid.
#include "storage/uuid.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

constexpr std::string_view text = "01234567-89ab-cdef-0123-456789abcdef";

TEST(Uuid, ReadsAndWritesItsText) {
  const auto uuid = Uuid::parse(text);
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->bytes[0], 0x01);
  EXPECT_EQ(uuid->bytes[15], 0xef);
  EXPECT_EQ(uuid->to_string(), text);
}

TEST(Uuid, ReadsUpperCaseAndWritesLowerCase) {
  const auto uuid = Uuid::parse("01234567-89AB-CDEF-0123-456789ABCDEF");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->to_string(), text);
}

TEST(Uuid, RefusesEveryOtherShape) {
  for (const std::string_view bad :
       {"", "0", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
        "0123456789abcdef0123456789abcdef", "{1234567-89ab-cdef-0123-456789abcde}",
        "01234567_89ab-cdef-0123-456789abcdef", "g1234567-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcde ", "012345678-9ab-cdef-0123-456789abcdef",
        "-1234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123--56789abcdef"}) {
    EXPECT_FALSE(Uuid::parse(bad)) << bad;
  }
  EXPECT_FALSE(Uuid::parse(std::string_view{"01234567-89ab-cdef-0123-456789abcd\0f", 36}));
}

TEST(Uuid, SortsByItsBytes) {
  EXPECT_LT(*Uuid::parse("00000000-0000-0000-0000-0000000000ff"),
            *Uuid::parse("00000000-0000-0000-0000-000000000100"));
  EXPECT_TRUE(Uuid{}.is_nil());
}

TEST(Uuid, HashesDifferentlyWhereverTheBytesDiffer) {
  const std::hash<Uuid> hash;
  const Uuid nil;
  for (std::size_t i = 0; i < nil.bytes.size(); ++i) {
    Uuid other;
    other.bytes[i] = 1;
    EXPECT_NE(hash(nil), hash(other)) << i;
  }
}

}  // namespace
}  // namespace mentat_sync
