// Targets are taken apart as RFC 3986 and RFC 9112 have it, and decoded once.
#include "http/target.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

TEST(Target, SplitsOriginForm) {
  const auto target = split_target("/a/b?c=d?e");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b");
  EXPECT_EQ(target->query, "c=d?e");
}

TEST(Target, TakesSchemeAndAuthorityOffAbsoluteForm) {
  EXPECT_EQ(split_target("http://host:1/a?b")->path, "/a");
  EXPECT_EQ(split_target("http://host:1/a?b")->query, "b");
  EXPECT_EQ(split_target("HTTPS://host/a")->path, "/a");
  EXPECT_EQ(split_target("http://host")->path, "/");
  EXPECT_EQ(split_target("http://host?b")->path, "/");
  EXPECT_EQ(split_target("http://host?b")->query, "b");
}

TEST(Target, RefusesOtherFormsAndFragments) {
  for (const auto* target :
       {"", "*", "host:80", "a/b", "ftp://host/", "http:/a", "http://", "/a#b", "http:///a"}) {
    EXPECT_FALSE(split_target(target)) << target;
  }
}

TEST(Target, DecodesEscapesOnce) {
  EXPECT_EQ(percent_decode("a%2Fb%41%ff"), "a/bA\xff");
  EXPECT_EQ(percent_decode("%2541"), "%41");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("%00")->size(), 1u);
}

TEST(Target, RefusesMalformedEscapes) {
  std::string decoded;
  for (const auto* text : {"%", "%4", "%4g", "%g4", "a%", "%%41", "%+1", "%-1", "% 1"}) {
    EXPECT_FALSE(percent_decode(text)) << text;
    const std::string path = std::string{"/a/b/c/d/e/"} + text;
    EXPECT_FALSE(split_path(path, decoded)) << text;
  }
}

TEST(Target, KeepsEmptySegments) {
  std::string decoded;
  const auto root = split_path("/", decoded);
  EXPECT_EQ(root->count, 1u);
  EXPECT_EQ(root->text[0], "");
  const auto trailing = split_path("/a//b/", decoded);
  EXPECT_EQ(trailing->count, 4u);
  EXPECT_EQ(trailing->text, (std::array<std::string_view, 4>{"a", "", "b", ""}));
}

TEST(Target, DecodesSegmentsAfterSplitting) {
  std::string decoded;
  const auto path = split_path("/%61%2Fb/plain/%63/%64", decoded);
  EXPECT_EQ(path->text, (std::array<std::string_view, 4>{"a/b", "plain", "c", "d"}));
}

TEST(Target, CountsSegmentsBeyondThoseKept) {
  std::string decoded;
  EXPECT_EQ(split_path("/a/b/c/d/e/f", decoded)->count, 6u);
}

TEST(Target, ReadsTheQueryAsAForm) {
  const auto parameters = split_query("&a=1&b&fr%6Fm=x=y&&=z");
  ASSERT_TRUE(parameters);
  ASSERT_EQ(parameters->size(), 6u);
  EXPECT_EQ((*parameters)[1].name, "a");
  EXPECT_EQ((*parameters)[1].raw_value, "1");
  EXPECT_EQ((*parameters)[2].raw_value, "");
  EXPECT_EQ((*parameters)[3].name, "from");
  EXPECT_EQ((*parameters)[3].raw_value, "x=y");
  EXPECT_EQ(form_decode("a+b%2B"), "a b+");
}

}  // namespace
}  // namespace mentat_sync
