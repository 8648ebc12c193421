// Every path and method of the protocol, and what is near them.
#include "http/router.hpp"

#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <string>

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
  EXPECT_EQ(found(verb::get, "/__lbheartbeat__").action, Action::heartbeat);
  EXPECT_EQ(found(verb::get, of_alice).action, Action::summary);
  EXPECT_EQ(found(verb::get, of_alice + "/").action, Action::summary);
  EXPECT_EQ(found(verb::delete_, of_alice).action, Action::delete_user);
  EXPECT_EQ(found(verb::delete_, of_alice + "/").action, Action::delete_user);
  EXPECT_EQ(found(verb::get, of_alice + "/head").action, Action::get_head);
  EXPECT_EQ(found(verb::put, of_alice + "/head").action, Action::put_head);
  EXPECT_EQ(found(verb::get, of_alice + "/transactions").action, Action::list);
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

TEST(Router, LooksAtTheQueryOfAListingOnly) {
  EXPECT_EQ(found(verb::get, of_alice + "/head?limit=0&from=x").action, Action::get_head);
}

}  // namespace
}  // namespace mentat_sync
