// Where in the way of a request it is decided who may ask.
#include "http/auth/authenticator.hpp"
#include "http/handlers.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace mentat_sync {
namespace {

using beast_http::field;
using beast_http::verb;

const std::string of_alice = "/0.1/" + std::string{alice};

/// Takes any token but "bad", for alice.
class AliceOnly final : public Authenticator {
 public:
  Authentication authenticate(std::string_view token) const override {
    if (token == "bad") return Refused{"The token is not known"};
    return Grant{"alice", user_id(alice), {Scope::read, Scope::write}};
  }
};

HandlerOptions options_with_access() {
  HandlerOptions options;
  options.authenticator = std::make_shared<AliceOnly>();
  options.cors = CorsPolicy::parse({"https://a.example"}).value();
  options.limits.chunk_bytes = 1000;
  options.limits.user_requests_per_second = 1;
  return options;
}

class HandlersAccessTest : public testing::Test {
 protected:
  unsigned status(Request request) const {
    const Admission admission = handlers.admit(request, {});
    return admission.refusal ? admission.refusal->status : 200;
  }
  static Request ask(verb method, const std::string& target, const std::string& token) {
    Request request = request_of(method, target);
    if (!token.empty()) request.set(field::authorization, "Bearer " + token);
    return request;
  }

  FakeStore store;
  FakeGateway gateway;
  const Handlers handlers{store, gateway, options_with_access()};
};

TEST_F(HandlersAccessTest, StrangersAreToldOfPathsAndMethodsButNothingElse) {
  EXPECT_EQ(status(ask(verb::get, "/nothing", "")), 404u);
  EXPECT_EQ(status(ask(verb::post, of_alice + "/head", "")), 405u);
  EXPECT_EQ(status(ask(verb::get, "/0.1/nobody", "")), 400u);
  EXPECT_EQ(status(ask(verb::get, of_alice + "/head", "")), 401u);
  Request large = ask(verb::put, of_alice + "/chunks/a", "");
  large.set(field::content_length, "1001");
  EXPECT_EQ(status(large), 401u) << "before the length is looked at";
  EXPECT_EQ(status(ask(verb::post, of_alice + "/log", "")), 401u) << "and the type";
}

TEST_F(HandlersAccessTest, StrangersDoNotUseUpAUsersRate) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(status(ask(verb::get, of_alice + "/head", i % 2 == 0 ? "bad" : "")), 401u);
  }
  EXPECT_EQ(status(ask(verb::get, of_alice + "/head", "good")), 200u);
}

TEST_F(HandlersAccessTest, APreflightIsAnsweredWithoutCredentials) {
  Request request = ask(verb::options, of_alice + "/head", "");
  request.set(field::origin, "https://a.example");
  EXPECT_EQ(status(request), 405u) << "no preflight";
  request.set(field::access_control_request_method, "PUT");
  EXPECT_EQ(status(request), 204u);
  request.set(field::origin, "https://b.example");
  EXPECT_EQ(status(request), 405u);
}

TEST_F(HandlersAccessTest, WhateverAnswersSaysWhichPagesMaySeeIt) {
  for (const char* target : {"/", "/nothing"}) {
    Request request = ask(verb::get, target, "");
    request.set(field::origin, "https://a.example");
    const Admission admission = handlers.admit(request, {});
    EXPECT_NE(admission.answer_headers.find("Access-Control-Allow-Origin: https://a.example"),
              std::string::npos);
  }
}

TEST_F(HandlersAccessTest, MetricsAreForAdministrators) {
  EXPECT_EQ(status(ask(verb::get, "/metrics", "")), 401u);
  EXPECT_EQ(status(ask(verb::get, "/metrics", "good")), 403u);
}

}  // namespace
}  // namespace mentat_sync
