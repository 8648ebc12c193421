// Each call of the API: what it asks, and what it makes of the answers.
#include "http/client/client.hpp"

#include "client_fixture.hpp"
#include "http/wire/media_types.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// One client, one connection, some answers.
class ClientCalls : public testing::Test {
 protected:
  Client& given(std::vector<std::string> answers) {
    server_ = std::make_unique<ScriptedServer>(
        std::vector<ScriptedServer::Script>{answering(std::move(answers), &requests_)});
    client_ = std::make_unique<Client>(client_of(*server_));
    return *client_;
  }

  /// Once nothing more is asked.
  const std::vector<std::string>& requests() {
    server_.reset();
    return requests_;
  }
  std::string first_line(std::size_t i = 0) {
    const auto& request = requests().at(i);
    return request.substr(0, request.find("\r\n"));
  }
  std::string body(std::size_t i = 0) {
    const auto& request = requests().at(i);
    return request.substr(request.find("\r\n\r\n") + 4);
  }
  static std::string path(std::string_view rest) {
    return "/0.1/" + test_user.to_string() + std::string{rest} + " HTTP/1.1";
  }

 private:
  std::vector<std::string> requests_;
  std::unique_ptr<ScriptedServer> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(ClientCalls, ReadTheSummary) {
  const auto summary =
      given({json_answer(200, R"({"head":"00000000-0000-0000-0000-000000000003","seq":3,
          "transactions":{"count":3,"bytes":134},"chunks":{"count":2,"bytes":17}})")})
          .summary();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->head, transaction_id(3));
  EXPECT_EQ(summary->seq, 3u);
  EXPECT_EQ(summary->transaction_bytes, 134u);
  EXPECT_EQ(summary->chunk_count, 2u);
  EXPECT_EQ(first_line(), "GET " + path(""));
}

TEST_F(ClientCalls, MalformedJsonIsBroken) {
  for (const auto* text : {"", "{", "[]", "{}", R"({"head":7})", R"({"head":"x"})"}) {
    const auto head = given({json_answer(200, text)}).head();
    ASSERT_FALSE(head.ok()) << text;
    EXPECT_EQ(head.error().kind, Kind::broken) << text;
    requests();
  }
}

TEST_F(ClientCalls, AwaitHeadAsksTheServerToWait) {
  const auto head = given({json_answer(200, R"({"head":"00000000-0000-0000-0000-000000000002"})")})
                        .await_head(transaction_id(1), std::chrono::seconds{30});
  ASSERT_TRUE(head.ok()) << head.error().message;
  EXPECT_TRUE(head->changed);
  EXPECT_EQ(head->head, transaction_id(2));
  EXPECT_THAT(requests().at(0), HasSubstr("\r\nIf-None-Match: \"" + transaction_id(1).to_string() +
                                          "\"\r\nPrefer: wait=30\r\n"));
}

TEST_F(ClientCalls, AwaitHeadEndsWithTheKnownHeadWhenTheTimeIsOver) {
  const auto head =
      given({answer(304, "", "")}).await_head(transaction_id(1), std::chrono::seconds{30});
  ASSERT_TRUE(head.ok()) << head.error().message;
  EXPECT_FALSE(head->changed);
  EXPECT_EQ(head->head, transaction_id(1));
}

TEST_F(ClientCalls, ListAPage) {
  const auto page =
      given(
          {answer(
              200, "Link: </x>; rel=\"next\"\r\n",
              R"({"from":"x","limit":1,"transactions":["00000000-0000-0000-0000-000000000001"]})")})
          .list(TransactionId::root(), 1);
  ASSERT_TRUE(page.ok()) << page.error().message;
  EXPECT_TRUE(page->from_found);
  EXPECT_TRUE(page->more);
  EXPECT_THAT(page->transactions, ElementsAre(transaction_id(1)));
  EXPECT_EQ(first_line(),
            "GET " + path("/transactions?from=00000000-0000-0000-0000-000000000000&limit=1"));
}

TEST_F(ClientCalls, WhatIsNotThereIsAValue) {
  auto& client = given({problem(404, "from-not-found"), problem(404, "transaction-not-found"),
                        problem(404, "chunk-not-found")});
  const auto page = client.list(transaction_id(1), 1);
  ASSERT_TRUE(page.ok());
  EXPECT_FALSE(page->from_found);
  const auto transaction = client.transaction(transaction_id(1));
  ASSERT_TRUE(transaction.ok());
  EXPECT_FALSE(transaction->found);
  const auto chunk = client.chunk(chunk_id("milk"));
  ASSERT_TRUE(chunk.ok());
  EXPECT_FALSE(chunk->found);
}

TEST_F(ClientCalls, AnotherServersNotFoundIsAnError) {
  const auto chunk = given({answer(404, "Content-Type: text/html\r\n", "?")}).chunk(chunk_id("x"));
  ASSERT_FALSE(chunk.ok());
  EXPECT_EQ(chunk.error().http_status, 404u);
}

TEST_F(ClientCalls, ReadATransactionAndAChunk) {
  auto& client = given({json_answer(200, R"({"id":"00000000-0000-0000-0000-000000000002","seq":2,
      "parent":"00000000-0000-0000-0000-000000000001","chunks":["milk","bread"]})"),
                        answer(200, "", std::string("\0\r\n\xff", 4))});
  const auto transaction = client.transaction(transaction_id(2));
  ASSERT_TRUE(transaction.ok()) << transaction.error().message;
  EXPECT_EQ(transaction->parent, transaction_id(1));
  EXPECT_THAT(transaction->chunks, ElementsAre(chunk_id("milk"), chunk_id("bread")));
  const auto chunk = client.chunk(chunk_id("milk"));
  ASSERT_TRUE(chunk.ok()) << chunk.error().message;
  EXPECT_EQ(chunk->bytes, std::string("\0\r\n\xff", 4));
}

TEST_F(ClientCalls, UploadStepByStep) {
  auto& client = given({answer(201, "", ""), answer(201, "", ""), answer(204, "", "")});
  EXPECT_TRUE(client.put_chunk(chunk_id("milk"), "buy milk").ok());
  EXPECT_TRUE(
      client.put_transaction(transaction_id(1), TransactionId::root(), {chunk_id("milk")}).ok());
  const auto advanced = client.advance_head(transaction_id(1));
  ASSERT_TRUE(advanced.ok());
  EXPECT_TRUE(advanced->advanced);
  EXPECT_EQ(first_line(0), "PUT " + path("/chunks/milk"));
  EXPECT_EQ(body(0), "buy milk");
  EXPECT_EQ(body(2), R"({"head":"00000000-0000-0000-0000-000000000001"})");
  EXPECT_THAT(body(1), HasSubstr(R"("chunks":["milk"])"));
}

TEST_F(ClientCalls, AnEmptyChunkHasALength) {
  EXPECT_TRUE(given({answer(201, "", "")}).put_chunk(chunk_id("empty"), "").ok());
  EXPECT_THAT(requests().at(0), HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST_F(ClientCalls, ARefusedAdvanceSaysWhereHeadIs) {
  const auto advanced =
      given({problem(409, "head-not-descendant",
                     R"(,"current_head":"00000000-0000-0000-0000-000000000009")")})
          .advance_head(transaction_id(1));
  ASSERT_TRUE(advanced.ok()) << advanced.error().message;
  EXPECT_FALSE(advanced->advanced);
  EXPECT_EQ(advanced->current_head, transaction_id(9));
  EXPECT_EQ(advanced->conflict, "head-not-descendant");
}

TEST_F(ClientCalls, DeleteTheLog) {
  EXPECT_TRUE(given({answer(204, "", "")}).remove().ok());
  EXPECT_EQ(first_line(), "DELETE " + path(""));
}

TEST_F(ClientCalls, AskForMissingChunksInBoundedQuestions) {
  std::vector<ChunkId> ids;
  for (std::size_t i = 0; i < bounds::find_missing_chunks + 1; ++i) {
    ids.push_back(chunk_id("c" + std::to_string(i)));
  }
  const auto missing =
      given({json_answer(200, R"({"missing":["c3"]})"), json_answer(200, R"({"missing":["c9"]})")})
          .missing(ids);
  ASSERT_TRUE(missing.ok()) << missing.error().message;
  EXPECT_THAT(*missing, ElementsAre(chunk_id("c3"), chunk_id("c9")));
  EXPECT_EQ(first_line(0), "POST " + path("/missing"));
  EXPECT_EQ(body(1), R"({"chunks":["c16384"]})");
}

TEST_F(ClientCalls, NoQuestionForNoChunks) {
  const auto missing = given({}).missing({});
  ASSERT_TRUE(missing.ok());
  EXPECT_THAT(*missing, IsEmpty());
}

PushBody small_push() {
  PushBody body{{TransactionId::root(), 0}};
  body.add_chunk({chunk_id("milk"), "buy milk"});
  body.add_transaction(transaction_id(1), {chunk_id("milk")});
  return body;
}

TEST_F(ClientCalls, PushOneRequest) {
  auto push = small_push();
  const auto result =
      given({json_answer(201, R"({"head":"00000000-0000-0000-0000-000000000001","seq":1})")})
          .push(push);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->outcome, PushResult::Outcome::pushed);
  EXPECT_EQ(result->head, transaction_id(1));
  EXPECT_EQ(result->seq, 1u);
  EXPECT_EQ(first_line(), "POST " + path("/log"));
  EXPECT_THAT(requests().at(0),
              HasSubstr("\r\nContent-Type: " + std::string{log_media_type} + "\r\n"));
  EXPECT_EQ(body(), push.finish());
}

TEST_F(ClientCalls, APushMayHaveBeenThereAlready) {
  auto push = small_push();
  const auto result =
      given({json_answer(200, R"({"head":"00000000-0000-0000-0000-000000000001","seq":1})")})
          .push(push);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->outcome, PushResult::Outcome::already_there);
}

TEST_F(ClientCalls, RefusedPushesAreOutcomes) {
  auto push = small_push();
  auto& client = given(
      {problem(409, "base-not-head", R"(,"current_head":"00000000-0000-0000-0000-000000000009")"),
       problem(422, "missing-chunks", R"(,"missing":["milk"])"), problem(409, "chunk-differs"),
       problem(413, "body-too-large", R"(,"limit_bytes":9)")});
  const auto conflict = client.push(push);
  ASSERT_TRUE(conflict.ok());
  EXPECT_EQ(conflict->outcome, PushResult::Outcome::conflict);
  EXPECT_EQ(conflict->head, transaction_id(9));
  const auto missing = client.push(push);
  ASSERT_TRUE(missing.ok());
  EXPECT_EQ(missing->outcome, PushResult::Outcome::missing);
  EXPECT_THAT(missing->missing, ElementsAre(chunk_id("milk")));
  const auto differs = client.push(push);
  ASSERT_TRUE(differs.ok());
  EXPECT_EQ(differs->outcome, PushResult::Outcome::refused);
  EXPECT_EQ(differs->refusal.type, "chunk-differs");
  const auto large = client.push(push);
  ASSERT_TRUE(large.ok());
  EXPECT_EQ(large->refusal.limit, 9u);
}

TEST_F(ClientCalls, AFailedServerIsAnErrorOfAPush) {
  auto push = small_push();
  const auto result = given({problem(507, "storage-full")}).push(push);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().type, "storage-full");
}

}  // namespace
}  // namespace mentat_sync
