// Ids of requests: whose is taken, and that ours differ.
#include "http/request_id.hpp"

#include "storage/bounds.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mentat_sync {
namespace {

RequestHeader with_id(const std::string& id) {
  RequestHeader header;
  header.insert("X-Request-Id", id);
  return header;
}

TEST(RequestId, IsTheClientsWhenThatIsFitForALog) {
  RequestIds ids;
  const std::string longest(bounds::request_id_chars, 'x');
  for (const std::string& fit : {std::string{"a"}, std::string{"0f-3_b.c:d/e+f=@"}, longest}) {
    EXPECT_EQ(request_id_of(with_id(fit), ids), fit);
  }
}

TEST(RequestId, IsOursWhenTheClientsIsNotFit) {
  RequestIds ids;
  const std::string too_long(bounds::request_id_chars + 1, 'x');
  for (const std::string& unfit : {std::string{}, std::string{"a b"}, std::string{"a\"b"},
                                   std::string{"\x1b[31m"}, std::string{"\xc3\xa9"}, too_long}) {
    const std::string id = request_id_of(with_id(unfit), ids);
    EXPECT_NE(id, unfit);
    EXPECT_LE(id.size(), 15u);
  }
  EXPECT_FALSE(request_id_of(RequestHeader{}, ids).empty());
}

TEST(RequestId, IsOursWhenTheClientSendsTwo) {
  RequestIds ids;
  for (const char* second : {"b", "a"}) {
    auto header = with_id("a");
    header.insert("X-Request-Id", second);
    const auto id = request_id_of(header, ids);
    EXPECT_NE(id, "a");
    EXPECT_NE(id, "b");
  }
}

TEST(RequestId, OursDiffer) {
  RequestIds one;
  RequestIds other;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert({one.next(), other.next()});
  EXPECT_EQ(seen.size(), 2000u);
}

TEST(RequestId, IsKnownWhileTheRequestIsWorkedOn) {
  EXPECT_EQ(current_request_id(), "");
  {
    const RequestScope outer{"a"};
    {
      const RequestScope inner{"b"};
      EXPECT_EQ(current_request_id(), "b");
    }
    EXPECT_EQ(current_request_id(), "a");
  }
  EXPECT_EQ(current_request_id(), "");
}

}  // namespace
}  // namespace mentat_sync
