// Black-box: the listing of committed transactions and its pages.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The target of a Link header's rel="next"; empty when there is none.
std::string next_link(const HttpResponse& response) {
  const std::string link = response.header("Link");
  if (link.find("rel=\"next\"") == std::string::npos) return {};
  const auto start = link.find('<') + 1;
  return link.substr(start, link.find('>') - start);
}

class ListConformance : public RunningServer {
 protected:
  /// One upload of `length` transactions, one HEAD at the end.
  std::vector<std::string> make_chain(std::size_t length) {
    client.put_chunk("a", "x");
    std::string parent{root_id};
    std::vector<std::string> chain;
    for (std::size_t i = 0; i < length; ++i) {
      chain.push_back(new_uuid());
      EXPECT_EQ(client.put_transaction(chain.back(), parent, {"a"}).status, 201);
      parent = chain.back();
    }
    EXPECT_EQ(client.put_head(parent).status, 204);
    return chain;
  }

  /// Follows the links from `path` to the end.
  std::vector<std::string> follow(const std::string& path, std::size_t page_size) {
    std::vector<std::string> all;
    HttpClient http{port()};
    for (std::string at = client.target(path); !at.empty();) {
      const auto page = http.request({.target = at});
      EXPECT_EQ(page.status, 200) << at;
      const auto ids = page.json().value("transactions", std::vector<std::string>{});
      EXPECT_LE(ids.size(), page_size);
      all.insert(all.end(), ids.begin(), ids.end());
      at = next_link(page);
      EXPECT_TRUE(at.empty() || ids.size() == page_size) << "a short page that is not the last";
      if (ids.empty()) break;
    }
    return all;
  }
};

TEST_F(ListConformance, AnswersExactlyFromLimitAndTransactions) {
  const auto chain = make_chain(2);
  const auto response = client.get("/transactions");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.json(),
            (nlohmann::json{{"from", root_id}, {"limit", 100}, {"transactions", chain}}));
  EXPECT_FALSE(response.has("Link"));
}

TEST_F(ListConformance, FromIsExclusive) {
  const auto chain = make_chain(3);
  EXPECT_THAT(client.transactions(chain[0]), ElementsAre(chain[1], chain[2]));
  EXPECT_THAT(client.transactions(chain[1]), ElementsAre(chain[2]));
  EXPECT_THAT(client.transactions(chain[2]), IsEmpty());
}

TEST_F(ListConformance, LimitIsTheMostWithAndWithoutFrom) {
  const auto chain = make_chain(4);
  EXPECT_THAT(client.get("/transactions?limit=2").json()["transactions"],
              ElementsAre(chain[0], chain[1]));
  EXPECT_THAT(client.get("/transactions?limit=2&from=" + chain[0]).json()["transactions"],
              ElementsAre(chain[1], chain[2]));
  EXPECT_THAT(client.get("/transactions?limit=1&from=" + chain[2]).json()["transactions"],
              ElementsAre(chain[3]));
}

TEST_F(ListConformance, TheDefaultLimitIs100) {
  const auto chain = make_chain(103);
  const auto page = client.get("/transactions");
  EXPECT_EQ(page.json()["transactions"].size(), 100);
  EXPECT_EQ(page.json()["limit"], 100);
  EXPECT_EQ(follow("/transactions", 100), chain);
}

TEST_F(ListConformance, LinksLeadToTheEndAtEveryPageSize) {
  const auto chain = make_chain(12);
  for (std::size_t limit = 1; limit <= 13; ++limit) {
    EXPECT_EQ(follow("/transactions?limit=" + std::to_string(limit), limit), chain) << limit;
  }
}

TEST_F(ListConformance, TheLastPageHasNoLinkEvenWhenItIsFull) {
  make_chain(4);
  EXPECT_FALSE(client.get("/transactions?limit=4").has("Link"));
  EXPECT_TRUE(client.get("/transactions?limit=3").has("Link"));
}

TEST_F(ListConformance, TheLinkNamesTheLastIdAndTheLimit) {
  const auto chain = make_chain(3);
  const auto response = client.get("/transactions?limit=2");
  EXPECT_THAT(response.header("Link"), HasSubstr("rel=\"next\""));
  EXPECT_THAT(next_link(response), HasSubstr("from=" + chain[1]));
  EXPECT_THAT(next_link(response), HasSubstr("limit=2"));
  EXPECT_EQ(next_link(response).find(client.target("/transactions?")), 0U);
}

TEST_F(ListConformance, LargeLimitsAreClampedAndEchoedAsUsed) {
  make_chain(1);
  for (const char* limit : {"10000", "10001", "4294967296", "99999999999999999999999999"}) {
    const auto response = client.get(std::string{"/transactions?limit="} + limit);
    EXPECT_EQ(response.status, 200) << limit;
    EXPECT_EQ(response.json()["limit"], 10'000) << limit;
  }
}

TEST_F(ListConformance, FromIsEchoedInLowerCase) {
  client.put_chunk("a", "x");
  const std::string id = "abcdefab-cdef-abcd-efab-cdefabcdefab";
  client.put_transaction(id, root_id, {"a"});
  client.put_head(id);
  const auto response = client.get("/transactions?from=ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.json()["from"], id);
}

TEST_F(ListConformance, TheRootIsAFromOfEveryUser) {
  const auto response = client.get("/transactions?from=" + std::string{root_id});
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.json()["transactions"], IsEmpty());
}

TEST_F(ListConformance, AFromThatIsNotCommittedIs404) {
  const auto dead = client.add_transaction(root_id);
  const auto first = client.commit_transaction(root_id);
  const auto pending = client.add_transaction(first);
  for (const auto& from : {dead, pending, new_uuid()}) {
    EXPECT_TRUE(is_problem(client.get("/transactions?from=" + from), 404)) << from;
  }
}

TEST_F(ListConformance, UnknownParametersAreIgnored) {
  const auto chain = make_chain(2);
  const auto response = client.get("/transactions?colour=red&limit=1&x&=&y=");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.json()["transactions"], ElementsAre(chain[0]));
}

TEST_F(ListConformance, ParametersArePercentDecodedOnce) {
  make_chain(2);
  EXPECT_EQ(client.get("/transactions?limit=%31").json()["limit"], 1);
  EXPECT_EQ(client.get("/transactions?%6cimit=1").json()["limit"], 1);
  EXPECT_TRUE(is_problem(client.get("/transactions?limit=%2531"), 400));
}

TEST_F(ListConformance, AnEmptyQueryIsNone) {
  EXPECT_EQ(client.get("/transactions?").status, 200);
}

TEST_F(ListConformance, HeadMethodHasTheHeadersOfGet) {
  make_chain(3);
  const auto response = client.request("HEAD", "/transactions?limit=2");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_TRUE(response.has("Link"));
}

class BadListQuery : public RunningServer, public testing::WithParamInterface<std::string> {};

TEST_P(BadListQuery, Is400) {
  EXPECT_TRUE(is_problem(client.get("/transactions?" + GetParam()), 400));
}

INSTANTIATE_TEST_SUITE_P(Limit, BadListQuery,
                         testing::Values("limit=0", "limit=-1", "limit=abc", "limit=", "limit",
                                         "limit=1.5", "limit=1e2", "limit=0x10", "limit=%2B5",
                                         "limit=+5", "limit=%205", "limit=5%20", "limit=00",
                                         "limit=-99999999999999999999", "limit=1&limit=1",
                                         "limit=1&limit=2", "limit=%00", "limit=%zz", "limit=1,2"));

INSTANTIATE_TEST_SUITE_P(From, BadListQuery,
                         testing::Values("from=", "from", "from=abc",
                                         "from=00000000000000000000000000000000",
                                         "from={00000000-0000-0000-0000-000000000000}",
                                         "from=00000000-0000-0000-0000-00000000000",
                                         "from=00000000-0000-0000-0000-0000000000000",
                                         "from=g0000000-0000-0000-0000-000000000000",
                                         "from=%7B0000000-0000-0000-0000-000000000000",
                                         "from=00000000-0000-0000-0000-000000000000%00",
                                         "from=00000000-0000-0000-0000-000000000000&from="
                                         "00000000-0000-0000-0000-000000000000"));

}  // namespace
}  // namespace mentat_sync
