// What browsers are told, and what they are not.
#include "http/cors.hpp"

#include "tests/http/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using beast_http::field;
using beast_http::verb;
using ::testing::HasSubstr;
using ::testing::Not;

CorsPolicy policy(const std::vector<std::string>& origins) {
  return CorsPolicy::parse(origins).value();
}

Request from(std::string_view origin, verb method = verb::get) {
  Request request = request_of(method, "/");
  request.set(field::origin, origin);
  return request;
}

Request preflight_from(std::string_view origin) {
  Request request = from(origin, verb::options);
  request.set(field::access_control_request_method, "PUT");
  return request;
}

TEST(Cors, SaysNothingWithoutAPolicy) {
  EXPECT_EQ(CorsPolicy{}.answer_headers(from("https://a.example")), "");
  EXPECT_FALSE(CorsPolicy{}.preflight(preflight_from("https://a.example")));
}

TEST(Cors, AnswersThePreflightOfAnAllowedOrigin) {
  const auto cors = policy({"https://a.example", "http://localhost:3000"});
  const auto response = cors.preflight(preflight_from("http://localhost:3000"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204u);
  EXPECT_THAT(header_of(*response, "Access-Control-Allow-Methods"), HasSubstr("DELETE"));
  EXPECT_THAT(header_of(*response, "Access-Control-Allow-Headers"), HasSubstr("Authorization"));
  EXPECT_EQ(header_of(*response, "Access-Control-Max-Age"), "86400");
}

TEST(Cors, LeavesOtherRequestsAlone) {
  const auto cors = policy({"https://a.example"});
  EXPECT_FALSE(cors.preflight(preflight_from("https://b.example")));
  EXPECT_FALSE(cors.preflight(from("https://a.example", verb::options)));
  Request get = preflight_from("https://a.example");
  get.method(verb::get);
  EXPECT_FALSE(cors.preflight(get));
  Request without_origin = preflight_from("https://a.example");
  without_origin.erase(field::origin);
  EXPECT_FALSE(policy({"*"}).preflight(without_origin));
}

TEST(Cors, NamesTheOriginThatAsked) {
  const auto lines =
      policy({"https://a.example", "https://b.example"}).answer_headers(from("https://b.example"));
  EXPECT_THAT(lines, HasSubstr("Access-Control-Allow-Origin: https://b.example\r\n"));
  EXPECT_THAT(lines, HasSubstr("Vary: Origin\r\n"));
  for (const char* name : {"ETag", "Link", "Location", "Retry-After", "X-Request-Id",
                           "Preference-Applied", "WWW-Authenticate"}) {
    EXPECT_THAT(lines, HasSubstr(name));
  }
}

TEST(Cors, NeverAllowsCredentials) {
  for (const auto& cors : {policy({"*"}), policy({"https://a.example"})}) {
    EXPECT_THAT(cors.answer_headers(from("https://a.example")), Not(HasSubstr("Credentials")));
    EXPECT_THAT(cors.preflight(preflight_from("https://a.example"))->headers,
                Not(HasSubstr("Credentials")));
  }
}

TEST(Cors, TellsOtherOriginsNothingButThatItDepends) {
  const auto cors = policy({"https://a.example"});
  for (const char* origin :
       {"https://a.example.evil.example", "http://a.example", "https://a.example:444", "null",
        "https://A.EXAMPLE", "https://a.example,https://b.example", ""}) {
    EXPECT_EQ(cors.answer_headers(from(origin)), "Vary: Origin\r\n") << origin;
  }
  EXPECT_EQ(cors.answer_headers(request_of(verb::get, "/")), "Vary: Origin\r\n");
  Request twice = from("https://a.example");
  twice.insert(field::origin, "https://a.example");
  EXPECT_EQ(cors.answer_headers(twice), "Vary: Origin\r\n");
}

TEST(Cors, TellsAllTheSameWhenAllMay) {
  const auto lines = policy({"*"}).answer_headers(from("https://any.example"));
  EXPECT_THAT(lines, HasSubstr("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_THAT(lines, Not(HasSubstr("Vary")));
}

TEST(Cors, TakesOriginsAsBrowsersWriteThem) {
  for (const char* origin : {"https://a.example", "http://localhost:8080", "http://[::1]:3000",
                             "moz-extension://6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10", "*"}) {
    EXPECT_TRUE(CorsPolicy::parse({origin}).ok()) << origin;
  }
  for (const char* other :
       {"", "a.example", "https://", "https://a.example/", "https://a.example/path",
        "https://A.example", "HTTPS://a.example", "https://a.example:443", "http://a.example:80",
        "https://*.example", "null", "https://a.example\r\nX: y", "https://u@a.example"}) {
    EXPECT_FALSE(CorsPolicy::parse({other}).ok()) << other;
  }
}

TEST(Cors, BoundsHowManyOrigins) {
  std::vector<std::string> origins(bounds::cors_origins, "https://a.example");
  EXPECT_TRUE(CorsPolicy::parse(origins).ok());
  origins.push_back("https://a.example");
  EXPECT_FALSE(CorsPolicy::parse(origins).ok());
}

}  // namespace
}  // namespace mentat_sync
