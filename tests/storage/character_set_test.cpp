// Which texts a set of characters lets pass.
#include "storage/character_set.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mentat_sync {
namespace {

constexpr CharacterSet letters{"abc\xff"};

TEST(CharacterSet, HoldsAllOfATextOfItsCharactersAlone) {
  EXPECT_TRUE(letters.holds_all_of("cab\xff"));
  EXPECT_FALSE(letters.holds_all_of("abcd"));
  EXPECT_FALSE(letters.holds_all_of("dabc"));
  EXPECT_FALSE(letters.holds_all_of(std::string(1, '\0')));
}

TEST(CharacterSet, HoldsNoneOfATextWithoutThem) {
  EXPECT_TRUE(letters.holds_none_of("xyz\xfe"));
  EXPECT_FALSE(letters.holds_none_of("xyza"));
  EXPECT_FALSE(letters.holds_none_of("\xffxyz"));
}

TEST(CharacterSet, OfAnEmptyTextItHoldsAllAndNone) {
  EXPECT_TRUE(letters.holds_all_of(""));
  EXPECT_TRUE(letters.holds_none_of(""));
}

}  // namespace
}  // namespace mentat_sync
