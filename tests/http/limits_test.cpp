// The bounds of connections and requests over real sockets, and what an observer is told.
#include "http/body_budget.hpp"
#include "server_fixture.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

TEST(BodyBudget, GivesBackWhatAShareHeld) {
  BodyBudget budget{100};
  {
    BodyShare share{budget};
    EXPECT_TRUE(share.grow_to(60));
    EXPECT_TRUE(share.grow_to(40)) << "it has that much already";
    BodyShare other{budget};
    EXPECT_FALSE(other.grow_to(41));
    EXPECT_TRUE(other.grow_to(40));
    EXPECT_EQ(budget.held_bytes(), 100u);
    BodyShare moved = std::move(share);
    share = BodyShare{budget};
    EXPECT_EQ(budget.held_bytes(), 100u);
  }
  EXPECT_EQ(budget.held_bytes(), 0u);
}

class LimitsTest : public ServerFixture {};

TEST_F(LimitsTest, OneAddressHasNoMoreThanItsConnections) {
  start([](ServerOptions& options) { options.max_connections_per_address = 1; });
  RawClient first{port()};
  first.send(get("/target"));
  EXPECT_EQ(first.read_answer().status, 200u);
  RawClient second{port()};
  EXPECT_EQ(second.read_answer().status, 503u);
  EXPECT_EQ(server->statistics().refused_by_address, 1u);
  EXPECT_EQ(server->statistics().accepted, 1u);
}

TEST_F(LimitsTest, TheLongestHeaderIsAnOption) {
  start([](ServerOptions& options) { options.max_header_bytes = 1024; });
  RawClient client{port()};
  client.send(get("/target", "X-Long: " + std::string(500, 'x') + "\r\n"));
  EXPECT_EQ(client.read_answer().status, 200u);
  client.send(get("/target", "X-Long: " + std::string(1000, 'x') + "\r\n"));
  EXPECT_EQ(client.read_answer().status, 431u);
}

TEST_F(LimitsTest, BodiesBeyondWhatAllMayHoldAreRefusedUntilThereIsRoom) {
  start([](ServerOptions& options) { options.max_bodies_bytes = 200'000; });
  RawClient holder{port()};
  holder.send(put("/later", std::string(100'000, 'a')));
  auto pending = application.take_pending(1);
  EXPECT_EQ(server->statistics().bodies_bytes, 100'000u);

  RawClient refused{port()};
  refused.send(put("/echo", std::string(100'001, 'b')));
  EXPECT_EQ(refused.read_answer().status, 503u);
  RawClient taken{port()};
  taken.send(put("/sink", std::string(100'001, 'b')));
  EXPECT_EQ(taken.read_answer().status, 503u);
  RawClient smaller{port()};
  smaller.send(put("/echo", std::string(100'000, 'c')));
  EXPECT_EQ(smaller.read_answer().status, 200u);

  pending.front().respond(text("done"));
  EXPECT_EQ(holder.read_answer().status, 200u);
  EXPECT_TRUE(eventually([&] { return server->statistics().bodies_bytes == 0; }));
  RawClient later{port()};
  later.send(put("/echo", std::string(100'001, 'd')));
  EXPECT_EQ(later.read_answer().status, 200u);
}

TEST_F(LimitsTest, WhoFillsTheRoomForBodiesKeepsNobodyFromASmallOne) {
  start([](ServerOptions& options) { options.max_bodies_bytes = 100'000; });
  RawClient holder{port()};
  holder.send(put("/later", std::string(100'000, 'a')));
  auto pending = application.take_pending(1);

  RawClient small{port()};
  small.send(put("/later", std::string(bounds::body_reserve_bytes, 'b')));
  auto also_pending = application.take_pending(1);
  EXPECT_EQ(server->statistics().bodies_bytes, 100'000u + bounds::body_reserve_bytes);
  small.send(put("/echo", "a second one on its connection"));
  RawClient large{port()};
  large.send(put("/echo", std::string(bounds::body_reserve_bytes + 1, 'c')));
  EXPECT_EQ(large.read_answer().status, 503u);

  also_pending.front().respond(text("done"));
  EXPECT_EQ(small.read_answer().status, 200u);
  EXPECT_EQ(small.read_answer().status, 503u);
  pending.front().respond(text("done"));
  EXPECT_EQ(holder.read_answer().status, 200u);
  EXPECT_TRUE(eventually([&] { return server->statistics().bodies_bytes == 0; }));
}

// A sink may hold more than it is sent: that counts, for what is small as well.
TEST_F(LimitsTest, ABodyCountsByTheMemoryThatItTakes) {
  start([](ServerOptions& options) { options.max_bodies_bytes = 200'000; });
  RawClient holder{port()};
  holder.send("PUT /costly-sink HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n" +
              std::string(19'999, 'a'));
  EXPECT_TRUE(eventually([&] { return server->statistics().bodies_bytes == 199'990; }));
  RawClient refused{port()};
  refused.send(put("/costly-sink", std::string(bounds::body_reserve_bytes / 10 + 1, 'b')));
  EXPECT_EQ(refused.read_answer().status, 503u);
  RawClient small{port()};
  small.send(put("/costly-sink", std::string(bounds::body_reserve_bytes / 10, 'b')));
  EXPECT_EQ(small.read_answer().status, 200u);
  holder.send("a");
  EXPECT_EQ(holder.read_answer().status, 200u);
}

TEST_F(LimitsTest, ABodyThatNeverComesWholeGivesBackItsRoom) {
  start([](ServerOptions& options) { options.max_bodies_bytes = 1000; });
  {
    RawClient client{port()};
    client.send("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n" +
                std::string(800, 'a'));
    EXPECT_TRUE(eventually([&] { return server->statistics().bodies_bytes == 800; }));
  }
  EXPECT_TRUE(eventually([&] { return server->statistics().bodies_bytes == 0; }));
}

TEST_F(LimitsTest, EachAnswerHasTheIdOfItsRequest) {
  RawClient client{port()};
  client.send(get("/target", "X-Request-Id: mine\r\n") + get("/target") + get("/refused") +
              "nonsense\r\n\r\n");
  EXPECT_EQ(client.read_answer().headers.at("x-request-id"), "mine");
  const auto second = client.read_answer().headers.at("x-request-id");
  const auto refused = client.read_answer().headers.at("x-request-id");
  const auto malformed = client.read_answer().headers.at("x-request-id");
  EXPECT_NE(second, "mine");
  EXPECT_NE(refused, second);
  EXPECT_NE(malformed, refused);
}

/// Keeps what it is told.
class Recorder final : public RequestObserver {
 public:
  struct Told {
    std::string method;
    std::string target;
    std::string id;
    unsigned status = 0;
    std::uint64_t request_bytes = 0;
    std::uint64_t response_bytes = 0;
    bool aborted = false;
  };

  bool needs_text() const override { return true; }
  void on_request(const ObservedRequest& observed) noexcept override {
    const std::lock_guard lock{mutex_};
    told_.push_back({std::string{observed.method}, std::string{observed.target},
                     std::string{observed.request_id}, observed.status, observed.request_bytes,
                     observed.response_bytes, observed.aborted});
  }

  std::vector<Told> told() const {
    const std::lock_guard lock{mutex_};
    return told_;
  }

 private:
  mutable std::mutex mutex_;  // protects what follows
  std::vector<Told> told_;
};

class ObservedTest : public ServerFixture {
 protected:
  ObservedTest() {
    start([this](ServerOptions& options) { options.observer = &recorder; });
  }
  ~ObservedTest() override { server.reset(); }

  std::vector<Recorder::Told> told(std::size_t count) {
    EXPECT_TRUE(eventually([&] { return recorder.told().size() >= count; }));
    const auto all = recorder.told();
    EXPECT_EQ(all.size(), count);
    return all;
  }

  Recorder recorder;
};

TEST_F(ObservedTest, IsToldOfEachAnswerOnce) {
  RawClient client{port()};
  client.send(put("/echo", "four") + get("/refused", "X-Request-Id: r\r\n"));
  client.read_answer();
  client.read_answer();
  const auto all = told(2);
  EXPECT_EQ(all.at(0).method, "PUT");
  EXPECT_EQ(all.at(0).target, "/echo");
  EXPECT_EQ(all.at(0).status, 200u);
  EXPECT_EQ(all.at(0).request_bytes, 4u);
  EXPECT_EQ(all.at(0).response_bytes, 4u);
  EXPECT_FALSE(all.at(0).aborted);
  EXPECT_EQ(all.at(1).status, 403u);
  EXPECT_EQ(all.at(1).id, "r");
}

TEST_F(ObservedTest, IsToldOfWhoWentAwayUnanswered) {
  std::vector<ScriptedApplication::Pending> pending;
  {
    RawClient client{port()};
    client.send(get("/later"));
    pending = application.take_pending(1);
  }
  server.reset();
  pending.front().respond(text("nobody is there"));
  const auto all = told(1);
  EXPECT_EQ(all.at(0).status, 499u);
  EXPECT_TRUE(all.at(0).aborted);
}

TEST_F(ObservedTest, IsToldOfWhoWentAwayInTheMiddleOfABody) {
  {
    RawClient client{port()};
    client.send(put("/echo", "whole") + "PUT /echo/cut HTTP/1.1\r\nHost: h\r\n" +
                "Content-Length: 900\r\n\r\n" + std::string(800, 'a'));
    EXPECT_EQ(client.read_answer().status, 200u);
    EXPECT_TRUE(eventually([&] { return server->statistics().bodies_bytes == 800; }));
  }
  const auto all = told(2);
  EXPECT_EQ(all.at(1).target, "/echo/cut");
  EXPECT_EQ(all.at(1).status, 499u);
  EXPECT_EQ(all.at(1).request_bytes, 800u);
  EXPECT_TRUE(all.at(1).aborted);
}

TEST_F(ObservedTest, IsToldOfNothingByWhoNeverFinishedAHeader) {
  {
    RawClient client{port()};
    client.send(get("/target") + "GET /half HTTP/1.1\r\nHos");
    client.read_answer();
  }
  ASSERT_TRUE(eventually([&] { return server->connections() == 0; }));
  told(1);
}

TEST_F(ObservedTest, IsToldOfWhatIsNoHttp) {
  RawClient client{port()};
  client.send("nonsense\r\n\r\n");
  client.read_answer();
  EXPECT_EQ(told(1).at(0).status, 400u);
}

}  // namespace
}  // namespace mentat_sync
