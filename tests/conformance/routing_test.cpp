// Black-box: which paths and methods there are: HEAD wherever GET is, 405 with Allow, 404 for the
// rest, absolute-form, and that every refusal is a problem+json that no client mistakes for
// success.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mentat_sync {
namespace {

using testing::ElementsAreArray;

struct Resource {
  std::string path;
  std::vector<std::string> methods;  // Sorted.
};

class RoutingConformance : public RunningServer {
 protected:
  std::vector<Resource> resources() const {
    const std::string base = "/0.1/" + user;
    const std::string transaction = "/transactions/" + new_uuid();
    return {{"/", {"GET", "HEAD"}},
            {"/__lbheartbeat__", {"GET", "HEAD"}},
            {base, {"DELETE", "GET", "HEAD"}},
            {base + "/", {"DELETE", "GET", "HEAD"}},
            {base + "/head", {"GET", "HEAD", "PUT"}},
            {base + "/transactions", {"GET", "HEAD"}},
            {base + transaction, {"GET", "HEAD", "PUT"}},
            {base + "/chunks/a", {"GET", "HEAD", "PUT"}}};
  }

  HttpClient http{port()};
};

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

TEST_F(RoutingConformance, OtherMethodsAre405WithAllow) {
  for (const auto& resource : resources()) {
    for (const std::string method : {"GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "OPTIONS"}) {
      if (contains(resource.methods, method)) continue;
      const auto response = http.request({.method = method, .target = resource.path});
      EXPECT_TRUE(is_problem(response, 405)) << method << " " << resource.path;
      EXPECT_THAT(members(response.header("Allow")), ElementsAreArray(resource.methods))
          << method << " " << resource.path;
    }
  }
}

TEST_F(RoutingConformance, AMethodNobodyKnowsIsRefused) {
  const auto response = http.request({.method = "BREW", .target = client.target("/head")});
  EXPECT_TRUE(response.status == 405 || response.status == 501) << response.status;
}

TEST_F(RoutingConformance, MethodsAreCaseSensitive) {
  const auto status = http.request({.method = "get", .target = client.target("/head")}).status;
  EXPECT_TRUE(status == 405 || status == 501 || status == 400) << status;
}

TEST_F(RoutingConformance, HeadAnswersAsGetWithoutTheBody) {
  for (const auto& resource : resources()) {
    const auto get = http.request({.target = resource.path});
    const auto head = http.request({.method = "HEAD", .target = resource.path});
    EXPECT_EQ(head.status, get.status) << resource.path;
    EXPECT_EQ(head.header("Content-Type"), get.header("Content-Type")) << resource.path;
    EXPECT_EQ(head.header("Content-Length"), std::to_string(get.body.size())) << resource.path;
    EXPECT_EQ(head.body, "");
  }
}

TEST_F(RoutingConformance, AMethodIsCheckedBeforeTheId) {
  EXPECT_TRUE(is_problem(client.request("POST", "/chunks/NOT-AN-ID"), 405));
}

TEST_F(RoutingConformance, UnknownPathsAre404) {
  const std::string base = client.target("");
  for (const std::string& path : {std::string{"/favicon.ico"},
                                  std::string{"/0.1"},
                                  std::string{"/0.1/"},
                                  std::string{"/0.2/"} + user,
                                  "/0.2/" + user + "/head",
                                  "/1.0/" + user + "/head",
                                  "/" + user + "/head",
                                  base + "//head",
                                  "/0.1//" + user + "/head",
                                  base + "/head/",
                                  base + "/head/x",
                                  base + "/Head",
                                  base + "/transactions/",
                                  base + "/chunks",
                                  base + "/chunks/",
                                  base + "/chunks/a/b",
                                  base + "/chunks/a/",
                                  base + "/transactions/" + new_uuid() + "/",
                                  base + "/nothing",
                                  base + "%2Fhead",
                                  std::string{"//"},
                                  std::string{"/0%2E1x/"} + user}) {
    const auto response = http.request({.target = path});
    if (path == base + "%2Fhead") {
      EXPECT_TRUE(is_problem(response, 400)) << "an encoded slash is part of the user's id";
      continue;
    }
    EXPECT_TRUE(is_problem(response, 404)) << path;
    EXPECT_EQ(http.request({.method = "PUT", .target = path, .body = "x"}).status, 404) << path;
  }
}

TEST_F(RoutingConformance, AbsoluteFormIsTaken) {
  const auto first = client.commit_transaction(root_id);
  const std::string authority = "http://127.0.0.1:" + std::to_string(port());
  EXPECT_EQ(http.request({.target = authority + client.target("/head")}).json()["head"], first);
  EXPECT_EQ(http.request({.target = authority + client.target("/transactions?limit=1")}).status,
            200);
  EXPECT_EQ(http.request({.target = authority + "/"}).status, 200);
  EXPECT_EQ(http.request({.target = authority}).status, 200);
  EXPECT_EQ(http.request({.target = "HTTP://example.org" + client.target("/head")}).status, 200);
}

TEST_F(RoutingConformance, AQueryOnOtherResourcesIsIgnored) {
  client.put_chunk("a", "x");
  EXPECT_EQ(client.get("/head?x=1").status, 200);
  EXPECT_EQ(client.get_chunk("a?limit=abc").status, 200);
  EXPECT_EQ(client.get("?x").status, 200);
}

TEST_F(RoutingConformance, ATargetBeyondTheBoundIs414) {
  const auto response = http.request({.target = client.target("/head?" + std::string(5000, 'x'))});
  EXPECT_TRUE(is_problem(response, 414));
}

TEST_F(RoutingConformance, SuccessfulAnswersAreJsonWithExactlyTheirKeys) {
  const auto first = client.commit_transaction(root_id);
  const auto keys = [](const nlohmann::json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    return names;
  };
  using testing::ElementsAre;
  EXPECT_THAT(keys(client.get("/head").json()), ElementsAre("head"));
  EXPECT_THAT(keys(client.get("/transactions").json()),
              ElementsAre("from", "limit", "transactions"));
  EXPECT_THAT(keys(client.get_transaction(first).json()),
              ElementsAre("chunks", "id", "parent", "seq"));
  EXPECT_THAT(keys(client.summary()),
              testing::IsSupersetOf({"chunks", "head", "seq", "transactions"}));
}

TEST_F(RoutingConformance, EveryAnswerHasDateAndServer) {
  for (const auto& path : {"/head", "/chunks/none", "/chunks/BAD"}) {
    const auto response = client.get(path);
    EXPECT_TRUE(response.has("Date")) << path;
    EXPECT_TRUE(response.has("Server")) << path;
  }
}

TEST_F(RoutingConformance, TypesOfProblemsAreStable) {
  const auto type = [](const HttpResponse& response) { return response.json().value("type", ""); };
  EXPECT_EQ(type(client.get_chunk("a")), type(client.get_chunk("b")));
  EXPECT_NE(type(client.get_chunk("a")), type(client.get_chunk("BAD")));
  EXPECT_NE(type(client.get_chunk("a")), "about:blank");
}

}  // namespace
}  // namespace mentat_sync
