// Black-box: the types of problems that docs/protocol.md promises, each provoked once, and which
// reason wins where several apply.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

std::string type_of(const HttpResponse& response) {
  constexpr std::string_view prefix = "urn:mentat-sync:problem:";
  EXPECT_TRUE(is_problem(response, response.status));
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  const auto type = response.json().value("type", "");
  return type.starts_with(prefix) ? type.substr(prefix.size()) : type;
}

class ProblemTypes : public RunningServer {
 protected:
  void SetUp() override { ASSERT_EQ(client.put_chunk("a", "x").status, 201U); }

  std::string type_of_head(std::string_view id) { return type_of(client.put_head(id)); }
};

TEST_F(ProblemTypes, OfTargets) {
  EXPECT_EQ(type_of(client.get("/nothing")), "no-route");
  EXPECT_EQ(type_of(client.request("POST", "/head")), "method-not-allowed");
  EXPECT_EQ(type_of(client.get_chunk("BAD")), "malformed-target");
  EXPECT_EQ(type_of(client.get("/transactions?limit=0")), "malformed-target");
  EXPECT_EQ(type_of(client.get("/head?" + std::string(5000, 'x'))), "target-too-long");
}

TEST_F(ProblemTypes, OfHeaders) {
  const HttpHeaders gzip{{"Content-Encoding", "gzip"}};
  const auto encoded = client.put("/chunks/b", "x", gzip);
  EXPECT_EQ(type_of(encoded), "encoded-body");
  EXPECT_EQ(encoded.header("Accept-Encoding"), "identity");
  EXPECT_EQ(type_of(client.put("/chunks/b", "x", {{"Expect", "gold"}})), "unknown-expectation");
  EXPECT_EQ(type_of(client.get("/head", {{"Host", "another"}})), "bad-host");
  EXPECT_EQ(type_of(client.get("/head", {{"X", std::string(20'000, 'x')}})), "header-too-large");
  EXPECT_EQ(type_of(client.get("/chunks/a", {{"Range", "bytes=5-"}})), "range-not-satisfiable");
}

TEST_F(ProblemTypes, OfWhatIsNotThere) {
  EXPECT_EQ(type_of(client.get_chunk("b")), "chunk-not-found");
  EXPECT_EQ(type_of(client.get_transaction(new_uuid())), "transaction-not-found");
  EXPECT_EQ(type_of(client.get("/transactions?from=" + new_uuid())), "from-not-found");
}

TEST_F(ProblemTypes, OfChunks) {
  EXPECT_EQ(type_of(client.put_chunk("a", "y")), "chunk-differs");
  EXPECT_EQ(type_of(client.put_chunk(sha256_hex("x"), "y")), "hash-mismatch");
  EXPECT_EQ(type_of(client.put_chunk("b", std::string(5'000'000, 'x'))), "body-too-large");
}

TEST_F(ProblemTypes, OfTransactions) {
  const auto id = client.add_transaction(root_id);
  EXPECT_EQ(type_of(client.put_transaction(id, root_id, {"a"})), "transaction-differs");
  EXPECT_EQ(type_of(client.put_transaction(root_id, root_id, {"a"})), "transaction-is-root");
  EXPECT_EQ(type_of(client.put_transaction(new_uuid(), new_uuid(), {"a"})), "unknown-parent");
  EXPECT_EQ(type_of(client.put_transaction(new_uuid(), root_id, {"b"})), "missing-chunks");
  EXPECT_EQ(type_of(client.put("/transactions/" + new_uuid(), "{}")), "malformed-body");
  const auto many =
      client.put_transaction(new_uuid(), root_id, std::vector(16'385, std::string{"a"}));
  EXPECT_EQ(type_of(many), "too-many-chunks");
  EXPECT_EQ(many.json()["limit_chunks"], 16'384);
}

TEST_F(ProblemTypes, OfHead) {
  const auto dead = client.add_transaction(root_id);
  const auto first = client.commit_transaction(root_id);
  const auto with_child = client.add_transaction(first);
  client.add_transaction(with_child);
  EXPECT_EQ(type_of_head(root_id), "head-is-root");
  EXPECT_EQ(type_of_head(first), "head-is-current");
  EXPECT_EQ(type_of_head(new_uuid()), "head-unknown");
  EXPECT_EQ(type_of_head(dead), "head-not-descendant");
  EXPECT_EQ(type_of_head(with_child), "head-has-children");
  const auto refused = client.put("/head", head_body(with_child), {{"If-Match", "\"x\""}});
  EXPECT_EQ(type_of(refused), "precondition-failed");
}

TEST_F(ProblemTypes, TheHeadersReasonsComeInTheDocumentedOrder) {
  const std::string long_query = "?" + std::string(5000, 'x');
  EXPECT_EQ(type_of(client.get("/nothing" + long_query, {{"Host", "y"}})), "target-too-long");
  EXPECT_EQ(type_of(client.get("/nothing", {{"Host", "y"}, {"Expect", "gold"}})), "bad-host");
  EXPECT_EQ(type_of(client.put("/nothing", "x", {{"Expect", "gold"}, {"Content-Encoding", "br"}})),
            "unknown-expectation");
  EXPECT_EQ(type_of(client.put("/nothing", "x", {{"Content-Encoding", "br"}})), "encoded-body");
  EXPECT_EQ(type_of(client.request("POST", "/chunks/BAD", "x")), "method-not-allowed");
  EXPECT_EQ(type_of(client.put("/chunks/BAD", std::string(5'000'000, 'x'))), "malformed-target");
}

TEST_F(ProblemTypes, ReadsHonourIfMatch) {
  const auto first = client.commit_transaction(root_id);
  EXPECT_EQ(client.get("/head", {{"If-Match", '"' + first + '"'}}).status, 200U);
  const auto head = client.get("/head", {{"If-Match", "\"x\""}});
  EXPECT_TRUE(is_head_refusal(head, 412, first));
  EXPECT_EQ(client.get("/chunks/a", {{"If-Match", "\"a\""}}).status, 200U);
  EXPECT_EQ(type_of(client.get("/chunks/a", {{"If-Match", "\"x\""}})), "precondition-failed");
}

}  // namespace
}  // namespace mentat_sync
