// What handlers bound themselves: rates, and who is asked for them; and what they say of the
// server.
#include "handlers_fixture.hpp"
#include "http/handlers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace mentat_sync {
namespace {

using beast_http::verb;
using boost::asio::ip::make_address;

const std::string of_bob = "/0.1/bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

class HandlerLimitsTest : public testing::Test {
 protected:
  void start(HandlerOptions options) { handlers.emplace(store, gateway, std::move(options)); }

  /// The status that the header alone is refused with; 0: it is admitted.
  unsigned refusal(const std::string& target, const char* peer = "10.0.0.1",
                   const char* forwarded_for = nullptr) {
    Request request = request_of(verb::get, target);
    if (forwarded_for != nullptr) request.set("X-Forwarded-For", forwarded_for);
    Peer from;
    from.address = make_address(peer);
    last = handlers->admit(request, from);
    return last.refusal ? last.refusal->status : 0;
  }

  FakeStore store;
  FakeGateway gateway;
  std::optional<Handlers> handlers;
  Admission last;
};

TEST_F(HandlerLimitsTest, AUserIsRefusedWithoutEffectOnOthers) {
  HandlerOptions options;
  options.limits.user_requests_per_second = 1;
  start(options);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(refusal(of_alice), 0u) << i;
  EXPECT_EQ(refusal(of_alice + "/head"), 429u);
  EXPECT_EQ(json_of(*last.refusal)["type"], urn("too-many-requests"));
  EXPECT_EQ(header_of(*last.refusal, "Retry-After"), "1");
  EXPECT_EQ(refusal(of_bob), 0u);
  EXPECT_EQ(handlers->refused_by_user_rate(), 1u);
  EXPECT_EQ(handlers->refused_by_address_rate(), 0u);
}

TEST_F(HandlerLimitsTest, AnAddressIsRefusedWhoeverItAsksFor) {
  HandlerOptions options;
  options.limits.address_requests_per_second = 1;
  start(options);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(refusal(of_alice), 0u) << i;
  EXPECT_EQ(refusal(of_bob), 429u);
  EXPECT_EQ(refusal(of_bob, "10.0.0.2"), 0u);
  EXPECT_EQ(handlers->refused_by_address_rate(), 1u);
}

TEST_F(HandlerLimitsTest, WhatIsAboutTheServerIsNotCounted) {
  HandlerOptions options;
  options.limits.address_requests_per_second = 1;
  start(options);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(refusal("/__lbheartbeat__"), 0u);
  EXPECT_EQ(refusal(of_alice), 0u);
}

TEST_F(HandlerLimitsTest, BehindATrustedProxyTheClientCounts) {
  HandlerOptions options;
  options.limits.address_requests_per_second = 1;
  ASSERT_TRUE(options.trusted_proxies.add("10.0.0.1").ok());
  start(options);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(refusal(of_alice, "10.0.0.1", "192.0.2.1"), 0u);
  EXPECT_EQ(refusal(of_alice, "10.0.0.1", "192.0.2.1"), 429u);
  EXPECT_EQ(last.client, make_address("192.0.2.1"));
  EXPECT_EQ(refusal(of_alice, "10.0.0.1", "192.0.2.2"), 0u);
  EXPECT_EQ(refusal(of_alice, "10.0.0.9", "192.0.2.1"), 0u) << "who is not trusted is himself";
  EXPECT_EQ(last.client, make_address("10.0.0.9"));
}

TEST_F(HandlerLimitsTest, ARefusalSaysWhereItWouldHaveGone) {
  start({});
  EXPECT_EQ(refusal("/nothing"), 404u);
  EXPECT_FALSE(last.routed);
  EXPECT_EQ(refusal(of_alice), 0u);
  EXPECT_TRUE(last.routed);
}

TEST_F(HandlerLimitsTest, MetricsAreThereWhenSomebodyMakesThem) {
  HandlerOptions options;
  start(options);
  std::string body;
  unsigned status = 0;
  const auto ask = [&] {
    Route route;
    route.action = Action::metrics;
    handlers->handle(route, {}, [&](Response response) {
      status = response.status;
      body = response.body;
    });
  };
  ask();
  EXPECT_EQ(status, 404u);
  options.metrics = [] { return std::string{"up 1\n"}; };
  start(options);
  ask();
  EXPECT_EQ(status, 200u);
  EXPECT_EQ(body, "up 1\n");
}

TEST_F(HandlerLimitsTest, TooManyConnectionsOrBodiesAreToBeTriedAgain) {
  start({});
  const Response response = handlers->bad_request(503, "why");
  EXPECT_EQ(json_of(response)["type"], urn("overloaded"));
  EXPECT_EQ(header_of(response, "Retry-After"), "1");
}

}  // namespace
}  // namespace mentat_sync
