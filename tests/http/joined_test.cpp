// Text put together of parts.
#include "http/joined.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

namespace mentat_sync {
namespace {

TEST(Joined, PutsPartsOfAllKindsOneBehindTheOther) {
  const std::array<char, 3> three{'a', 'b', 'c'};
  const std::string text = "text";
  EXPECT_EQ(joined("<", three, "> ", text, "=", Digits{0}, std::string_view{}, ";"),
            "<abc> text=0;");
  EXPECT_EQ(joined(Digits{std::numeric_limits<std::uint64_t>::max()}), "18446744073709551615");
  EXPECT_EQ(joined("", std::string{}), "");
}

TEST(Joined, AppendsToWhatIsThere) {
  std::string out = "one";
  append(out, " ", std::string(1000, 'x'));
  append(out, "two");
  EXPECT_EQ(out, "one " + std::string(1000, 'x') + "two");
}

}  // namespace
}  // namespace mentat_sync
