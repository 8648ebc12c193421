// From a request to a query or command, and from its answer to the client's.
#include "http/handlers.hpp"

#include "handlers_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mentat_sync {
namespace {

using beast_http::field;
using beast_http::verb;

const std::string head_body = "{\"head\":\"" + std::string{first} + "\"}";

class HandlersTest : public HandlersFixture {};

TEST_F(HandlersTest, AdmitsWithALimitForEachBody) {
  EXPECT_EQ(admit(verb::put, of_alice + "/chunks/a").body_limit_bytes, 1000u);
  EXPECT_EQ(admit(verb::put, of_alice + "/head").body_limit_bytes, bounds::json_body_bytes);
  EXPECT_EQ(admit(verb::put, of_alice + "/transactions/" + std::string{first}).body_limit_bytes,
            bounds::json_body_bytes);
  EXPECT_EQ(admit(verb::get, of_alice).body_limit_bytes, bounds::ignored_body_bytes);
  EXPECT_EQ(admit(verb::delete_, of_alice).body_limit_bytes, bounds::ignored_body_bytes);
}

TEST_F(HandlersTest, TellsWhatChangesNothing) {
  EXPECT_TRUE(admit(verb::get, of_alice + "/head").safe);
  EXPECT_TRUE(admit(verb::head, of_alice + "/chunks/a").safe);
  EXPECT_FALSE(admit(verb::put, of_alice + "/head").safe);
  EXPECT_FALSE(admit(verb::put, of_alice + "/chunks/a").safe);
  EXPECT_FALSE(admit(verb::put, of_alice + "/transactions/" + std::string{first}).safe);
  EXPECT_FALSE(admit(verb::delete_, of_alice).safe);
}

TEST_F(HandlersTest, RefusesWhatTheHeaderAloneDecides) {
  EXPECT_EQ(answer(verb::get, "/nothing").status, 404u);
  EXPECT_EQ(answer(verb::get, "/0.1/nobody").status, 400u);
  const Response wrong_method = answer(verb::post, of_alice + "/head");
  EXPECT_EQ(wrong_method.status, 405u);
  EXPECT_EQ(header_of(wrong_method, "Allow"), "GET, HEAD, PUT");
  auto large = request_of(verb::put, of_alice + "/chunks/a");
  large.set(field::content_length, "1001");
  EXPECT_EQ(json_of(answer(large))["limit_bytes"], 1000);
  EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(HandlersTest, SaysWhyABodyOrARequestIsRefused) {
  EXPECT_EQ(handlers.too_large(7).status, 413u);
  EXPECT_EQ(json_of(handlers.too_large(7))["limit_bytes"], 7);
  for (const unsigned status : {400u, 408u, 431u, 501u, 505u}) {
    const auto json = json_of(handlers.bad_request(status, "why"));
    EXPECT_EQ(json["status"], status);
    EXPECT_EQ(json["detail"], "why");
  }
}

TEST_F(HandlersTest, LivesWithoutItsStore) {
  store.head = Status{ErrorCode::unavailable, ""};
  EXPECT_EQ(answer(verb::get, "/").status, 200u);
  EXPECT_EQ(answer(verb::get, "/__lbheartbeat__").body, "{}");
}

TEST_F(HandlersTest, AnswersWithHead) {
  store.head = Head{transaction_id(first), 1};
  const Response response = answer(verb::get, of_alice + "/head");
  EXPECT_EQ(response.body, head_body);
  EXPECT_EQ(store.user, user_id(alice));
}

TEST_F(HandlersTest, AnswersNotModifiedToWhomKnowsHead) {
  store.head = Head{transaction_id(first), 1};
  auto request = request_of(verb::get, of_alice + "/head");
  request.set(field::if_none_match, "\"" + std::string{first} + "\"");
  EXPECT_EQ(answer(request).status, 304u);
  request.set(field::if_none_match, "\"" + std::string{second} + "\"");
  EXPECT_EQ(answer(request).status, 200u);
}

TEST_F(HandlersTest, AnswersAnIfMatchOnGetWithWhereHeadIs) {
  store.head = Head{transaction_id(first), 1};
  auto request = request_of(verb::get, of_alice + "/head");
  request.set(field::if_match, "\"" + std::string{second} + "\"");
  const Response response = answer(request);
  EXPECT_EQ(response.status, 412u);
  EXPECT_EQ(json_of(response)["current_head"], first);
}

TEST_F(HandlersTest, AnswersWithTheSummary) {
  store.summary = Summary{.head = transaction_id(first), .seq = 3};
  EXPECT_EQ(json_of(answer(verb::get, of_alice + "/"))["seq"], 3);
  EXPECT_EQ(store.user, user_id(alice));
}

TEST_F(HandlersTest, AnswersWithAPage) {
  store.page = TransactionPage{true, {transaction_id(second)}, true};
  const Response response =
      answer(verb::get, of_alice + "/transactions?limit=1&from=" + std::string{first});
  EXPECT_EQ(store.list_query.user, user_id(alice));
  EXPECT_EQ(store.list_query.from, transaction_id(first));
  EXPECT_EQ(store.list_query.limit, 1u);
  EXPECT_EQ(json_of(response)["limit"], 1);
  EXPECT_NE(header_of(response, "Link"), "");
}

TEST_F(HandlersTest, DoesNotListFromWhatIsNotCommitted) {
  store.page = TransactionPage{.from_found = false, .transactions = {}};
  const Response response = answer(verb::get, of_alice + "/transactions");
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(json_of(response)["type"], urn("from-not-found"));
}

TEST_F(HandlersTest, AnswersWithATransaction) {
  store.transaction =
      Transaction{.found = true, .id = transaction_id(first), .seq = 1, .parent = {}, .chunks = {}};
  const auto path = of_alice + "/transactions/" + std::string{first};
  EXPECT_EQ(json_of(answer(verb::get, path))["id"], first);
  EXPECT_EQ(store.transaction_query.transaction, transaction_id(first));
  store.transaction = Transaction{};
  EXPECT_EQ(answer(verb::get, path).status, 404u);
}

TEST_F(HandlersTest, AnswersWithAChunk) {
  store.chunk = Chunk{true, "0123456789"};
  const Response response = answer(verb::get, of_alice + "/chunks/a");
  EXPECT_EQ(response.body, "0123456789");
  EXPECT_EQ(store.chunk_query.chunk.text(), "a");
  store.chunk = Chunk{};
  EXPECT_EQ(answer(verb::get, of_alice + "/chunks/a").status, 404u);
}

TEST_F(HandlersTest, AnswersWithAPartOfAChunk) {
  store.chunk = Chunk{true, "0123456789"};
  auto request = request_of(verb::get, of_alice + "/chunks/a");
  request.set(field::range, "bytes=2-4");
  EXPECT_EQ(answer(request).body, "234");
  request.set(field::range, "bytes=10-");
  const Response response = answer(request);
  EXPECT_EQ(response.status, 416u);
  EXPECT_EQ(header_of(response, "Content-Range"), "bytes */10");
}

TEST_F(HandlersTest, AnswersNotModifiedToWhomKnowsAChunk) {
  store.chunk = Chunk{true, "0123456789"};
  auto request = request_of(verb::get, of_alice + "/chunks/a");
  request.set(field::range, "bytes=2-4");
  request.set(field::if_none_match, "\"a\"");
  EXPECT_EQ(answer(request).status, 304u);
  store.chunk = Chunk{};
  EXPECT_EQ(answer(request).status, 404u);
}

TEST_F(HandlersTest, FailedReadsAreTheServersFault) {
  store.chunk = Status{ErrorCode::corrupt, "record 7"};
  EXPECT_EQ(answer(verb::get, of_alice + "/chunks/a").status, 500u);
  store.head = Status{ErrorCode::unavailable, "closing"};
  EXPECT_EQ(answer(verb::get, of_alice + "/head").status, 503u);
}

TEST_F(HandlersTest, PutsAChunk) {
  const std::string bytes{"a\0b", 3};
  const Response response = answer(verb::put, of_alice + "/chunks/c", bytes);
  EXPECT_EQ(response.status, 201u);
  EXPECT_TRUE(response.body.empty());
  EXPECT_EQ(gateway.only<PutChunk>().user, user_id(alice));
  EXPECT_EQ(gateway.only<PutChunk>().chunk.text(), "c");
  EXPECT_EQ(gateway.only<PutChunk>().bytes, bytes);
}

TEST_F(HandlersTest, PutsAnEmptyChunk) {
  EXPECT_EQ(answer(verb::put, of_alice + "/chunks/c").status, 201u);
}

TEST_F(HandlersTest, AnswersARepeatedPutAsTheFirst) {
  gateway.outcome.verdict = Verdict::already_there;
  EXPECT_EQ(answer(verb::put, of_alice + "/chunks/c", "x").status, 201u);
}

TEST_F(HandlersTest, PutsATransaction) {
  const auto path = of_alice + "/transactions/" + std::string{second};
  const std::string body = "{\"parent\":\"" + std::string{first} + "\",\"chunks\":[\"b\",\"a\"]}";
  const Response response = answer(verb::put, path, body);
  EXPECT_EQ(response.status, 201u);
  EXPECT_TRUE(response.body.empty());
  const auto& command = gateway.only<PutTransaction>();
  EXPECT_EQ(command.transaction, transaction_id(second));
  EXPECT_EQ(command.parent, transaction_id(first));
  EXPECT_EQ(command.chunks, (std::vector{chunk_id("b"), chunk_id("a")}));
}

TEST_F(HandlersTest, SaysWhichChunksATransactionMisses) {
  gateway.outcome.missing = {chunk_id("b")};
  const auto path = of_alice + "/transactions/" + std::string{second};
  const std::string body = "{\"parent\":\"" + std::string{first} + "\",\"chunks\":[\"b\"]}";
  const Response response = refuse(Verdict::missing_chunks, verb::put, path, body);
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(json_of(response)["missing"], nlohmann::json{"b"});
}

TEST_F(HandlersTest, AdvancesHead) {
  EXPECT_EQ(answer(verb::put, of_alice + "/head", head_body).status, 204u);
  const auto& command = gateway.only<AdvanceHead>();
  EXPECT_EQ(command.user, user_id(alice));
  EXPECT_EQ(command.head, transaction_id(first));
  EXPECT_FALSE(command.if_match);
}

TEST_F(HandlersTest, PassesIfMatchOn) {
  auto request = request_of(verb::put, of_alice + "/head", head_body);
  request.set(field::if_match, "\"" + std::string{second} + "\"");
  gateway.outcome = {.verdict = Verdict::precondition_failed,
                     .current_head = transaction_id(first),
                     .missing = {},
                     .collected = {}};
  const Response response = answer(request);
  EXPECT_EQ(gateway.only<AdvanceHead>().if_match, std::vector{transaction_id(second)});
  EXPECT_EQ(response.status, 412u);
  EXPECT_EQ(json_of(response)["current_head"], first);
}

TEST_F(HandlersTest, SaysWhereHeadIsWhenItDoesNotMove) {
  gateway.outcome.current_head = transaction_id(second);
  const Response response =
      refuse(Verdict::head_not_descendant, verb::put, of_alice + "/head", head_body);
  EXPECT_EQ(response.status, 409u);
  const auto json = json_of(response);
  EXPECT_EQ(json["type"], urn("head-not-descendant"));
  EXPECT_EQ(json["current_head"], second);
  EXPECT_FALSE(json.contains("head"));
}

TEST_F(HandlersTest, AsksNothingOfTheStoreForAMalformedBody) {
  EXPECT_EQ(answer(verb::put, of_alice + "/head", "{}").status, 400u);
  EXPECT_EQ(answer(verb::put, of_alice + "/transactions/" + std::string{first}, "").status, 400u);
  EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(HandlersTest, DeletesAUser) {
  EXPECT_EQ(answer(verb::delete_, of_alice + "/").status, 204u);
  EXPECT_EQ(gateway.only<DeleteUser>().user, user_id(alice));
}

}  // namespace
}  // namespace mentat_sync
