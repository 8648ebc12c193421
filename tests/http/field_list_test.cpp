// Finding the lines of one name, and putting a list together.
#include "http/field_list.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>
#include <utility>

namespace mentat_sync {
namespace {

using beast_http::field;

RequestHeader header_of(
    std::initializer_list<std::pair<std::string_view, std::string_view>> lines) {
  RequestHeader header;
  for (const auto& [name, value] : lines) header.insert(name, value);
  return header;
}

TEST(LinesOf, CountsThemAndHasTheFirstValue) {
  const auto header = header_of({{"Origin", "a"}, {"Host", "h"}, {"Origin", "b"}});
  EXPECT_EQ(lines_of(header, field::origin).count, 2u);
  EXPECT_EQ(lines_of(header, field::origin).value, "a");
  EXPECT_EQ(lines_of(header, field::host).value, "h");
}

TEST(LinesOf, HasNoneOfAnAbsentField) {
  EXPECT_EQ(lines_of(header_of({{"Host", "h"}}), field::expect).count, 0u);
  EXPECT_EQ(lines_of(header_of({}), field::expect).value, "");
}

TEST(LinesOf, ANamesCaseSaysNothing) {
  const auto header = header_of({{"hOST", "h"}, {"x-REQUEST-id", "1"}});
  EXPECT_TRUE(has_line(header, field::host));
  EXPECT_EQ(lines_of(header, "X-Request-Id").value, "1");
}

TEST(LinesOf, AFieldWithANumberIsFoundByItsNameToo) {
  EXPECT_EQ(lines_of(header_of({{"Prefer", "wait=1"}}), "prefer").value, "wait=1");
}

TEST(LinesOf, APartOfANameIsNotTheName) {
  EXPECT_EQ(lines_of(header_of({{"X-Request-Id-2", "1"}}), "X-Request-Id").count, 0u);
}

TEST(Combined, PutsTheLinesTogetherInTheirOrder) {
  const auto header = header_of({{"Accept", "a"}, {"Host", "h"}, {"accept", "b, c"}});
  EXPECT_EQ(combined(header, field::accept), "a, b, c");
  EXPECT_EQ(combined(header, field::range), std::nullopt);
}

TEST(Combined, AnEmptyLineIsALine) {
  EXPECT_EQ(combined(header_of({{"Accept", ""}}), field::accept), "");
}

}  // namespace
}  // namespace mentat_sync
