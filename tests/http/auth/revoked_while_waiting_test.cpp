// Credentials that are no longer good when what was waited for comes: event streams and long polls.
#include "http/auth/authenticator.hpp"
#include "http/handlers.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>

namespace mentat_sync {
namespace {

using beast_http::field;
using beast_http::verb;
using Then = BodyPiece::Then;

const std::string of_alice = "/0.1/" + std::string{alice};

/// Takes alice's token until it is revoked.
class Revocable final : public Authenticator {
 public:
  Authentication authenticate(std::string_view token) const override {
    if (revoked || token != "alices") return Refused{"The token is not known"};
    return Grant{"alice", user_id(alice), {Scope::read}};
  }
  std::atomic<bool> revoked{false};
};

class RevokedWhileWaiting : public testing::Test {
 protected:
  RevokedWhileWaiting() {
    HandlerOptions options;
    options.authenticator = authenticator;
    handlers.emplace(store, gateway, std::move(options));
    store.head = Head{transaction_id(first), 1};
  }

  /// Hands over a request that waits; what answers it comes to `answered`.
  void begin(Request request) {
    request.set(field::authorization, "Bearer alices");
    const Admission admission = handlers->admit(request, {});
    ASSERT_FALSE(admission.refusal);
    handlers->handle(admission.route, std::move(request),
                     [this](Response response) { answered = std::move(response); });
  }
  void open_stream() {
    begin(request_of(verb::get, of_alice + "/events"));
    ASSERT_TRUE(answered && answered->source);
    ask();
    ASSERT_TRUE(piece);
    ask();
  }
  void ask() {
    piece.reset();
    answered->source->next([this](BodyPiece taken) { piece = std::move(taken); });
  }
  void begin_poll() {
    Request poll = request_of(verb::get, of_alice + "/head");
    poll.set(field::if_none_match, "\"" + std::string{first} + "\"");
    poll.set("Prefer", "wait=30");
    begin(std::move(poll));
    ASSERT_FALSE(answered);
  }
  void tell(Verdict verdict) {
    Outcome outcome = outcome_of(verdict);
    outcome.current_head = transaction_id(second);
    outcome.current_seq = 2;
    gateway.watches.back().done(outcome);
  }

  FakeStore store;
  FakeGateway gateway;
  std::shared_ptr<Revocable> authenticator = std::make_shared<Revocable>();
  std::optional<Handlers> handlers;
  std::optional<Response> answered;
  std::optional<BodyPiece> piece;
};

TEST_F(RevokedWhileWaiting, AnEventStreamGoesOnWhileItsTokenIsGood) {
  open_stream();
  tell(Verdict::already_there);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->then, Then::more);
}

TEST_F(RevokedWhileWaiting, AnEventStreamEndsAtItsNextHeartbeat) {
  open_stream();
  authenticator->revoked = true;
  tell(Verdict::already_there);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->then, Then::end);
}

TEST_F(RevokedWhileWaiting, AnEventStreamIsToldOfNoMove) {
  open_stream();
  authenticator->revoked = true;
  tell(Verdict::applied);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->bytes, "");
  EXPECT_EQ(piece->then, Then::end);
}

TEST_F(RevokedWhileWaiting, ALongPollIsAnsweredWithTheRefusal) {
  begin_poll();
  authenticator->revoked = true;
  tell(Verdict::applied);
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 401u);
}

TEST_F(RevokedWhileWaiting, ALongPollOfAGoodTokenIsToldOfTheMove) {
  begin_poll();
  tell(Verdict::applied);
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 200u);
}

}  // namespace
}  // namespace mentat_sync
