// Every path and method of the protocol, and what is near them.
#include "http/router.hpp"

#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using boost::beast::http::verb;

const std::string of_alice = "/0.1/" + std::string{alice};

/// The route, which must be one.
Route found(verb method, const std::string& target) {
  const Routing routing = route(method, target);
  EXPECT_TRUE(std::holds_alternative<Route>(routing)) << target;
  const auto* route = std::get_if<Route>(&routing);
  return route == nullptr ? Route{} : *route;
}

bool is_no_route(verb method, const std::string& target) {
  return std::holds_alternative<NoRoute>(route(method, target));
}

bool is_malformed(verb method, const std::string& target) {
  const Routing routing = route(method, target);
  const auto* malformed = std::get_if<MalformedTarget>(&routing);
  return malformed != nullptr && !malformed->detail.empty();
}

std::string allow(verb method, const std::string& target) {
  const Routing routing = route(method, target);
  const auto* refused = std::get_if<MethodNotAllowed>(&routing);
  return refused == nullptr ? "" : std::string{refused->allow};
}

TEST(Router, KnowsEveryPathOfTheProtocol) {
  EXPECT_EQ(found(verb::get, "/").action, Action::root);
  EXPECT_EQ(found(verb::get, "/__lbheartbeat__").action, Action::lb_heartbeat);
  EXPECT_EQ(found(verb::get, "/__heartbeat__").action, Action::heartbeat);
  EXPECT_EQ(found(verb::get, "/__version__").action, Action::version);
  EXPECT_EQ(found(verb::get, "/__limits__").action, Action::limits);
  EXPECT_EQ(found(verb::get, "/metrics").action, Action::metrics);
  EXPECT_EQ(found(verb::get, of_alice).action, Action::summary);
  EXPECT_EQ(found(verb::get, of_alice + "/").action, Action::summary);
  EXPECT_EQ(found(verb::delete_, of_alice).action, Action::delete_user);
  EXPECT_EQ(found(verb::delete_, of_alice + "/").action, Action::delete_user);
  EXPECT_EQ(found(verb::get, of_alice + "/head").action, Action::get_head);
  EXPECT_EQ(found(verb::put, of_alice + "/head").action, Action::put_head);
  EXPECT_EQ(found(verb::get, of_alice + "/transactions").action, Action::list);
}

TEST(Router, KnowsEveryPathBeyondTheProtocol) {
  EXPECT_EQ(found(verb::get, of_alice + "/log").action, Action::pull);
  EXPECT_EQ(found(verb::head, of_alice + "/log").action, Action::pull);
  EXPECT_EQ(found(verb::post, of_alice + "/log").action, Action::push);
  EXPECT_EQ(found(verb::post, of_alice + "/missing").action, Action::missing);
  EXPECT_EQ(found(verb::get, of_alice + "/events").action, Action::events);
  for (const auto* path : {"/log", "/events"}) {
    EXPECT_EQ(found(verb::get, of_alice + path).user, user_id(alice));
  }
}

TEST(Router, ReadsTheIdsOfAPath) {
  const auto transaction = found(verb::put, of_alice + "/transactions/" + std::string{first});
  EXPECT_EQ(transaction.action, Action::put_transaction);
  EXPECT_EQ(transaction.user, user_id(alice));
  EXPECT_EQ(transaction.transaction, transaction_id(first));
  const auto chunk = found(verb::get, of_alice + "/chunks/a-0");
  EXPECT_EQ(chunk.action, Action::get_chunk);
  EXPECT_EQ(chunk.chunk.text(), "a-0");
  EXPECT_EQ(found(verb::put, of_alice + "/chunks/a").action, Action::put_chunk);
  EXPECT_EQ(found(verb::get, of_alice + "/transactions/" + std::string{nil}).action,
            Action::get_transaction);
}

TEST(Router, RoutesHeadAsGet) {
  EXPECT_EQ(found(verb::head, of_alice + "/chunks/a").action, Action::get_chunk);
  EXPECT_EQ(found(verb::head, "/").action, Action::root);
}

TEST(Router, ReadsUuidsInEitherCase) {
  const auto upper = found(verb::get, "/0.1/0A11CE00-0000-4000-8000-00000000000A/head");
  EXPECT_EQ(upper.user.to_string(), alice);
}

TEST(Router, ReadsChunkIdsInLowerCaseOnly) {
  EXPECT_TRUE(is_malformed(verb::get, of_alice + "/chunks/A"));
}

TEST(Router, DoesNotKnowOtherPaths) {
  for (const std::string& path : {std::string{"/x"},
                                  std::string{"//"},
                                  std::string{"/0.1"},
                                  std::string{"/0.1/"},
                                  std::string{"/0.1//head"},
                                  "/0.2/" + std::string{alice},
                                  "/1.0/" + std::string{alice},
                                  of_alice + "//",
                                  of_alice + "/x",
                                  of_alice + "/head/",
                                  of_alice + "/transactions/",
                                  of_alice + "/chunks",
                                  of_alice + "/chunks/",
                                  of_alice + "/chunks/a/",
                                  of_alice + "/chunks/a/b",
                                  of_alice + "/Head",
                                  of_alice + "/log/",
                                  of_alice + "/log/a",
                                  of_alice + "/missing/",
                                  of_alice + "/events/",
                                  of_alice + "/Log",
                                  of_alice + "/logs",
                                  of_alice + "//chunks/a",
                                  of_alice + "/transactions/" + std::string{first} + "/",
                                  "/" + of_alice,
                                  std::string{"/__lbheartbeat__/"}}) {
    EXPECT_TRUE(is_no_route(verb::get, path)) << path;
  }
}

TEST(Router, SaysWhichMethodsAPathAllows) {
  EXPECT_EQ(allow(verb::post, "/"), "GET, HEAD");
  EXPECT_EQ(allow(verb::put, "/__lbheartbeat__"), "GET, HEAD");
  EXPECT_EQ(allow(verb::put, of_alice), "GET, HEAD, DELETE");
  EXPECT_EQ(allow(verb::delete_, of_alice + "/head"), "GET, HEAD, PUT");
  EXPECT_EQ(allow(verb::put, of_alice + "/transactions"), "GET, HEAD");
  EXPECT_EQ(allow(verb::patch, of_alice + "/transactions/" + std::string{first}), "GET, HEAD, PUT");
  EXPECT_EQ(allow(verb::unknown, of_alice + "/chunks/a"), "GET, HEAD, PUT");
  EXPECT_EQ(allow(verb::put, of_alice + "/log"), "GET, HEAD, POST");
  EXPECT_EQ(allow(verb::delete_, of_alice + "/log"), "GET, HEAD, POST");
  EXPECT_EQ(allow(verb::get, of_alice + "/missing"), "POST");
  EXPECT_EQ(allow(verb::head, of_alice + "/missing"), "POST");
  EXPECT_EQ(allow(verb::post, of_alice + "/events"), "GET, HEAD");
  EXPECT_EQ(allow(verb::post, of_alice + "/head"), "GET, HEAD, PUT");
}

TEST(Router, ChecksTheMethodBeforeTheIds) {
  EXPECT_EQ(allow(verb::post, "/0.1/nobody/head"), "GET, HEAD, PUT");
}

TEST(Router, RefusesMalformedIds) {
  for (const std::string& path :
       {std::string{"/0.1/nobody"}, std::string{"/0.1/nobody/head"},
        "/0.1/{" + std::string{alice} + "}", "/0.1/" + std::string{alice} + "0",
        "/0.1/" + std::string{alice.substr(1)}, std::string{"/0.1/../head"},
        of_alice + "/transactions/x", of_alice + "/chunks/" + std::string(65, 'a'),
        of_alice + "/chunks/a_b", of_alice + "/chunks/a%00", of_alice + "/chunks/a%2Fb",
        of_alice + "/chunks/%2561", of_alice + "/chunks/\xc3\xa4"}) {
    EXPECT_TRUE(is_malformed(verb::get, path)) << path;
  }
}

TEST(Router, DecodesEachSegmentOnce) {
  EXPECT_EQ(found(verb::get, of_alice + "/chunks/%61%2d").chunk.text(), "a-");
  EXPECT_EQ(found(verb::get, of_alice + "/%68ead").action, Action::get_head);
  EXPECT_TRUE(is_malformed(verb::get, of_alice + "/chunks/%6"));
  EXPECT_TRUE(is_malformed(verb::get, "/%zz"));
}

TEST(Router, AcceptsAbsoluteForm) {
  EXPECT_EQ(found(verb::get, "http://example.org" + of_alice + "/head").action, Action::get_head);
  EXPECT_EQ(found(verb::get, "http://example.org").action, Action::root);
  EXPECT_TRUE(is_malformed(verb::options, "*"));
  EXPECT_TRUE(is_malformed(verb::get, of_alice + "/head#x"));
}

TEST(Router, ListsFromTheRootByDefault) {
  const auto route = found(verb::get, of_alice + "/transactions?");
  EXPECT_TRUE(route.from.is_root());
  EXPECT_EQ(route.limit, bounds::page_transactions_default);
}

TEST(Router, ReadsTheQueryOfAListing) {
  const auto route =
      found(verb::get, of_alice + "/transactions?x=%zz&limit=%31%30&from=" + std::string{first});
  EXPECT_EQ(route.from, transaction_id(first));
  EXPECT_EQ(route.limit, 10u);
  EXPECT_EQ(found(verb::get, of_alice + "/transactions?limit=007").limit, 7u);
}

TEST(Router, ClampsTheLimit) {
  for (const auto* limit : {"10000", "10001", "4294967297", "18446744073709551617",
                            "99999999999999999999999999999999999999"}) {
    EXPECT_EQ(found(verb::get, of_alice + "/transactions?limit=" + limit).limit,
              bounds::page_transactions_max);
  }
}

TEST(Router, RefusesMalformedQueries) {
  for (const auto* query :
       {"limit=0",
        "limit=00",
        "limit=-1",
        "limit=",
        "limit",
        "limit=1.0",
        "limit=abc",
        "limit=1e2",
        "limit=+1",
        "limit=%2B1",
        "limit=1+",
        "limit=0x1",
        "limit=1&limit=1",
        "limit=%3",
        "from=",
        "from",
        "from=x",
        "from=%zz",
        "%zz=1",
        "from=00000000-0000-0000-0000-000000000000&from=00000000-0000-0000-0000-000000000000"}) {
    EXPECT_TRUE(is_malformed(verb::get, of_alice + "/transactions?" + query)) << query;
  }
}

TEST(Router, PullsEverythingByDefault) {
  const auto route = found(verb::get, of_alice + "/log?");
  EXPECT_TRUE(route.from.is_root());
  EXPECT_EQ(route.max_transactions, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(route.max_bytes, std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(route.with_chunks);
}

TEST(Router, ReadsTheQueryOfAPull) {
  const auto route = found(verb::get, of_alice + "/log?x=%zz&chunks=false&limit=%31%30&from=" +
                                          std::string{first} + "&max_bytes=007");
  EXPECT_EQ(route.from, transaction_id(first));
  EXPECT_EQ(route.max_transactions, 10u);
  EXPECT_EQ(route.max_bytes, 7u);
  EXPECT_FALSE(route.with_chunks);
  EXPECT_TRUE(found(verb::get, of_alice + "/log?chunks=true").with_chunks);
}

TEST(Router, TakesANumberBeyondAllForNoBound) {
  for (const auto* name : {"limit", "max_bytes"}) {
    for (const auto* digits :
         {"18446744073709551615", "18446744073709551616", "99999999999999999999999999999999"}) {
      const auto route = found(verb::get, of_alice + "/log?" + name + "=" + digits);
      EXPECT_EQ(route.max_transactions, std::numeric_limits<std::uint64_t>::max()) << digits;
      EXPECT_EQ(route.max_bytes, std::numeric_limits<std::uint64_t>::max()) << digits;
    }
  }
  EXPECT_EQ(found(verb::get, of_alice + "/log?limit=18446744073709551614").max_transactions,
            std::numeric_limits<std::uint64_t>::max() - 1);
  EXPECT_EQ(found(verb::get, of_alice + "/log?limit=4294967297").max_transactions, 4294967297u);
}

TEST(Router, RefusesMalformedQueriesOfAPull) {
  for (const std::string& query :
       std::vector<std::string>{"limit=0",
                                "limit=",
                                "limit=-1",
                                "limit=x",
                                "limit=1&limit=1",
                                "max_bytes=0",
                                "max_bytes=",
                                "max_bytes=1k",
                                "max_bytes=1&max_bytes=2",
                                "chunks=",
                                "chunks",
                                "chunks=1",
                                "chunks=True",
                                "chunks=no",
                                "chunks=true&chunks=true",
                                "chunks=%zz",
                                "from=",
                                "from=x",
                                "from=" + std::string{first} + "&from=" + std::string{first},
                                "%zz=1"}) {
    EXPECT_TRUE(is_malformed(verb::get, of_alice + "/log?" + query)) << query;
    EXPECT_TRUE(is_malformed(verb::head, of_alice + "/log?" + query)) << query;
  }
}

TEST(Router, LooksAtTheQueryOfListingsAndPullsOnly) {
  EXPECT_EQ(found(verb::post, of_alice + "/log?limit=0&chunks=x").action, Action::push);
  EXPECT_EQ(found(verb::post, of_alice + "/missing?limit=0").action, Action::missing);
  EXPECT_EQ(found(verb::get, of_alice + "/events?from=x").action, Action::events);
  EXPECT_EQ(found(verb::get, of_alice + "/head?limit=0&from=x").action, Action::get_head);
}

}  // namespace
}  // namespace mentat_sync
