// Black-box: a GET of HEAD that waits for it to move.
#include "support/cbor_log.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

class LongPoll : public RunningServer {
 protected:
  HttpRequest polling(std::string_view known, const std::string& prefer) const {
    return {.target = client.target("/head"),
            .headers = {{"If-None-Match", '"' + std::string{known} + '"'}, {"Prefer", prefer}}};
  }
};

TEST_F(LongPoll, IsAnsweredWhenHeadMoves) {
  HttpConnection connection{port()};
  connection.send(to_wire(polling(root_id, "wait=20")));
  EXPECT_TRUE(connection.silent_for(milliseconds{200}));
  const auto head = client.commit_transaction(root_id);
  const auto response = connection.receive();
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.json()["head"], head);
  EXPECT_EQ(response.header("ETag"), '"' + head + '"');
  EXPECT_EQ(response.header("Preference-Applied"), "wait=20");
}

TEST_F(LongPoll, HearsOfPushesAndDeletions) {
  HttpConnection connection{port()};
  connection.send(to_wire(polling(root_id, "wait=20")));
  const auto id = new_uuid();
  client.push(CborLog{}.transaction(id, {}).encode());
  EXPECT_EQ(connection.receive().json()["head"], id);
  connection.send(to_wire(polling(id, "wait=20")));
  client.delete_user();
  EXPECT_EQ(connection.receive().json()["head"], root_id);
}

TEST_F(LongPoll, IsAnsweredAtOnceWhenHeadIsElsewhere) {
  const auto head = client.commit_transaction(root_id);
  const auto start = steady_clock::now();
  const auto response = HttpConnection{port()}.request(polling(root_id, "wait=20"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.json()["head"], head);
  EXPECT_LT(steady_clock::now() - start, seconds{10});
}

TEST_F(LongPoll, Is304WhenTheTimeIsOver) {
  const auto head = client.commit_transaction(root_id);
  const auto start = steady_clock::now();
  const auto response = HttpConnection{port()}.request(polling(head, "wait=1"));
  EXPECT_EQ(response.status, 304U);
  EXPECT_EQ(response.header("ETag"), '"' + head + '"');
  EXPECT_EQ(response.header("Preference-Applied"), "wait=1");
  EXPECT_GE(steady_clock::now() - start, milliseconds{900});
}

TEST_F(LongPoll, OfNoSecondsAndOfOtherPreferencesDoesNotWait) {
  for (const char* prefer : {"wait=0", "wait=x", "wait", "respond-async", "wait=-1"}) {
    const auto response = HttpConnection{port()}.request(polling(root_id, prefer));
    EXPECT_EQ(response.status, 304U) << prefer;
  }
}

TEST_F(LongPoll, WithoutIfNoneMatchDoesNotWait) {
  EXPECT_EQ(client.get("/head", {{"Prefer", "wait=20"}}).status, 200U);
  const auto other =
      client.get("/head", {{"Prefer", "wait=20"}, {"If-None-Match", '"' + new_uuid() + '"'}});
  EXPECT_EQ(other.status, 200U);
}

TEST_F(LongPoll, FindsWaitAmongOtherPreferences) {
  HttpConnection connection{port()};
  connection.send(to_wire(polling(root_id, "return=minimal, Wait=1; foo=bar, wait=30")));
  EXPECT_EQ(connection.receive().header("Preference-Applied"), "wait=1");
}

TEST_F(LongPoll, LongerThanTheBoundWaitsAsLongAsTheBound) {
  HttpConnection connection{port()};
  connection.send(to_wire(polling(root_id, "wait=86400")));
  client.commit_transaction(root_id);
  EXPECT_EQ(connection.receive().header("Preference-Applied"), "wait=50");
}

TEST_F(LongPoll, HoldsUpTheAnswersBehindItOnItsConnection) {
  HttpConnection connection{port()};
  connection.send(to_wire(polling(root_id, "wait=20")) + to_wire({.target = "/"}));
  EXPECT_TRUE(connection.silent_for(milliseconds{100}));
  const auto head = client.commit_transaction(root_id);
  EXPECT_EQ(connection.receive().json()["head"], head);
  EXPECT_EQ(connection.receive().header("Content-Type"), "text/plain; charset=utf-8");
}

TEST_F(LongPoll, ThousandsAreAllAnswered) {
  constexpr int polls = 1000;
  std::vector<HttpConnection> connections;
  for (int i = 0; i < polls; ++i) {
    connections.emplace_back(port());
    connections.back().send(to_wire(polling(root_id, "wait=40")));
  }
  const auto head = client.commit_transaction(root_id);
  for (auto& connection : connections) ASSERT_EQ(connection.receive().json()["head"], head);
}

TEST_F(LongPoll, ByHeadWaitsToo) {
  HttpConnection connection{port()};
  auto request = polling(root_id, "wait=20");
  request.method = "HEAD";
  connection.send(to_wire(request));
  EXPECT_TRUE(connection.silent_for(milliseconds{100}));
  const auto head = client.commit_transaction(root_id);
  EXPECT_EQ(connection.receive_to_head().header("ETag"), '"' + head + '"');
}

TEST(LongPollAtTheEnd, IsAnsweredBeforeTheServerGoes) {
  ServerProcess server;
  HttpConnection connection{server.port()};
  connection.send(to_wire(
      {.target = "/0.1/" + new_uuid() + "/head",
       .headers = {{"If-None-Match", '"' + std::string{root_id} + '"'}, {"Prefer", "wait=40"}}}));
  EXPECT_TRUE(connection.silent_for(milliseconds{200}));
  const auto start = steady_clock::now();
  const ExitStatus clean_exit{.code = 0, .signal = {}};
  EXPECT_EQ(server.terminate(), clean_exit) << server.process().err();
  EXPECT_LT(steady_clock::now() - start, seconds{5});
  EXPECT_EQ(connection.receive().status, 304U);
}

}  // namespace
}  // namespace mentat_sync
