// What a token looks like, and the file that tokens are known by.
#include "http/auth/token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

const std::string header_line = "{\"format\":\"mentat-sync-tokens\",\"version\":1}\n";
const std::string hash(64, 'a');

std::string line_with(const std::string& members) {
  return "{\"id\":\"0123456789ab\",\"name\":\"n\",\"created\":\"2026-01-31T12:00:00Z\",\"user\":\"*"
         "\","
         "\"scopes\":[\"read\"],\"sha256\":\"" +
         hash + "\"" + members + "}\n";
}

std::string reason(const std::string& text) {
  const auto records = parse_token_file(text);
  return records.ok() ? "was taken" : records.status().message();
}

/// The good line with one part of it replaced.
std::string reason_with(const std::string& part, const std::string& other) {
  auto line = line_with("");
  line.replace(line.find(part), part.size(), other);
  return reason(header_line + line);
}

TEST(Token, HasTheShapeThatScannersLookFor) {
  TokenRecord record;
  const auto token = make_token(record);
  ASSERT_TRUE(token.ok());
  EXPECT_TRUE(std::regex_match(*token, std::regex{"mst_[0-9a-f]{12}_[A-Za-z0-9_-]{43}"})) << *token;
  EXPECT_EQ(id_of_token(*token), record.id);
  EXPECT_EQ(record.sha256, sha256(*token));
}

TEST(Token, IsAnotherOneEachTime) {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) {
    TokenRecord record;
    tokens.insert(make_token(record).value());
  }
  EXPECT_EQ(tokens.size(), 100u);
}

TEST(Token, HasNoIdWhenItHasAnotherShape) {
  const std::string good = "mst_0123456789ab_" + std::string(43, 'x');
  EXPECT_EQ(id_of_token(good), "0123456789ab");
  for (const std::string& text :
       {std::string{}, good + "x", good.substr(1), "mst_0123456789AB_" + std::string(43, 'x'),
        "mst-0123456789ab_" + std::string(43, 'x'), "mst_0123456789ab-" + std::string(43, 'x')}) {
    EXPECT_FALSE(id_of_token(text)) << text;
  }
}

TEST(TokenFile, IsReadAsItIsWritten) {
  TokenRecord one;
  one.name = "the \"laptop\" of Zoë";
  one.created = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
  one.expires = one.created + std::chrono::hours{1};
  one.user = UserId::parse("6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10");
  one.scopes = {Scope::read, Scope::admin};
  TokenRecord two;
  two.scopes = {Scope::write};
  const auto token = make_token(one);
  const auto other = make_token(two);
  ASSERT_TRUE(token.ok() && other.ok());
  const auto text = to_token_file({one, two});
  EXPECT_EQ(text.find(*token), std::string::npos);
  const auto read = parse_token_file(text);
  ASSERT_TRUE(read.ok()) << read.status().message();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].name, one.name);
  EXPECT_EQ((*read)[0].created, one.created);
  EXPECT_EQ((*read)[0].expires, one.expires);
  EXPECT_EQ((*read)[0].user, one.user);
  EXPECT_EQ((*read)[0].scopes, one.scopes);
  EXPECT_EQ((*read)[0].sha256, one.sha256);
  EXPECT_EQ((*read)[1].user, std::nullopt);
  EXPECT_EQ((*read)[1].expires, std::nullopt);
  EXPECT_EQ(to_token_file(*read), text);
}

TEST(TokenFile, WithoutALineHasNoTokens) {
  EXPECT_TRUE(parse_token_file("").value().empty());
  EXPECT_TRUE(parse_token_file(header_line).value().empty());
}

TEST(TokenFile, RefusesWhatItDoesNotKnowForItMightBeARestriction) {
  EXPECT_EQ(reason(header_line + line_with("")), "was taken");
  EXPECT_THAT(reason(header_line + line_with(",\"networks\":[]")), HasSubstr("networks"));
  EXPECT_THAT(reason("{\"format\":\"mentat-sync-tokens\",\"version\":2}\n"), HasSubstr("line 1"));
  EXPECT_THAT(reason_with("\"read\"", "\"fly\""), HasSubstr("scopes"));
  EXPECT_THAT(reason_with("[\"read\"]", "[]"), HasSubstr("scopes"));
  EXPECT_THAT(reason_with("\"*\"", "\"everybody\""), HasSubstr("user"));
  EXPECT_THAT(reason_with("\"*\"", "null"), HasSubstr("user"));
}

TEST(TokenFile, RefusesMalformedLinesByTheirNumber) {
  EXPECT_THAT(reason(header_line + line_with("") + "x\n"), HasSubstr("line 3"));
  EXPECT_THAT(reason(header_line + "\n"), HasSubstr("line 2"));
  EXPECT_THAT(reason(line_with("")), HasSubstr("line 1"));
  EXPECT_THAT(reason(header_line + line_with("").substr(0, 100)), HasSubstr("cut off"));
  EXPECT_THAT(reason(header_line + line_with("") + line_with("")), HasSubstr("another line"));
  EXPECT_THAT(reason(header_line + line_with(",\"user\":\"*\"")), HasSubstr("no JSON object"));
  EXPECT_THAT(reason_with("0123456789ab", "0123456789aB"), HasSubstr("id"));
  EXPECT_THAT(reason_with(hash, hash.substr(1)), HasSubstr("sha256"));
  EXPECT_THAT(reason_with("2026-01-31", "2026-02-31"), HasSubstr("date"));
  EXPECT_THAT(reason(header_line + line_with(",\"expires\":\"soon\"")), HasSubstr("date"));
  EXPECT_THAT(reason_with("\"n\"", "\"\\u001b[31m\""), HasSubstr("name"));
}

TEST(TokenFile, HasABoundOfTokens) {
  auto line = line_with("");
  auto text = header_line;
  for (std::size_t i = 0; i <= bounds::tokens_max; ++i) {
    const auto digits = std::to_string(i);
    line.replace(line.find(":\"") + 2, 12, std::string(12 - digits.size(), '0') + digits);
    text += line;
  }
  EXPECT_THAT(reason(text), HasSubstr("line " + std::to_string(bounds::tokens_max + 2) +
                                      " is one token too many"));
  EXPECT_LE(text.size(), bounds::token_file_bytes);
}

}  // namespace
}  // namespace mentat_sync
