// Entity tags and ranges are compared and resolved as RFC 9110 has it.
#include "http/conditional.hpp"

#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mentat_sync {
namespace {

using beast_http::field;
using Kind = RangeDecision::Kind;

RequestHeader with(field name, std::initializer_list<std::string_view> lines) {
  RequestHeader header;
  header.method(beast_http::verb::get);
  for (const auto line : lines) header.insert(name, line);
  return header;
}

Precondition none_match(std::initializer_list<std::string_view> lines) {
  return evaluate_read(with(field::if_none_match, lines), "a");
}

Precondition match(std::initializer_list<std::string_view> lines) {
  return evaluate_read(with(field::if_match, lines), "a");
}

TEST(Conditional, HoldsWithoutConditions) {
  EXPECT_EQ(evaluate_read(RequestHeader{}, "a"), Precondition::holds);
}

TEST(Conditional, IfNoneMatchComparesWeakly) {
  for (const auto* list : {"\"a\"", "W/\"a\"", " \"a\" ", "\"b\", \"a\"", "\"b\",\"a\"", "*", " * ",
                           ",, \"a\"", "x, \"a\"", "\"x,y\",\t\"a\""}) {
    EXPECT_EQ(none_match({list}), Precondition::not_modified) << list;
  }
  EXPECT_EQ(none_match({"\"b\"", "\"a\""}), Precondition::not_modified);
}

TEST(Conditional, MalformedTagsMatchNothing) {
  for (const auto* list : {"", "a", "\"a", "a\"", "'a'", "w/\"a\"", "W/a", "\"a\"x", "\"b\"\"a\"",
                           "\"A\"", "\"a \"", "\"\"", "*a", "\"b, a\"", "W/ \"a\"", ","}) {
    EXPECT_EQ(none_match({list}), Precondition::holds) << list;
  }
}

TEST(Conditional, IfMatchComparesStrongly) {
  EXPECT_EQ(match({"\"a\""}), Precondition::holds);
  EXPECT_EQ(match({"\"b\", \"a\""}), Precondition::holds);
  EXPECT_EQ(match({"*"}), Precondition::holds);
  for (const auto* list : {"W/\"a\"", "\"b\"", "a", "", "*, \"b\""}) {
    EXPECT_EQ(match({list}), Precondition::failed) << list;
  }
}

TEST(Conditional, IfMatchIsLookedAtFirst) {
  auto header = with(field::if_match, {"\"b\""});
  header.insert(field::if_none_match, "\"a\"");
  EXPECT_EQ(evaluate_read(header, "a"), Precondition::failed);
}

TEST(Conditional, IfMatchNamesHeads) {
  const auto line = "W/\"" + std::string{nil} + "\", \"" + std::string{first} + "\", \"x\", \"" +
                    std::string{second} + "\"";
  EXPECT_EQ(if_match_heads(with(field::if_match, {line})),
            (std::vector{transaction_id(first), transaction_id(second)}));
}

TEST(Conditional, WithoutIfMatchEveryHeadWillDo) {
  EXPECT_FALSE(if_match_heads(RequestHeader{}));
  EXPECT_FALSE(if_match_heads(with(field::if_match, {"*"})));
}

TEST(Conditional, AnIfMatchThatNamesNoHeadMatchesNone) {
  for (const auto* list : {"", "x", "11111111-1111-4111-8111-11111111111f",
                           "\"11111111-1111-4111-8111-11111111111F\"", "*, *"}) {
    const auto heads = if_match_heads(with(field::if_match, {list}));
    ASSERT_TRUE(heads) << list;
    EXPECT_TRUE(heads->empty()) << list;
  }
}

RangeDecision range(std::string_view value, std::uint64_t size_bytes = 10) {
  return evaluate_range(with(field::range, {value}), "a", size_bytes);
}

void expect_part(const RangeDecision& decision, std::uint64_t first_byte, std::uint64_t last_byte) {
  EXPECT_EQ(decision.kind, Kind::part);
  EXPECT_EQ(decision.first, first_byte);
  EXPECT_EQ(decision.last, last_byte);
}

TEST(Range, ResolvesASingleRange) {
  expect_part(range("bytes=0-0"), 0, 0);
  expect_part(range("bytes=2-4"), 2, 4);
  expect_part(range("bytes=2-"), 2, 9);
  expect_part(range("bytes=2-100"), 2, 9);
  expect_part(range("bytes=2-99999999999999999999999999"), 2, 9);
  expect_part(range("bytes=-3"), 7, 9);
  expect_part(range("bytes=-30"), 0, 9);
  expect_part(range("BYTES= 9-9 "), 9, 9);
}

TEST(Range, IsUnsatisfiableBeyondTheEnd) {
  for (const auto* value :
       {"bytes=10-", "bytes=10-11", "bytes=99999999999999999999999999-", "bytes=-0"}) {
    EXPECT_EQ(range(value).kind, Kind::unsatisfiable) << value;
  }
  EXPECT_EQ(range("bytes=0-", 0).kind, Kind::unsatisfiable);
  EXPECT_EQ(range("bytes=-1", 0).kind, Kind::whole);
}

TEST(Range, IsIgnoredWhenMalformedOrMultipleOrOfAnotherUnit) {
  for (const auto* value : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=1",
                            "bytes=0-1,3-4", "bytes=0-1,", "lines=0-1", "bytes=0 -1", "bytes=+1-2",
                            "bytes=--1", "bytes=1-2-3", "bytes 0-1"}) {
    EXPECT_EQ(range(value).kind, Kind::whole) << value;
  }
  EXPECT_EQ(evaluate_range(with(field::range, {"bytes=0-1", "bytes=3-4"}), "a", 10).kind,
            Kind::whole);
}

TEST(Range, IsForGetOnly) {
  auto header = with(field::range, {"bytes=0-1"});
  header.method(beast_http::verb::head);
  EXPECT_EQ(evaluate_range(header, "a", 10).kind, Kind::whole);
}

TEST(Range, HoldsOnlyForTheRepresentationOfIfRange) {
  auto header = with(field::range, {"bytes=0-1"});
  header.set(field::if_range, "\"a\"");
  EXPECT_EQ(evaluate_range(header, "a", 10).kind, Kind::part);
  for (const auto* condition : {"\"b\"", "W/\"a\"", "a", "", "Sat, 29 Oct 1994 19:43:31 GMT"}) {
    header.set(field::if_range, condition);
    EXPECT_EQ(evaluate_range(header, "a", 10).kind, Kind::whole) << condition;
  }
}

}  // namespace
}  // namespace mentat_sync
