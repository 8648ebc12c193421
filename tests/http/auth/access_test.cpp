// The header, the needs of each action, the answers that say no.
#include "http/auth/access.hpp"

#include "storage/bounds.hpp"
#include "tests/http/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using beast_http::field;
using ::testing::HasSubstr;
using ::testing::Not;

/// Takes "good", and whatever a test adds to what it is good for.
class FakeAuthenticator final : public Authenticator {
 public:
  Grant grant{"test", user_id(alice), {Scope::read, Scope::write}};
  mutable int asked = 0;

  Authentication authenticate(std::string_view token) const override {
    ++asked;
    if (token == "good") return grant;
    return Refused{"The token is not known"};
  }
};

Route route_to(Action action, UserId user = {}) {
  Route route;
  route.action = action;
  route.user = user;
  return route;
}

class AccessTest : public testing::Test {
 protected:
  std::optional<Problem> ask(Action action, std::string_view authorization) {
    Request request = request_of(beast_http::verb::get, "/");
    request.set(field::authorization, authorization);
    return problem_with_access(authenticator, request, route_to(action, user));
  }
  unsigned status(Action action, std::string_view authorization) {
    const auto problem = ask(action, authorization);
    return problem ? problem->kind.status : 200;
  }

  UserId user = user_id(alice);
  FakeAuthenticator authenticator;
};

TEST_F(AccessTest, LetsAnyoneAskWhetherItLives) {
  const Request request = request_of(beast_http::verb::get, "/");
  for (const Action action :
       {Action::root, Action::lb_heartbeat, Action::heartbeat, Action::version, Action::limits}) {
    EXPECT_FALSE(scope_needed(action));
    EXPECT_FALSE(problem_with_access(authenticator, request, route_to(action)));
  }
  EXPECT_EQ(authenticator.asked, 0);
}

TEST_F(AccessTest, NeedsReadForReads) {
  for (const Action action : {Action::summary, Action::get_head, Action::events, Action::pull,
                              Action::list, Action::get_transaction, Action::get_chunk}) {
    EXPECT_EQ(scope_needed(action), Scope::read);
  }
}

TEST_F(AccessTest, NeedsWriteForChangesAndForLeases) {
  for (const Action action : {Action::delete_user, Action::put_head, Action::push, Action::missing,
                              Action::put_transaction, Action::put_chunk}) {
    EXPECT_EQ(scope_needed(action), Scope::write);
  }
}

TEST_F(AccessTest, NeedsAdminForMetrics) {
  EXPECT_EQ(status(Action::metrics, "Bearer good"), 403u);
  authenticator.grant.scopes = {Scope::admin};
  EXPECT_EQ(status(Action::metrics, "Bearer good"), 200u);
  EXPECT_EQ(status(Action::get_head, "Bearer good"), 403u);
}

TEST_F(AccessTest, AsksForCredentialsWhereThereAreNone) {
  const Request request = request_of(beast_http::verb::get, "/");
  const auto problem = problem_with_access(authenticator, request, route_to(Action::get_head));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind.slug, "credentials-required");
  EXPECT_THAT(problem->detail, HasSubstr("a token for this user"));
  const auto metrics = problem_with_access(authenticator, request, route_to(Action::metrics));
  ASSERT_TRUE(metrics);
  EXPECT_THAT(metrics->detail, HasSubstr("a token with the scope admin"));
  const auto response = to_response(*problem);
  EXPECT_EQ(response.status, 401u);
  EXPECT_EQ(header_of(response, "WWW-Authenticate"), "Bearer realm=\"mentat-sync\"");
}

TEST_F(AccessTest, AsksForABearerTokenInsteadOfOtherSchemes) {
  for (const char* other :
       {"Basic Z29vZA==", "good", "Bearer", "Bearer ", "Bearergood", "Token good", ""}) {
    const auto problem = ask(Action::get_head, other);
    ASSERT_TRUE(problem) << other;
    EXPECT_EQ(problem->kind.slug, "credentials-required") << other;
  }
  EXPECT_EQ(authenticator.asked, 0);
}

TEST_F(AccessTest, ReadsTheSchemeInAnyCaseAndWithSpacesBehindIt) {
  EXPECT_EQ(status(Action::get_head, "Bearer good"), 200u);
  EXPECT_EQ(status(Action::get_head, "bearer good"), 200u);
  EXPECT_EQ(status(Action::get_head, "BEARER   good"), 200u);
  EXPECT_EQ(status(Action::get_head, "Bearer good  "), 200u);  // no part of the value
}

TEST_F(AccessTest, RefusesTokensOfCharactersThatNoneHas) {
  for (const char* token : {"Bearer good good", "Bearer goo,d", "Bearer \"good\"",
                            "Bearer =", "Bearer g\too", "Bearer go=od"}) {
    const auto problem = ask(Action::get_head, token);
    ASSERT_TRUE(problem) << token;
    EXPECT_EQ(problem->kind.slug, "credentials-refused") << token;
  }
  EXPECT_EQ(authenticator.asked, 0);
}

TEST_F(AccessTest, RefusesTwoHeaders) {
  Request request = request_of(beast_http::verb::get, "/");
  request.insert(field::authorization, "Bearer good");
  request.insert(field::authorization, "Bearer good");
  const auto problem = problem_with_access(authenticator, request, route_to(Action::get_head));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind.status, 400u);
  EXPECT_THAT(problem->headers, HasSubstr("error=\"invalid_request\""));
}

TEST_F(AccessTest, BoundsTheHeadersLength) {
  const std::string scheme = "Bearer ";
  const std::string longest(bounds::credentials_bytes - scheme.size(), 'x');
  EXPECT_EQ(status(Action::get_head, scheme + longest), 401u);
  EXPECT_EQ(authenticator.asked, 1);
  EXPECT_EQ(status(Action::get_head, scheme + longest + "x"), 400u);
  EXPECT_EQ(authenticator.asked, 1);
}

TEST_F(AccessTest, NeverTakesATokenFromTheTarget) {
  const Request request = request_of(beast_http::verb::get, "/0.1/x?access_token=good");
  const auto problem = problem_with_access(authenticator, request, route_to(Action::get_head));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind.status, 401u);
}

TEST_F(AccessTest, SaysWhyATokenIsRefused) {
  const auto problem = ask(Action::get_head, "Bearer bad");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind.status, 401u);
  EXPECT_THAT(problem->headers,
              HasSubstr("error=\"invalid_token\", error_description=\"The token is not known\""));
  EXPECT_THAT(to_response(*problem).body, Not(HasSubstr("bad")));
}

TEST_F(AccessTest, SaysWhichScopeIsLacking) {
  authenticator.grant.scopes = {Scope::read};
  const auto problem = ask(Action::put_head, "Bearer good");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind.status, 403u);
  EXPECT_THAT(problem->headers, HasSubstr("error=\"insufficient_scope\""));
  EXPECT_THAT(problem->headers, HasSubstr("scope=\"write\""));
}

TEST_F(AccessTest, KeepsTheBearerToHisOwnLog) {
  user = user_id(first);
  const auto problem = ask(Action::get_head, "Bearer good");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind.slug, "other-user");
  EXPECT_EQ(problem->kind.status, 403u);
  EXPECT_THAT(to_response(*problem).body, Not(HasSubstr(std::string{alice})));
  authenticator.grant.user = std::nullopt;
  EXPECT_EQ(status(Action::get_head, "Bearer good"), 200u);
}

}  // namespace
}  // namespace mentat_sync
