// Black-box: what a JSON body may look like, and that whatever it looks like instead is a 400 that
// stores nothing.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

/// `text`, which is ASCII, in UTF-16 with the low byte first, without a byte order mark.
std::string utf16(std::string_view text) {
  std::string wide;
  for (const char c : text) wide.append({c, '\0'});
  return wide;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

class JsonBody : public RunningServer {
 protected:
  void SetUp() override {
    ASSERT_EQ(client.put_chunk("a", "x").status, 201);
    pending = client.add_transaction(root_id);
  }

  HttpResponse put_head_raw(const std::string& body) { return client.put("/head", body); }

  HttpResponse put_transaction_raw(const std::string& body) {
    return client.put("/transactions/" + fresh, body);
  }

  void expect_nothing_changed() {
    EXPECT_EQ(client.head(), root_id);
    EXPECT_TRUE(is_problem(client.put_head(fresh), 409)) << "the transaction was stored";
    EXPECT_EQ(client.put_head(pending).status, 204);
  }

  std::string pending;
  const std::string fresh = new_uuid();
};

/// Bad whatever the request is.
std::vector<std::string> bad_json() {
  return {"",
          " ",
          "{",
          "}",
          "{}",
          "[]",
          "null",
          "true",
          "42",
          "\"text\"",
          "{\"head\"}",
          "{head: 1}",
          "{'head': 'x'}",
          "not json at all",
          std::string(1, '\0'),
          "\xff\xfe\xfd",
          "\xef\xbb\xbf",
          repeated("[", 100'000),
          repeated("{\"head\":", 100'000),
          repeated("{\"parent\":[", 50'000),
          repeated("[", 100'000) + repeated("]", 100'000),
          repeated(" ", 100'000)};
}

/// Each with a good id in a wrong place or shape; `%` is replaced by the id.
std::vector<std::string> bad_heads() {
  return {R"({"head": null})",
          R"({"head": 1})",
          R"({"head": true})",
          R"({"head": ["%"]})",
          R"({"head": {"head": "%"}})",
          R"({"head": ""})",
          R"({"head": "abc"})",
          R"({"head": "{%}"})",
          R"({"head": " %"})",
          R"({"head": "% "})",
          R"({"head": "%\u0000"})",
          R"({"head": "urn:uuid:%"})",
          R"({"HEAD": "%"})",
          R"({"heads": "%"})",
          R"([{"head": "%"}])",
          R"({"head": "%"}})",
          R"({"head": "%"} x)",
          R"({"head": "%"} {})",
          R"({"head": "%"},)",
          R"({"head": "%",})",
          R"({"head": "%" "x": 1})",
          R"({"head": "%", "head": "%"})",
          R"({"head": "%", "\u0068ead": "%"})",
          R"({"head": "%", "x": [)",
          R"({"head": "%", "x": 01})",
          R"({"head": "%", "x": nul})",
          R"({"head": "%)",
          R"("%")",
          "{\"head\": \"%\", \"x\": \"\xff\"}",
          "{\"head\": \"%\", \"x\": \"\xc0\xaf\"}",
          "{\"head\": \"%\", \"x\": \"\xed\xa0\x80\"}",
          "{\"head\": \"%\", \"x\": \"line\nbreak\"}",
          "{\"head\": \"%\", \"x\": " + repeated("[", 1000) + repeated("]", 1000) + "}"};
}

std::vector<std::string> bad_transactions() {
  return {R"({"parent": "%"})",
          R"({"chunks": ["a"]})",
          R"({"parent": null, "chunks": ["a"]})",
          R"({"parent": 0, "chunks": ["a"]})",
          R"({"parent": "", "chunks": ["a"]})",
          R"({"parent": "abc", "chunks": ["a"]})",
          R"({"parent": ["%"], "chunks": ["a"]})",
          R"({"parent": "%", "chunks": null})",
          R"({"parent": "%", "chunks": "a"})",
          R"({"parent": "%", "chunks": {"a": 1}})",
          R"({"parent": "%", "chunks": [1]})",
          R"({"parent": "%", "chunks": [null]})",
          R"({"parent": "%", "chunks": [["a"]]})",
          R"({"parent": "%", "chunks": ["a", {}]})",
          R"({"parent": "%", "chunks": [""]})",
          R"({"parent": "%", "chunks": ["A"]})",
          R"({"parent": "%", "chunks": ["a b"]})",
          R"({"parent": "%", "chunks": ["a/b"]})",
          R"({"parent": "%", "chunks": ["a\u0000"]})",
          R"({"parent": "%", "chunks": ["ä"]})",
          R"({"parent": "%", "chunks": ["a",]})",
          R"({"parent": "%", "chunks": ["a"})",
          R"({"parent": "%", "chunks": ["a"], "chunks": ["a"]})",
          R"({"parent": "%", "parent": "%", "chunks": ["a"]})",
          R"({"parent": "%", "chunks": ["a"]}])",
          R"(["%", ["a"]])",
          R"({"parent": "%", "chunks": [")" + std::string(65, 'a') + R"("]})",
          "{\"parent\": \"%\", \"chunks\": [\"a\"], \"x\": \"\xff\"}",
          "{\"parent\": \"%\", \"chunks\": " + repeated("[", 100'000)};
}

std::string with_id(std::string text, std::string_view id) {
  for (auto at = text.find('%'); at != std::string::npos; at = text.find('%', at + id.size())) {
    text.replace(at, 1, id);
  }
  return text;
}

TEST_F(JsonBody, WhatIsNoObjectOfOursIs400ForBothRequests) {
  for (const auto& body : bad_json()) {
    const auto shown = body.substr(0, 40);
    EXPECT_TRUE(is_problem(put_head_raw(body), 400)) << shown;
    EXPECT_TRUE(is_problem(put_transaction_raw(body), 400)) << shown;
  }
  expect_nothing_changed();
}

TEST_F(JsonBody, AMalformedHeadIs400) {
  for (const auto& body : bad_heads()) {
    EXPECT_TRUE(is_problem(put_head_raw(with_id(body, pending)), 400)) << body.substr(0, 80);
  }
  expect_nothing_changed();
}

TEST_F(JsonBody, AMalformedTransactionIs400) {
  for (const auto& body : bad_transactions()) {
    EXPECT_TRUE(is_problem(put_transaction_raw(with_id(body, root_id)), 400)) << body.substr(0, 80);
  }
  expect_nothing_changed();
}

TEST_F(JsonBody, Utf16Is400) {
  for (const char* mark : {"", "\xff\xfe"}) {
    EXPECT_TRUE(is_problem(put_head_raw(mark + utf16(head_body(pending))), 400));
    const auto transaction = utf16(transaction_body(root_id, {"a"}));
    EXPECT_TRUE(is_problem(put_transaction_raw(mark + transaction), 400));
  }
  expect_nothing_changed();
}

TEST_F(JsonBody, ExtraFieldsAreIgnored) {
  const auto transaction = put_transaction_raw(
      R"({"x": {"parent": "y", "chunks": [1, -2.5e3, null]},
          "parent": "00000000-0000-0000-0000-000000000000", "chunks": ["a"],
          "note": "\u00e4\ud83d\ude00 \"quoted\" ä", "chunk": [[[]]], "": ""})");
  EXPECT_EQ(transaction.status, 201);
  EXPECT_EQ(put_head_raw(R"({"at": 1, "head": ")" + fresh + R"(", "x": {"head": 2}})").status, 204);
  EXPECT_EQ(client.head(), fresh);
}

TEST_F(JsonBody, FieldsMayComeInAnyOrder) {
  EXPECT_EQ(
      put_transaction_raw(R"({"chunks":["a"],"parent":")" + std::string{root_id} + "\"}").status,
      201);
}

TEST_F(JsonBody, WhiteSpaceIsFree) {
  EXPECT_EQ(put_head_raw("\r\n\t { \n \"head\" \t:\r\n \"" + pending + "\" } \n\n").status, 204);
}

TEST_F(JsonBody, EscapedCharactersAreTheCharacters) {
  EXPECT_EQ(put_transaction_raw(R"({"\u0070arent": "\u0030)" + std::string{root_id.substr(1)} +
                                R"(", "chunks": ["\u0061"]})")
                .status,
            201);
  EXPECT_EQ(client.put_head(fresh).status, 204);
  EXPECT_EQ(client.get_transaction(fresh).json()["chunks"], nlohmann::json({"a"}));
}

TEST_F(JsonBody, AnyContentTypeOrNoneIsTaken) {
  const auto body = transaction_body(root_id, {"a"});
  for (const char* type : {"application/json", "text/plain", "application/octet-stream"}) {
    const auto path = "/transactions/" + new_uuid();
    EXPECT_EQ(client.put(path, body, {{"Content-Type", type}}).status, 201) << type;
  }
  EXPECT_EQ(client.put("/transactions/" + new_uuid(), body).status, 201);
}

TEST_F(JsonBody, ACompressedBodyIs415) {
  for (const char* coding : {"gzip", "deflate", "br", "GZIP", "gzip, identity"}) {
    const HttpHeaders headers{{"Content-Encoding", coding}};
    EXPECT_TRUE(is_problem(client.put("/head", head_body(pending), headers), 415)) << coding;
    EXPECT_TRUE(is_problem(client.put("/chunks/z", "\x1f\x8b", headers), 415)) << coding;
    const auto path = "/transactions/" + fresh;
    EXPECT_TRUE(is_problem(client.put(path, transaction_body(root_id, {"a"}), headers), 415));
  }
  EXPECT_EQ(client.get_chunk("z").status, 404);
  expect_nothing_changed();
}

TEST_F(JsonBody, IdentityIsNoEncoding) {
  EXPECT_EQ(client.put("/chunks/z", "x", {{"Content-Encoding", "identity"}}).status, 201);
}

TEST_F(JsonBody, ABodyBeyondTheLimitIs413) {
  const std::string padding(std::size_t{3} << 20, ' ');
  const auto response = put_head_raw(padding + head_body(pending));
  EXPECT_TRUE(is_problem(response, 413));
  EXPECT_GT(response.json()["limit_bytes"], 1'000'000);
  expect_nothing_changed();
}

TEST_F(JsonBody, EverySplitPointOfTruncatedJsonIs400) {
  const auto body = transaction_body(root_id, {"a"});
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_TRUE(is_problem(put_transaction_raw(body.substr(0, size)), 400)) << size;
  }
  expect_nothing_changed();
}

TEST_F(JsonBody, RandomBytesAreNever500) {
  std::uint32_t state = 12345;  // A fixed sequence, so that a failure can be repeated.
  const auto next = [&state] { return state = state * 1664525U + 1013904223U; };
  const auto good = transaction_body(root_id, {"a"});
  for (int round = 0; round < 500; ++round) {
    std::string body = good;
    for (int i = 0; i < 3; ++i) {
      body[(next() >> 8) % body.size()] = static_cast<char>(next() >> 24);
    }
    const auto status = put_transaction_raw(body).status;
    EXPECT_TRUE(status == 400 || status == 404 || status == 409 || status == 201) << status << body;
    EXPECT_NE(put_head_raw(body).status, 500U);
  }
}

}  // namespace
}  // namespace mentat_sync
