// Problems are RFC 9457's, with a stable type, and never look like an answer that succeeded.
#include "http/problem.hpp"

#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

TEST(Problem, HasTypeTitleStatusAndDetail) {
  const Response response = to_response({problems::no_route, "Try another."});
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"urn:mentat-sync:problem:no-route","title":"No such path","status":404,)"
            R"("detail":"Try another."})");
  EXPECT_FALSE(response.close);
}

TEST(Problem, IsNotForCaches) {
  EXPECT_EQ(header_of(to_response({problems::no_route, ""}), "Cache-Control"), "no-store");
}

TEST(Problem, CarriesItsExtensions) {
  const auto json = json_of(to_response(Problem{.kind = problems::missing_chunks,
                                                .detail = "",
                                                .current_head = transaction_id(first),
                                                .missing = {chunk_id("b"), chunk_id("a")},
                                                .limit = ProblemLimit{"limit_bytes", 7}}));
  EXPECT_EQ(json["current_head"], first);
  EXPECT_EQ(json["missing"], (nlohmann::json{"b", "a"}));
  EXPECT_EQ(json["limit_bytes"], 7);
  for (const auto* key : {"head", "transactions", "chunks"}) EXPECT_FALSE(json.contains(key));
}

TEST(Problem, KeepsItsHeaders) {
  const Response response =
      to_response({.kind = problems::overloaded, .detail = "", .headers = "Retry-After: 1\r\n"});
  EXPECT_EQ(header_of(response, "Retry-After"), "1");
}

TEST(Problem, WithoutASlugIsAboutBlank) {
  const auto json = json_of(to_response({ProblemKind{.status = 505}, "HTTP/1.1, please."}));
  EXPECT_EQ(json["type"], "about:blank");
  EXPECT_EQ(json["title"], "HTTP Version Not Supported");
}

TEST(Problem, ReplacesWhatIsNotUtf8) {
  const auto json = json_of(to_response({problems::malformed_request, "a\xff\"\n"}));
  EXPECT_EQ(json["detail"], "a\xef\xbf\xbd\"\n");
}

}  // namespace
}  // namespace mentat_sync
