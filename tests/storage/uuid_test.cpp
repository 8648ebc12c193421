// The text form of a uuid.
#include "storage/uuid.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

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

TEST(Uuid, TakesAtEachPlaceItsCharactersOnly) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  for (std::size_t place = 0; place < text.size(); ++place) {
    for (int value = 0; value < 256; ++value) {
      std::string changed{text};
      changed[place] = static_cast<char>(value);
      const bool fits =
          text[place] == '-' ? changed[place] == '-' : digits.find(changed[place]) != digits.npos;
      const auto uuid = Uuid::parse(changed);
      ASSERT_EQ(uuid.has_value(), fits) << place << " " << value;
      if (value >= 'A' && value <= 'F') changed[place] = static_cast<char>(value - 'A' + 'a');
      EXPECT_EQ(uuid ? uuid->to_string() : changed, changed);
    }
  }
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

/// A plain product of the halves is made the same for as many uuids as one likes.
TEST(Uuid, HashesDifferentlyThoughChosenToCollide) {
  constexpr std::uint64_t count = 1000;
  std::set<std::size_t> hashes;
  for (std::uint64_t low = 0; low < count; ++low) {
    const std::uint64_t high = low * 0x9e3779b97f4a7c15U;
    Uuid uuid;
    std::memcpy(uuid.bytes.data(), &high, sizeof high);
    std::memcpy(uuid.bytes.data() + sizeof high, &low, sizeof low);
    hashes.insert(std::hash<Uuid>{}(uuid));
  }
  EXPECT_EQ(hashes.size(), count);
}

}  // namespace
}  // namespace mentat_sync
