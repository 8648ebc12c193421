// Waiting for HEAD to move: long polls and event streams, from request to answer.
#include "handlers_fixture.hpp"
#include "http/event_source.hpp"
#include "http/handlers.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace mentat_sync {
namespace {

using beast_http::field;
using beast_http::verb;

const std::string head_path = of_alice + "/head";
const std::string events_path = of_alice + "/events";

std::string quoted(std::string_view id) {
  return "\"" + std::string{id} + "\"";
}

class WaitingHandlersTest : public HandlersFixture {
 protected:
  WaitingHandlersTest() { store.head = Head{transaction_id(first), 1}; }

  static Request poll(std::string_view known, std::string_view prefer = "wait=30") {
    Request request = request_of(verb::get, head_path);
    request.set(field::if_none_match, known);
    request.set("Prefer", prefer);
    return request;
  }

  /// Hands it over; the answer may come later.
  void begin(Request request) {
    answered.reset();
    const Admission admission = handlers.admit(request, {});
    ASSERT_FALSE(admission.refusal);
    handlers.handle(admission.route, std::move(request), [this](Response response) {
      EXPECT_FALSE(answered) << "answered twice";
      answered = std::move(response);
    });
  }

  /// Has the only watch that is out answered.
  Response tell(Verdict verdict, std::string_view head = first, std::uint64_t seq = 1) {
    EXPECT_FALSE(answered);
    EXPECT_EQ(gateway.watches.size(), 1u);
    Outcome outcome = outcome_of(verdict, 7);
    outcome.current_head = transaction_id(head);
    outcome.current_seq = seq;
    gateway.watches.at(0).done(outcome);
    EXPECT_TRUE(answered);
    return answered.value_or(Response{.status = 0});
  }

  static void expect_refused(const Response& response, unsigned status, std::string_view slug) {
    EXPECT_EQ(response.status, status);
    const auto json = json_of(response);
    EXPECT_EQ(json["type"], urn(slug));
    for (const auto* name : {"head", "transactions", "chunks"}) EXPECT_FALSE(json.contains(name));
  }

  std::optional<Response> answered;
};

// --- Long polls --------------------------------------------------------------------------------

TEST_F(WaitingHandlersTest, AnswersAPollAtOnceWhenHeadIsElsewhere) {
  begin(poll(quoted(second)));
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 200u);
  EXPECT_EQ(json_of(*answered)["head"], first);
  EXPECT_EQ(header_of(*answered, "ETag"), quoted(first));
  EXPECT_EQ(header_of(*answered, "Preference-Applied"), "wait=30");
  EXPECT_TRUE(gateway.watches.empty());
}

TEST_F(WaitingHandlersTest, AnswersAPollWhenHeadHasMoved) {
  begin(poll(quoted(first)));
  ASSERT_EQ(gateway.watches.size(), 1u);
  EXPECT_EQ(gateway.watches[0].question.user, user_id(alice));
  EXPECT_EQ(gateway.watches[0].question.known, transaction_id(first));
  EXPECT_EQ(gateway.watches[0].question.wait_ms, 30'000u);
  const Response response = tell(Verdict::applied, second, 2);
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(json_of(response)["head"], second);
  EXPECT_EQ(header_of(response, "ETag"), quoted(second));
  EXPECT_EQ(header_of(response, "Preference-Applied"), "wait=30");
}

TEST_F(WaitingHandlersTest, AnswersAPollWithNotModifiedWhenTheWaitIsOver) {
  begin(poll(quoted(first), "wait=\"7\""));
  const Response response = tell(Verdict::already_there);
  EXPECT_EQ(response.status, 304u);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(header_of(response, "ETag"), quoted(first));
  EXPECT_EQ(header_of(response, "Preference-Applied"), "wait=7");
}

TEST_F(WaitingHandlersTest, SaysHowLongAWaitWasUsed) {
  begin(poll(quoted(first), "wait=100000"));
  EXPECT_EQ(gateway.watches.at(0).question.wait_ms, 50'000u);
  EXPECT_EQ(header_of(tell(Verdict::already_there), "Preference-Applied"), "wait=50");
}

TEST_F(WaitingHandlersTest, WaitsByAWeakTagAndAnyOfSeveral) {
  begin(poll("W/" + quoted(first)));
  EXPECT_EQ(gateway.watches.size(), 1u);
  begin(poll(quoted(second) + ", " + quoted(first)));
  EXPECT_EQ(gateway.watches.size(), 2u);
}

TEST_F(WaitingHandlersTest, WaitsForNothingWithoutATagOrAWait) {
  Request no_tag = request_of(verb::get, head_path);
  no_tag.set("Prefer", "wait=30");
  begin(std::move(no_tag));
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 200u);
  for (const auto* prefer : {"wait=0", "respond-async", "wait=x"}) {
    begin(poll(quoted(first), prefer));
    ASSERT_TRUE(answered) << prefer;
    EXPECT_EQ(answered->status, 304u);
  }
  EXPECT_TRUE(gateway.watches.empty());
}

TEST_F(WaitingHandlersTest, TellsWhatMayBeLongInComing) {
  EXPECT_TRUE(handlers.admit(poll(quoted(first)), {}).waits);
  EXPECT_FALSE(handlers.admit(poll(quoted(first), "wait=0"), {}).waits);
  EXPECT_FALSE(handlers.admit(request_of(verb::get, head_path), {}).waits);
  Request page = poll(quoted(first));
  page.target(of_alice + "/transactions");
  EXPECT_FALSE(handlers.admit(page, {}).waits);
}

TEST_F(WaitingHandlersTest, LooksAtIfMatchBeforeItWaits) {
  Request request = poll(quoted(first));
  request.set(field::if_match, quoted(second));
  begin(std::move(request));
  ASSERT_TRUE(answered);
  expect_refused(*answered, 412, "precondition-failed");
  EXPECT_EQ(json_of(*answered)["current_head"], first);
}

TEST_F(WaitingHandlersTest, SaysWhenThereIsNothingToWaitWith) {
  begin(poll(quoted(first)));
  expect_refused(tell(Verdict::unavailable), 503, "unavailable");
  gateway.watches.clear();
  begin(poll(quoted(first)));
  const Response response = tell(Verdict::overloaded);
  expect_refused(response, 503, "overloaded");
  EXPECT_EQ(header_of(response, "Retry-After"), "1");
}

TEST_F(WaitingHandlersTest, DoesNotWaitForAStoreThatCannotBeRead) {
  store.head = Status{ErrorCode::unavailable, "closing"};
  begin(poll(quoted(first)));
  ASSERT_TRUE(answered);
  expect_refused(*answered, 503, "unavailable");
  begin(request_of(verb::get, events_path));
  ASSERT_TRUE(answered);
  expect_refused(*answered, 503, "unavailable");
}

TEST_F(WaitingHandlersTest, WaitsForTheHeadersAloneToo) {
  Request request = poll(quoted(first));
  request.method(verb::head);
  begin(std::move(request));
  EXPECT_EQ(tell(Verdict::applied, second, 2).status, 200u);
}

// --- Event streams -----------------------------------------------------------------------------

TEST_F(WaitingHandlersTest, StreamsEventsWithoutEnd) {
  begin(request_of(verb::get, events_path));
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 200u);
  EXPECT_EQ(answered->content_type, "text/event-stream");
  EXPECT_EQ(header_of(*answered, "Cache-Control"), "no-store");
  EXPECT_TRUE(answered->endless);
  ASSERT_TRUE(answered->source);
  std::string piece;
  answered->source->next([&](BodyPiece taken) { piece = taken.bytes; });
  EXPECT_NE(piece.find(head_event({transaction_id(first), 1})), std::string::npos);
  EXPECT_EQ(store.user, user_id(alice));
}

TEST_F(WaitingHandlersTest, StreamsOnFromTheLastEventThatAClientHad) {
  const auto first_piece = [&](std::string_view last_event_id) {
    Request request = request_of(verb::get, events_path);
    request.set("Last-Event-ID", last_event_id);
    begin(std::move(request));
    std::string piece;
    answered->source->next([&](BodyPiece taken) { piece = taken.bytes; });
    return piece;
  };
  EXPECT_EQ(first_piece("1-" + std::string{first}).find("event:"), std::string::npos);
  EXPECT_NE(first_piece("0-" + std::string{nil}).find("event: head"), std::string::npos);
  EXPECT_NE(first_piece("1-" + std::string{second}).find("event: head"), std::string::npos);
  EXPECT_NE(first_piece("nonsense").find("event: head"), std::string::npos);
}

}  // namespace
}  // namespace mentat_sync
