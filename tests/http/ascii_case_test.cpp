// Letters without their case, and nothing read that is not there.
#include "http/ascii_case.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mentat_sync {
namespace {

TEST(AsciiCase, SaysNothing) {
  EXPECT_TRUE(equal_ignoring_case("Chunked", "cHUNKED"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("chunked", "chunke"));
  EXPECT_FALSE(equal_ignoring_case("chunked", "chunkee"));
}

TEST(AsciiCase, IsThatOfLettersAlone) {
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("\xc4", "\xe4"));
}

// What the address sanitizer would see.
TEST(AsciiCase, ReadsNothingBehindTheEnd) {
  const std::unique_ptr<char[]> exact{new char[4]{'h', 't', 't', 'P'}};
  EXPECT_TRUE(equal_ignoring_case({exact.get(), 4}, "http"));
}

}  // namespace
}  // namespace mentat_sync
