// JSON bodies: what is read, and that everything else is refused with a reason.
#include "http/json_body.hpp"

#include "storage/bounds.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

using namespace std::string_literals;

const std::string quoted_first = "\"" + std::string{first} + "\"";

std::string transaction_body(const std::string& chunks) {
  return "{\"parent\":" + quoted_first + ",\"chunks\":" + chunks + "}";
}

/// The status a body is refused with; 0 when it is not.
unsigned refusal_of_head(const std::string& body) {
  const auto parsed = parse_head_body(body);
  const auto* problem = std::get_if<Problem>(&parsed);
  if (problem == nullptr) return 0;
  EXPECT_FALSE(problem->detail.empty());
  return problem->kind.status;
}

unsigned refusal_of_transaction(const std::string& body) {
  const auto parsed = parse_transaction_body(body);
  const auto* problem = std::get_if<Problem>(&parsed);
  if (problem == nullptr) return 0;
  EXPECT_FALSE(problem->detail.empty());
  return problem->kind.status;
}

TEST(JsonBody, ReadsAHead) {
  const auto parsed = parse_head_body(" {\"head\" : " + quoted_first + "}\r\n");
  ASSERT_TRUE(std::holds_alternative<HeadBody>(parsed));
  EXPECT_EQ(std::get<HeadBody>(parsed).head, transaction_id(first));
}

TEST(JsonBody, ReadsUuidsInEitherCaseAndEscapedText) {
  EXPECT_EQ(refusal_of_head(R"({"he\u0061d":"AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE"})"), 0u);
  EXPECT_EQ(refusal_of_head("{\"head\":\"" + std::string{nil} + "\"}"), 0u);
}

TEST(JsonBody, ReadsATransaction) {
  const auto parsed = parse_transaction_body(transaction_body(R"(["b","a","b"])"));
  ASSERT_TRUE(std::holds_alternative<TransactionBody>(parsed));
  const auto& body = std::get<TransactionBody>(parsed);
  EXPECT_EQ(body.parent, transaction_id(first));
  EXPECT_EQ(body.chunks, (std::vector{chunk_id("b"), chunk_id("a"), chunk_id("b")}));
}

TEST(JsonBody, ReadsATransactionWithoutChunks) {
  EXPECT_EQ(refusal_of_transaction(transaction_body("[]")), 0u);
}

TEST(JsonBody, IgnoresFieldsItDoesNotKnow) {
  EXPECT_EQ(refusal_of_head("{\"x\":[{}],\"head\":" + quoted_first + ",\"x\":1}"), 0u);
}

TEST(JsonBody, RefusesWhatIsNoJsonObject) {
  for (const std::string& body : {""s,
                                  " "s,
                                  "x"s,
                                  "null"s,
                                  "1"s,
                                  "[]"s,
                                  "\"head\""s,
                                  "{"s,
                                  "}"s,
                                  "{\"head\"}"s,
                                  "\0"s,
                                  "{\"head\":"s + quoted_first,
                                  "{'head':"s + quoted_first + "}",
                                  "{\"head\":"s + quoted_first + ",}",
                                  "{\"head\":"s + quoted_first + "}}",
                                  "{\"head\":"s + quoted_first + "} {}",
                                  "{\"head\":"s + quoted_first + "}\0"s,
                                  "{\"head\":"s + quoted_first + ",\"x\":nul}",
                                  "{\"head\":"s + quoted_first + ",\"x\":01}",
                                  "head="s + std::string{first}}) {
    EXPECT_EQ(refusal_of_head(body), 400u) << body;
  }
}

TEST(JsonBody, RefusesOtherEncodings) {
  const std::string body = "{\"head\":" + quoted_first + "}";
  std::string utf16_le;
  std::string utf16_be;
  for (const char c : body) {
    utf16_le.append({c, '\0'});
    utf16_be.append({'\0', c});
  }
  EXPECT_EQ(refusal_of_head(utf16_le), 400u);
  EXPECT_EQ(refusal_of_head(utf16_be), 400u);
  EXPECT_EQ(refusal_of_head("\xff\xfe" + utf16_le), 400u);
  for (const auto* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3"}) {
    EXPECT_EQ(
        refusal_of_head("{\"x\":\"" + std::string{text} + "\",\"head\":" + quoted_first + "}"),
        400u);
  }
  EXPECT_EQ(refusal_of_head("{\"x\":\"\\ud800\",\"head\":" + quoted_first + "}"), 400u);
}

TEST(JsonBody, RefusesFieldsThatAreMissingTwiceOrOfAnotherType) {
  for (const std::string& body :
       {"{}"s, "{\"Head\":"s + quoted_first + "}", "{\"head\":null}"s, "{\"head\":1}"s,
        "{\"head\":[]}"s, "{\"head\":\"x\"}"s, "{\"head\":\"\"}"s,
        "{\"head\":\"{"s + std::string{first} + "}\"}",
        "{\"head\":\""s + std::string{first} + "\\u0000\"}",
        "{\"head\":"s + quoted_first + ",\"head\":" + quoted_first + "}",
        "{\"head\":"s + quoted_first + ",\"he\\u0061d\":" + quoted_first + "}"}) {
    EXPECT_EQ(refusal_of_head(body), 400u) << body;
  }
  EXPECT_EQ(refusal_of_transaction("{\"chunks\":[]}"), 400u);
  EXPECT_EQ(refusal_of_transaction("{\"parent\":" + quoted_first + "}"), 400u);
  EXPECT_EQ(refusal_of_transaction("{\"parent\":" + quoted_first + ",\"chunks\":[],\"chunks\":[]}"),
            400u);
}

TEST(JsonBody, RefusesChunksThatAreNoListOfIds) {
  for (const auto* chunks : {"null", "{}", "\"a\"", "1", "[1]", "[null]", "[[]]", "[\"\"]",
                             "[\"A\"]", "[\"a b\"]", "[\"a\",\"\\u0000\"]"}) {
    EXPECT_EQ(refusal_of_transaction(transaction_body(chunks)), 400u) << chunks;
  }
  EXPECT_EQ(refusal_of_transaction(transaction_body("[\"" + std::string(65, 'a') + "\"]")), 400u);
}

TEST(JsonBody, RefusesDeepNestingAndGoesOn) {
  const std::string nested = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(refusal_of_head(nested), 400u);
  EXPECT_EQ(refusal_of_head(std::string(100'000, '[')), 400u);
  EXPECT_EQ(refusal_of_head("{\"head\":" + quoted_first + ",\"x\":" + nested + "}"), 400u);
  EXPECT_EQ(refusal_of_head("{\"head\":" + quoted_first + ",\"x\":[[[]]]}"), 0u);
}

std::string ids(std::size_t count) {
  std::string array = "[";
  for (std::size_t i = 0; i < count; ++i) array.append(i == 0 ? "" : ",").append("\"a\"");
  return array + "]";
}

TEST(JsonBody, BoundsTheChunksOfATransaction) {
  EXPECT_EQ(refusal_of_transaction(transaction_body(ids(bounds::chunks_per_transaction))), 0u);
  const auto parsed =
      parse_transaction_body(transaction_body(ids(bounds::chunks_per_transaction + 1)));
  const auto& problem = std::get<Problem>(parsed);
  EXPECT_EQ(problem.kind.status, 413u);
  EXPECT_EQ(problem.limit->value, bounds::chunks_per_transaction);
}

/// The status a question for missing chunks is refused with; 0 when it is not.
unsigned refusal_of_missing(const std::string& body) {
  const auto parsed = parse_missing_body(body);
  const auto* problem = std::get_if<Problem>(&parsed);
  if (problem == nullptr) return 0;
  EXPECT_FALSE(problem->detail.empty());
  return problem->kind.status;
}

TEST(JsonBody, ReadsAQuestionForMissingChunks) {
  const auto parsed = parse_missing_body(R"({"x":1,"chunks":["b","a","b"]})");
  ASSERT_TRUE(std::holds_alternative<MissingBody>(parsed));
  EXPECT_EQ(std::get<MissingBody>(parsed).chunks,
            (std::vector{chunk_id("b"), chunk_id("a"), chunk_id("b")}));
  EXPECT_EQ(refusal_of_missing(R"({"chunks":[]})"), 0u);
}

TEST(JsonBody, RefusesWhatIsNoQuestionForMissingChunks) {
  for (const auto* body : {"", "[]", "[\"a\"]", "{}", "{\"chunks\":null}", "{\"chunks\":\"a\"}",
                           "{\"chunks\":[1]}", "{\"chunks\":[\"A\"]}", "{\"chunks\":[\"\"]}",
                           "{\"chunks\":[],\"chunks\":[]}", "{\"Chunks\":[]}", "{\"chunks\":[}"}) {
    EXPECT_EQ(refusal_of_missing(body), 400u) << body;
  }
}

TEST(JsonBody, BoundsTheChunksOfAQuestion) {
  EXPECT_EQ(refusal_of_missing("{\"chunks\":" + ids(bounds::find_missing_chunks) + "}"), 0u);
  EXPECT_EQ(refusal_of_missing("{\"chunks\":" + ids(bounds::find_missing_chunks + 1) + "}"), 413u);
}

TEST(JsonBody, TakesTheLongestBodyThatIsAdmitted) {
  std::string body = "{\"head\":" + quoted_first + "}";
  body.append(bounds::json_body_bytes - body.size(), ' ');
  EXPECT_EQ(refusal_of_head(body), 0u);
}

TEST(JsonBody, EachThreadHasAParser) {
  std::thread other{[] { EXPECT_EQ(refusal_of_head("{\"head\":" + quoted_first + "}"), 0u); }};
  EXPECT_EQ(refusal_of_head("{\"head\":" + quoted_first + "}"), 0u);
  other.join();
}

}  // namespace
}  // namespace mentat_sync
