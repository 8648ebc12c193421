// HandlersFixture: handlers before a store and a gateway that a test tells what to answer.
#pragma once

#include "http/handlers.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mentat_sync {

inline const std::string of_alice = "/0.1/" + std::string{alice};

class HandlersFixture : public testing::Test {
 protected:
  /// As a connection does it: admit, then handle.
  Response answer(Request request) {
    Admission admission = handlers.admit(request, {});
    if (admission.refusal) return *admission.refusal;
    if ((request.sink = admission.sink)) {
      request.sink->take(request.body());
      request.body().clear();
    }
    std::optional<Response> answered;
    handlers.handle(admission.route, std::move(request), [&](Response response) {
      EXPECT_FALSE(answered) << "answered twice";
      answered = std::move(response);
    });
    EXPECT_TRUE(answered) << "not answered";
    return answered.value_or(Response{.status = 0});
  }

  Response answer(beast_http::verb method, const std::string& target, std::string_view body = {}) {
    return answer(request_of(method, target, body));
  }

  Response refuse(Verdict verdict, beast_http::verb method, const std::string& target,
                  std::string_view body) {
    gateway.outcome.verdict = verdict;
    return answer(method, target, body);
  }

  Admission admit(beast_http::verb method, const std::string& target) {
    return handlers.admit(request_of(method, target), {});
  }

  FakeStore store;
  FakeGateway gateway;
  static HandlerOptions options() {
    HandlerOptions options;
    options.limits.chunk_bytes = 1000;
    options.limits.push_body_bytes = 100'000;
    return options;
  }

  Handlers handlers{store, gateway, options()};
};

}  // namespace mentat_sync
