// What a request's header is refused for.
#include "http/admission.hpp"

#include "storage/bounds.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mentat_sync {
namespace {

using beast_http::field;
using beast_http::verb;

/// The status a header is refused with; 0 when it is not.
unsigned refusal(const RequestHeader& header) {
  const auto problem = problem_with_header(header);
  return problem ? problem->kind.status : 0;
}

unsigned refusal_with(field name, std::string_view value) {
  auto request = request_of(verb::put, "/");
  request.insert(name, value);
  return refusal(request);
}

TEST(Admission, TakesAnOrdinaryRequest) {
  EXPECT_EQ(refusal(request_of(verb::get, "/")), 0u);
}

TEST(Admission, BoundsTheTarget) {
  EXPECT_EQ(refusal(request_of(verb::get, std::string(bounds::target_bytes, '/'))), 0u);
  EXPECT_EQ(refusal(request_of(verb::get, std::string(bounds::target_bytes + 1, '/'))), 414u);
}

TEST(Admission, WantsExactlyOneHost) {
  EXPECT_EQ(refusal_with(field::host, "b"), 400u);
  auto request = request_of(verb::get, "/");
  request.erase(field::host);
  EXPECT_EQ(refusal(request), 400u);
  request.version(10);
  EXPECT_EQ(refusal(request), 0u);
}

TEST(Admission, WantsAHostThatCanBeOne) {
  auto request = request_of(verb::get, "/");
  for (const auto* host : {"", "a", "a:1", "[::1]:80", "a%20b", "a_b.c"}) {
    request.set(field::host, host);
    EXPECT_EQ(refusal(request), 0u) << host;
  }
  for (const auto* host : {"a b", "a/b", "u@a", "http://a", "a?", "a#b"}) {
    request.set(field::host, host);
    EXPECT_EQ(refusal(request), 400u) << host;
  }
}

TEST(Admission, MeetsOneExpectation) {
  EXPECT_EQ(refusal_with(field::expect, "100-continue"), 0u);
  EXPECT_EQ(refusal_with(field::expect, "100-Continue"), 0u);
  EXPECT_EQ(refusal_with(field::expect, "200-ok"), 417u);
  EXPECT_EQ(refusal_with(field::expect, "100-continue, x"), 417u);
}

TEST(Admission, RefusesEncodedBodies) {
  EXPECT_EQ(refusal_with(field::content_encoding, "identity"), 0u);
  EXPECT_EQ(refusal_with(field::content_encoding, ""), 0u);
  EXPECT_EQ(refusal_with(field::content_encoding, "identity , IDENTITY,"), 0u);
  for (const auto* coding : {"gzip", "identity, gzip", "gzip, identity", "x", "br", "\"gzip\"",
                             "@gzip", "identity;gzip", "identity gzip", ",gzip"}) {
    EXPECT_EQ(refusal_with(field::content_encoding, coding), 415u) << coding;
  }
  auto request = request_of(verb::put, "/");
  request.insert(field::content_encoding, "identity");
  request.insert(field::content_encoding, "gzip");
  EXPECT_EQ(problem_with_header(request)->headers, "Accept-Encoding: identity\r\n");
}

TEST(Admission, RefusesALengthBeyondTheLimit) {
  auto request = request_of(verb::put, "/");
  EXPECT_FALSE(problem_with_length(request, 10));
  for (const auto* length : {"0", "10", "0010"}) {
    request.set(field::content_length, length);
    EXPECT_FALSE(problem_with_length(request, 10)) << length;
  }
  for (const auto* length :
       {"11", "18446744073709551615", "18446744073709551616", "99999999999999999999999999999999"}) {
    request.set(field::content_length, length);
    const auto problem = problem_with_length(request, 10);
    ASSERT_TRUE(problem) << length;
    EXPECT_EQ(problem->kind.status, 413u);
    EXPECT_EQ(problem->limit->value, 10u);
  }
}

}  // namespace
}  // namespace mentat_sync
