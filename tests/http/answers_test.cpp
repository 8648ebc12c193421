// The bodies and headers of answers that succeed, to the letter.
#include "http/answers.hpp"

#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

TEST(Answers, GiveHeadWithATag) {
  const Response response = head_answer({transaction_id(first), 1});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"head":"11111111-1111-4111-8111-11111111111f"})");
  EXPECT_EQ(header_of(response, "ETag"), "\"11111111-1111-4111-8111-11111111111f\"");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-cache");
}

TEST(Answers, GiveTheSummary) {
  const Response response = summary_answer({.head = transaction_id(first),
                                            .seq = 1,
                                            .transaction_count = 2,
                                            .transaction_bytes = 3,
                                            .chunk_count = 4,
                                            .chunk_bytes = 18446744073709551615u});
  EXPECT_EQ(response.body, R"({"head":"11111111-1111-4111-8111-11111111111f","seq":1,)"
                           R"("transactions":{"count":2,"bytes":3},)"
                           R"("chunks":{"count":4,"bytes":18446744073709551615}})");
}

TEST(Answers, GiveAPage) {
  const ListTransactions query{user_id(alice), TransactionId::root(), 2};
  const TransactionPage page{true, {transaction_id(first), transaction_id(second)}, true};
  const Response response = page_answer(query, page);
  EXPECT_EQ(response.body,
            R"({"from":"00000000-0000-0000-0000-000000000000","limit":2,"transactions":[)"
            R"("11111111-1111-4111-8111-11111111111f","22222222-2222-4222-8222-22222222222f"]})");
  EXPECT_EQ(header_of(response, "Link"),
            "</0.1/0a11ce00-0000-4000-8000-00000000000a/transactions"
            "?from=22222222-2222-4222-8222-22222222222f&limit=2>; rel=\"next\"");
}

TEST(Answers, LinkToNothingAfterTheLastPage) {
  const Response response =
      page_answer({user_id(alice), transaction_id(first), 100}, {true, {}, false});
  EXPECT_EQ(json_of(response)["transactions"], nlohmann::json::array());
  EXPECT_EQ(response.headers, "");
}

TEST(Answers, GiveATransaction) {
  const Response response = transaction_answer({.found = true,
                                                .id = transaction_id(second),
                                                .seq = 2,
                                                .parent = transaction_id(first),
                                                .chunks = {chunk_id("b"), chunk_id("a")}});
  EXPECT_EQ(response.body,
            R"({"id":"22222222-2222-4222-8222-22222222222f","seq":2,)"
            R"("parent":"11111111-1111-4111-8111-11111111111f","chunks":["b","a"]})");
}

TEST(Answers, GiveAChunkAsItIs) {
  const std::string bytes{"a\0b", 3};
  const Response response = chunk_answer(chunk_id("c"), bytes, {});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, "application/octet-stream");
  EXPECT_EQ(response.body, bytes);
  EXPECT_EQ(header_of(response, "ETag"), "\"c\"");
  EXPECT_EQ(header_of(response, "Cache-Control"), "private, max-age=31536000, immutable");
  EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header_of(response, "Accept-Ranges"), "bytes");
}

TEST(Answers, GiveAPartOfAChunk) {
  const Response response =
      chunk_answer(chunk_id("c"), "0123456789", {RangeDecision::Kind::part, 2, 4});
  EXPECT_EQ(response.status, 206u);
  EXPECT_EQ(response.body, "234");
  EXPECT_EQ(header_of(response, "Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(chunk_answer(chunk_id("c"), "0123", {RangeDecision::Kind::part, 0, 3}).body, "0123");
}

TEST(Answers, NotModifiedRepeatWhatIsSaidAboutCaching) {
  const Response chunk = chunk_not_modified(chunk_id("c"));
  EXPECT_EQ(chunk.status, 304u);
  EXPECT_EQ(header_of(chunk, "ETag"), "\"c\"");
  EXPECT_EQ(header_of(chunk, "Cache-Control"), "private, max-age=31536000, immutable");
  EXPECT_TRUE(chunk.body.empty());
  EXPECT_EQ(header_of(head_not_modified({}), "Cache-Control"), "no-cache");
}

}  // namespace
}  // namespace mentat_sync
