// Black-box: which chunks are not there.
#include "support/cbor_log.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using nlohmann::json;
using testing::ElementsAre;

class MissingConformance : public RunningServer {
 protected:
  HttpResponse ask(std::string body) { return client.request("POST", "/missing", std::move(body)); }
};

TEST_F(MissingConformance, NamesEachOnceInTheOrderOfFirstMention) {
  client.put_chunk("there", "x");
  const auto response = client.missing({"c", "there", "a", "c", "b", "a"});
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.json(), (json{{"missing", {"c", "a", "b"}}}));
}

TEST_F(MissingConformance, IsEmptyWhenAllAreThere) {
  EXPECT_EQ(client.missing({}).json(), (json{{"missing", json::array()}}));
  client.put_chunk("a", "");
  EXPECT_EQ(client.missing({"a", "a"}).json(), (json{{"missing", json::array()}}));
}

TEST_F(MissingConformance, KnowsChunksOfPushesAndOfCommittedAndPendingTransactions) {
  const auto id = new_uuid();
  client.push(
      CborLog{}.chunk("pushed", "x").chunk("loose", "y").transaction(id, {"pushed"}).encode());
  const auto pending = client.add_transaction(id);
  EXPECT_EQ(client.missing({"pushed", "loose", "c-" + pending, "no"}).json()["missing"],
            (json{"no"}));
}

TEST_F(MissingConformance, IsNeverAcrossUsers) {
  client.put_chunk("mine", "x");
  SyncClient other{port(), new_uuid()};
  EXPECT_EQ(other.missing({"mine"}).json()["missing"], (json{"mine"}));
}

TEST_F(MissingConformance, ForgetsWithTheUser) {
  client.put_chunk("a", "x");
  client.delete_user();
  EXPECT_EQ(client.missing({"a"}).json()["missing"], (json{"a"}));
}

TEST_F(MissingConformance, SeesTheChangesBeforeItOnItsConnection) {
  HttpConnection connection{port()};
  connection.send(
      to_wire({.method = "PUT", .target = client.target("/chunks/a"), .body = "x"}) +
      to_wire(
          {.method = "POST", .target = client.target("/missing"), .body = R"({"chunks":["a"]})"}));
  EXPECT_EQ(connection.receive().status, 201U);
  EXPECT_EQ(connection.receive().json()["missing"], json::array());
}

TEST_F(MissingConformance, TakesAsManyAsATransactionAndNoMore) {
  std::vector<std::string> chunks;
  for (int i = 0; i < 16'384; ++i) chunks.push_back("c" + std::to_string(i));
  EXPECT_EQ(client.missing(chunks).json()["missing"], json(chunks));
  chunks.emplace_back("one-more");
  const auto response = client.missing(chunks);
  EXPECT_TRUE(is_problem(response, 413));
  EXPECT_EQ(response.json()["limit_chunks"], 16'384);
}

TEST_F(MissingConformance, MalformedBodiesAre400) {
  for (const char* body :
       {"", "x", "[]", "{}", R"({"chunks":"a"})", R"({"chunks":[1]})", R"({"chunks":["UPPER"]})",
        R"({"chunks":[""]})", R"({"chunks":[],"chunks":[]})", R"({"chunks":["a"]} x)"}) {
    EXPECT_TRUE(is_problem(ask(body), 400)) << body;
  }
}

TEST_F(MissingConformance, OtherMethodsAre405) {
  for (const char* method : {"GET", "PUT", "DELETE"}) {
    const auto response = client.request(method, "/missing");
    EXPECT_TRUE(is_problem(response, 405)) << method;
    EXPECT_THAT(members(response.header("Allow")), ElementsAre("POST"));
  }
}

}  // namespace
}  // namespace mentat_sync
