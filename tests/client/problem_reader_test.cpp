// What a refusal says, also one that is not this API's.
#include "http/client/problem_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view media_type = "application/problem+json";

TEST(ProblemReader, TakesTypeTextsAndExtensions) {
  const auto error = read_problem(409, media_type, R"({
      "type": "urn:mentat-sync:problem:base-not-head", "title": "HEAD is elsewhere", "status": 409,
      "detail": "Pull first.", "current_head": "00000000-0000-0000-0000-00000000000b",
      "missing": ["milk", "NOT AN ID", 7, "bread"], "limit_bytes": 4096})");
  EXPECT_EQ(error.kind, ClientError::Kind::refused);
  EXPECT_EQ(error.http_status, 409u);
  EXPECT_EQ(error.type, "base-not-head");
  EXPECT_EQ(error.title, "HEAD is elsewhere");
  EXPECT_EQ(error.detail, "Pull first.");
  EXPECT_EQ(error.current_head, TransactionId::parse("00000000-0000-0000-0000-00000000000b"));
  ASSERT_EQ(error.missing.size(), 2u);
  EXPECT_EQ(error.missing[1].text(), "bread");
  EXPECT_EQ(error.limit, 4096u);
  EXPECT_EQ(error.message,
            "the server answered 409 HEAD is elsewhere: Pull first. (the limit: 4.0 KiB)");
}

TEST(ProblemReader, TheDetailHasTheValuesOfWhatItNames) {
  const auto quota = read_problem(507, media_type, R"({"title": "The quota is used up",
      "detail": "This user may store limit_bytes bytes and stores used_bytes.",
      "limit_bytes": 2097152, "used_bytes": 1500})");
  EXPECT_EQ(quota.message,
            "the server answered 507 The quota is used up: "
            "This user may store 2.0 MiB and stores 1.5 KiB.");
  EXPECT_EQ(quota.limit, 2'097'152u);
  const auto pending =
      read_problem(507, media_type, R"({"title": "Too many", "detail": "Move HEAD.",
      "limit_transactions": 100000})");
  EXPECT_EQ(pending.message, "the server answered 507 Too many: Move HEAD. (the limit: 100000)");
  const auto moved =
      read_problem(409, media_type, R"({"detail": "HEAD is at current_head, perhaps.",
      "current_head": "00000000-0000-0000-0000-00000000000b"})");
  EXPECT_EQ(moved.detail, "HEAD is at 00000000-0000-0000-0000-00000000000b, perhaps.");
}

TEST(ProblemReader, TextsAreFitForATerminal) {
  const auto error =
      read_problem(409, media_type, R"({"title": "\u001b[31mred", "detail": "a\nb"})");
  EXPECT_EQ(error.title, " [31mred");
  EXPECT_EQ(error.detail, "a b");
}

TEST(ProblemReader, AnotherServersAnswerIsItsStatusAlone) {
  for (const auto& [type, body] :
       {std::pair{"text/html", "<h1>Bad gateway</h1>"},
        std::pair{"application/problem+json", "{\"type\": \"cut"},
        std::pair{"application/problem+json", "[]"}, std::pair{"application/problem+json", ""}}) {
    const auto error = read_problem(502, type, body);
    EXPECT_EQ(error.http_status, 502u);
    EXPECT_EQ(error.type, "");
    EXPECT_EQ(error.message, "the server answered 502");
  }
}

TEST(ProblemReader, FieldsOfOtherKindsAreLeftAway) {
  const auto error = read_problem(400, media_type, R"({"type": 7, "title": null, "detail": ["x"],
      "current_head": "nonsense", "missing": "milk", "limit_bytes": "many"})");
  EXPECT_EQ(error.type, "");
  EXPECT_EQ(error.title, "");
  EXPECT_FALSE(error.current_head);
  EXPECT_TRUE(error.missing.empty());
  EXPECT_FALSE(error.limit);
}

TEST(ProblemReader, TypesOfOthersAreNotOurs) {
  EXPECT_EQ(read_problem(400, media_type, R"({"type": "about:blank"})").type, "");
}

}  // namespace
}  // namespace mentat_sync
