// Whole logs, have/want and leases: from a request to a query or command, and back.
#include "handlers_fixture.hpp"
#include "http/handlers.hpp"
#include "http/wire/media_types.hpp"
#include "storage/cbor_log.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using beast_http::field;
using beast_http::verb;

const std::string log_path = of_alice + "/log";
const std::string missing_path = of_alice + "/missing";

class LogHandlersTest : public HandlersFixture {
 protected:
  static std::string log_text() {
    std::string bytes;
    append_cbor(bytes, LogHeader{TransactionId::root(), transaction_id(first)});
    append_cbor(bytes, LogChunk{chunk_id("a"), "alpha"});
    append_cbor(bytes, LogTransaction{transaction_id(first), 1, {}, {chunk_id("a")}});
    append_cbor(bytes, LogTrailer{transaction_id(first), false, 1, 1, 5});
    return bytes;
  }

  static Request push_of(std::string_view body) {
    Request request = request_of(verb::post, log_path, body);
    request.set(field::content_type, log_media_type);
    return request;
  }

  static Request asking(std::string_view name, std::string_view value) {
    Request request = request_of(verb::get, log_path);
    request.set(boost::beast::string_view{name}, value);
    return request;
  }

  /// What the store has of a log.
  void give_log() {
    store.give(GivenPiece{true,
                          {LogHeader{}, LogChunk{chunk_id("a"), std::string(5'000, 'x')},
                           LogTrailer{{}, {}, 0, 1, 5'000}},
                          std::nullopt});
  }

  static void expect_refused(const Response& response, unsigned status, std::string_view slug) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto json = json_of(response);
    EXPECT_EQ(json["type"], urn(slug));
    for (const auto* name : {"head", "transactions", "chunks"}) EXPECT_FALSE(json.contains(name));
  }
};

// --- Pull --------------------------------------------------------------------------------------

TEST_F(LogHandlersTest, PullsALog) {
  give_log();
  const Response response = answer(verb::get, log_path);
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, log_media_type);
  ASSERT_EQ(store.log_queries.size(), 1u);
  const ReadLog& query = store.log_queries[0];
  EXPECT_EQ(query.user, user_id(alice));
  EXPECT_TRUE(query.from.is_root());
  EXPECT_TRUE(query.with_chunks);
  EXPECT_FALSE(query.resume);
}

TEST_F(LogHandlersTest, PullsThePartThatIsAskedFor) {
  give_log();
  answer(verb::get, log_path + "?from=" + std::string{first} + "&limit=7&max_bytes=9&chunks=false");
  ASSERT_EQ(store.log_queries.size(), 1u);
  const ReadLog& query = store.log_queries[0];
  EXPECT_EQ(query.from, transaction_id(first));
  EXPECT_EQ(query.max_transactions, 7u);
  EXPECT_EQ(query.max_bytes, 9u);
  EXPECT_FALSE(query.with_chunks);
}

TEST_F(LogHandlersTest, PullsInTheFormAndCodingThatIsAskedFor) {
  for (int i = 0; i < 3; ++i) give_log();
  EXPECT_EQ(answer(asking("Accept", "application/x-ndjson")).content_type, ndjson_media_type);
  EXPECT_EQ(header_of(answer(asking("Accept-Encoding", "gzip")), "Content-Encoding"), "gzip");
  EXPECT_EQ(header_of(answer(asking("Accept-Encoding", "gzip, zstd")), "Content-Encoding"), "zstd");
}

TEST_F(LogHandlersTest, StreamsALogOfSeveralPieces) {
  store.give(GivenPiece{true, {LogHeader{}}, LogCursor{}});
  const Response response = answer(verb::get, log_path);
  EXPECT_TRUE(response.source);
  EXPECT_FALSE(response.endless);
}

TEST_F(LogHandlersTest, PullsNothingThatIsNotAcceptable) {
  expect_refused(answer(asking("Accept", "text/html")), 406, "not-acceptable");
  expect_refused(answer(asking("Accept-Encoding", "identity;q=0")), 406, "not-acceptable");
  EXPECT_TRUE(store.log_queries.empty());
}

TEST_F(LogHandlersTest, DoesNotPullFromWhatIsNotCommitted) {
  store.give(GivenPiece{});
  expect_refused(answer(verb::get, log_path), 404, "from-not-found");
}

TEST_F(LogHandlersTest, APullThatFailsIsTheServersFault) {
  store.give(Status{ErrorCode::unavailable, "closing"});
  store.give(Status{ErrorCode::corrupt, "record 7"});
  expect_refused(answer(verb::get, log_path), 503, "unavailable");
  expect_refused(answer(verb::get, log_path), 500, "corrupt");
}

// --- Push --------------------------------------------------------------------------------------

TEST_F(LogHandlersTest, PushesALog) {
  gateway.outcome.current_head = transaction_id(first);
  gateway.outcome.current_seq = 1;
  const Response response = answer(push_of(log_text()));
  EXPECT_EQ(response.status, 201u);
  EXPECT_EQ(json_of(response), (nlohmann::json{{"head", first}, {"seq", 1}}));
  EXPECT_EQ(header_of(response, "ETag"), "\"" + std::string{first} + "\"");
  const Push& push = gateway.only<Push>();
  EXPECT_EQ(push.user, user_id(alice));
  EXPECT_EQ(push.chunks.at(0).bytes, "alpha");
  EXPECT_EQ(push.transactions.at(0).id, transaction_id(first));
}

TEST_F(LogHandlersTest, AnswersARepeatedPushWithWhereHeadIs) {
  gateway.outcome = outcome_of(Verdict::already_there);
  gateway.outcome.current_head = transaction_id(second);
  gateway.outcome.current_seq = 9;
  const Response response = answer(push_of(log_text()));
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(json_of(response)["head"], second);
  EXPECT_EQ(json_of(response)["seq"], 9);
}

TEST_F(LogHandlersTest, SaysWhyAPushIsRefused) {
  const auto refused = [&](Verdict verdict) {
    gateway.outcome.verdict = verdict;
    return answer(push_of(log_text()));
  };
  gateway.outcome.current_head = transaction_id(second);
  gateway.outcome.missing = {chunk_id("b")};
  gateway.outcome.limit = 7;
  const Response conflict = refused(Verdict::base_not_head);
  expect_refused(conflict, 409, "base-not-head");
  EXPECT_EQ(json_of(conflict)["current_head"], second);
  const Response missing = refused(Verdict::missing_chunks);
  expect_refused(missing, 422, "missing-chunks");
  EXPECT_EQ(json_of(missing)["missing"], nlohmann::json{"b"});
  expect_refused(refused(Verdict::chunk_differs), 409, "chunk-differs");
  expect_refused(refused(Verdict::hash_mismatch), 400, "hash-mismatch");
  expect_refused(refused(Verdict::head_has_children), 409, "head-has-children");
  expect_refused(refused(Verdict::too_many_items), 413, "too-many-items");
  expect_refused(refused(Verdict::storage_full), 507, "storage-full");
  EXPECT_EQ(header_of(refused(Verdict::overloaded), "Retry-After"), "1");
}

TEST_F(LogHandlersTest, AsksNothingOfTheStoreForAMalformedLog) {
  expect_refused(answer(push_of("{}")), 400, "malformed-log");
  expect_refused(answer(push_of("")), 400, "malformed-log");
  EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(LogHandlersTest, RefusesOtherMediaTypesBeforeTheBody) {
  for (const auto* type : {"", "application/json", "application/x-ndjson"}) {
    Request request = request_of(verb::post, log_path);
    if (*type != '\0') request.set(field::content_type, type);
    const Admission admission = handlers.admit(request, {});
    ASSERT_TRUE(admission.refusal) << type;
    expect_refused(*admission.refusal, 415, "unsupported-media-type");
    EXPECT_EQ(header_of(*admission.refusal, "Accept-Post"), log_media_type);
  }
}

TEST_F(LogHandlersTest, AdmitsAPushWithABoundOfItsOwn) {
  const Admission admission = handlers.admit(push_of(""), {});
  EXPECT_FALSE(admission.refusal);
  EXPECT_EQ(admission.body_limit_bytes, 100'000u);
  EXPECT_FALSE(admission.safe);
  Request large = push_of("");
  large.set(field::content_length, "100001");
  expect_refused(*handlers.admit(large, {}).refusal, 413, "body-too-large");
}

TEST_F(LogHandlersTest, ReadsAPushWhileItArrives) {
  const Admission push = handlers.admit(push_of(""), {});
  ASSERT_TRUE(push.sink);
  EXPECT_FALSE(handlers.admit(request_of(verb::post, of_alice + "/missing"), {}).sink);
  Request refused = push_of("");
  refused.erase(field::content_type);
  EXPECT_FALSE(handlers.admit(refused, {}).sink);
}

TEST_F(LogHandlersTest, TakesNoCompressedPush) {
  Request request = push_of(log_text());
  request.set(field::content_encoding, "zstd");
  expect_refused(answer(request), 415, "encoded-body");
}

// --- What is missing ---------------------------------------------------------------------------

TEST_F(LogHandlersTest, SaysWhichChunksAreMissing) {
  gateway.outcome.missing = {chunk_id("b")};
  const Response response = answer(verb::post, missing_path, R"({"chunks":["a","b"]})");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, R"({"missing":["b"]})");
  EXPECT_EQ(gateway.only<FindMissing>().user, user_id(alice));
  EXPECT_EQ(gateway.only<FindMissing>().chunks, (std::vector{chunk_id("a"), chunk_id("b")}));
}

TEST_F(LogHandlersTest, SaysThatNothingIsMissing) {
  EXPECT_EQ(answer(verb::post, missing_path, R"({"chunks":[]})").body, R"({"missing":[]})");
}

TEST_F(LogHandlersTest, SaysWhyItCannotSayWhatIsMissing) {
  const auto ask = [&](Verdict verdict) {
    return refuse(verdict, verb::post, missing_path, R"({"chunks":["a"]})");
  };
  expect_refused(ask(Verdict::unavailable), 503, "unavailable");
  expect_refused(ask(Verdict::storage_full), 507, "storage-full");
  expect_refused(answer(verb::post, missing_path, "{}"), 400, "malformed-body");
  EXPECT_EQ(gateway.commands.size(), 2u);
}

TEST_F(LogHandlersTest, AskingForWhatIsMissingWaitsForChangesBeforeIt) {
  const Admission admission = admit(verb::post, missing_path);
  EXPECT_FALSE(admission.safe);
  EXPECT_EQ(admission.body_limit_bytes, bounds::json_body_bytes);
  EXPECT_TRUE(admit(verb::get, log_path).safe);
  EXPECT_TRUE(admit(verb::get, of_alice + "/events").safe);
}

// --- Leases ------------------------------------------------------------------------------------

TEST_F(LogHandlersTest, RenewsALeaseThatIsDueBeforeItSaysThatAChunkIsThere) {
  store.chunk = Chunk{true, "bytes", true};
  const Response response = answer(verb::head, of_alice + "/chunks/a");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(header_of(response, "ETag"), "\"a\"");
  EXPECT_EQ(gateway.only<FindMissing>().user, user_id(alice));
  EXPECT_EQ(gateway.only<FindMissing>().chunks, std::vector{chunk_id("a")});
}

TEST_F(LogHandlersTest, SaysThatAChunkIsGoneWhichWasCollectedMeanwhile) {
  store.chunk = Chunk{true, "bytes", true};
  gateway.outcome.missing = {chunk_id("a")};
  expect_refused(answer(verb::head, of_alice + "/chunks/a"), 404, "chunk-not-found");
}

TEST_F(LogHandlersTest, DoesNotSayThatAChunkIsThereWhoseLeaseCannotBeRenewed) {
  store.chunk = Chunk{true, "bytes", true};
  gateway.outcome.verdict = Verdict::unavailable;
  expect_refused(answer(verb::head, of_alice + "/chunks/a"), 503, "unavailable");
}

TEST_F(LogHandlersTest, RenewsNoLeaseForWhoTakesTheChunkAlongOrOfOneThatIsNotDue) {
  store.chunk = Chunk{true, "bytes", true};
  EXPECT_EQ(answer(verb::get, of_alice + "/chunks/a").body, "bytes");
  store.chunk = Chunk{true, "bytes", false};
  EXPECT_EQ(answer(verb::head, of_alice + "/chunks/a").status, 200u);
  EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(LogHandlersTest, LooksAtConditionsAfterTheLeaseIsRenewed) {
  store.chunk = Chunk{true, "bytes", true};
  Request request = request_of(verb::head, of_alice + "/chunks/a");
  request.set(field::if_none_match, "\"a\"");
  EXPECT_EQ(answer(request).status, 304u);
  EXPECT_EQ(gateway.commands.size(), 1u);
}

}  // namespace
}  // namespace mentat_sync
