// The server as a whole: its port, its bound of connections, its end.
#include "http/server.hpp"

#include "server_fixture.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <csignal>
#include <future>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

class ServerTest : public ServerFixture {
 protected:
  Result<std::unique_ptr<Server>> try_start(const std::string& address, std::uint16_t on_port) {
    ServerOptions options;
    options.address = address;
    options.port = on_port;
    options.threads = 1;
    return Server::start(std::move(options), application);
  }
};

TEST_F(ServerTest, ServesOnAllItsThreads) {
  start([](ServerOptions& options) { options.threads = 3; });
  EXPECT_EQ(server->threads(), 3u);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 30; ++i) clients.push_back(std::make_unique<RawClient>(port()));
  for (auto& client : clients) client->send(put("/worker", "") + get("/target"));
  for (auto& client : clients) {
    EXPECT_EQ(client->read_answer().body, "/worker");
    EXPECT_EQ(client->read_answer().body, "/target");
  }
  EXPECT_EQ(server->connections(), 30u);
  clients.clear();
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(ServerTest, HasAThreadForEachCoreByDefault) {
  start([](ServerOptions& options) { options.threads = 0; });
  EXPECT_GE(server->threads(), 1u);
}

TEST_F(ServerTest, RefusesAPortThatIsTaken) {
  const auto second = try_start("127.0.0.1", port());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), ErrorCode::busy);
  EXPECT_THAT(second.status().message(), HasSubstr("127.0.0.1:" + std::to_string(port())));
}

TEST_F(ServerTest, TakesAPortOverAtOnce) {
  const std::uint16_t freed = port();
  RawClient client{freed};
  client.send(get("/end"));
  EXPECT_EQ(client.read_answer().body, "end");
  server.reset();
  EXPECT_TRUE(try_start("127.0.0.1", freed).ok());
}

TEST_F(ServerTest, RefusesAnAddressThatIsNoneOfItsOwn) {
  EXPECT_EQ(try_start("localhost", 0).status().code(), ErrorCode::invalid);
  EXPECT_EQ(try_start("", 0).status().code(), ErrorCode::invalid);
  EXPECT_EQ(try_start("192.0.2.1", 0).status().code(), ErrorCode::io);
}

TEST_F(ServerTest, ListensOnIpv6) {
  const auto any = try_start("::", 0);
  if (!any.ok()) GTEST_SKIP() << any.status().message();
  RawClient over_ipv4{any.value()->port()};
  over_ipv4.send(get("/target"));
  EXPECT_EQ(over_ipv4.read_answer().status, 200u);
  over_ipv4.send(get("/address"));
  EXPECT_EQ(over_ipv4.read_answer().body, "127.0.0.1") << "its own, not as IPv6 maps it";
  const auto loopback = try_start("::1", 0);
  ASSERT_TRUE(loopback.ok());
  EXPECT_THROW(RawClient{loopback.value()->port()}, std::runtime_error);
}

TEST_F(ServerTest, TurnsConnectionsBeyondItsBoundAway) {
  start([](ServerOptions& options) { options.max_connections = 2; });
  auto first = std::make_unique<RawClient>(port());
  RawClient second{port()};
  first->send(get("/target"));
  second.send(get("/target"));
  EXPECT_EQ(first->read_answer().status, 200u);
  EXPECT_EQ(second.read_answer().status, 200u);
  RawClient third{port()};
  const RawAnswer answer = third.read_answer();
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(third.closed_by_server());
  first.reset();
  EXPECT_TRUE(eventually([&] { return server->connections() == 1; }));
  RawClient fourth{port()};
  fourth.send(get("/target"));
  EXPECT_EQ(fourth.read_answer().status, 200u);
}

/// Leaves this process with `spare` descriptors while it lives.
class FewDescriptors {
 public:
  explicit FewDescriptors(int spare) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (int taken = ::dup(0); taken >= 0; taken = ::dup(0)) taken_.push_back(taken);
    for (; spare > 0; --spare) give_one_back();
  }
  ~FewDescriptors() {
    while (!taken_.empty()) give_one_back();
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  void give_one_back() {
    ::close(taken_.back());
    taken_.pop_back();
  }

  rlimit before_{};
  std::vector<int> taken_;
};

TEST_F(ServerTest, GoesOnAfterItRanOutOfDescriptors) {
  std::atomic<int> warnings = 0;
  start([&](ServerOptions& options) {
    options.log = [&](LogLevel level, std::string_view, const std::vector<LogField>&) {
      warnings += level == LogLevel::warning;
    };
  });
  std::unique_ptr<RawClient> client;
  {
    const FewDescriptors one_for_the_client{1};
    client = std::make_unique<RawClient>(port());
    std::this_thread::sleep_for(3 * bounds::accept_backoff);
    EXPECT_EQ(server->connections(), 0u);
  }
  client->send(get("/target"));
  EXPECT_EQ(client->read_answer().status, 200u);
  EXPECT_EQ(warnings, 1);
  server.reset();  // before what its log refers to
}

TEST_F(ServerTest, DrainsIdleConnectionsAtOnce) {
  // A connection whose write has not quite ended is not idle; it lingers.
  start([](ServerOptions& options) { options.deadlines.linger = milliseconds{100}; });
  RawClient never_asked{port()};
  RawClient asked{port()};
  asked.send(get("/target"));
  EXPECT_EQ(asked.read_answer().status, 200u);
  EXPECT_TRUE(eventually([&] { return server->connections() == 2; }));
  EXPECT_TRUE(server->drain(milliseconds{10'000}));
  EXPECT_EQ(server->connections(), 0u);
  EXPECT_TRUE(never_asked.closed_by_server());
  EXPECT_TRUE(asked.closed_by_server());
  EXPECT_THROW(RawClient{port()}, std::runtime_error);
}

TEST_F(ServerTest, DrainsAfterWhatHasBegunIsAnswered) {
  start([](ServerOptions& options) { options.deadlines.linger = milliseconds{100}; });
  RawClient waiting{port()};
  waiting.send(put("/later", ""));
  auto pending = application.take_pending(1);
  RawClient sending{port()};
  sending.send(get("/target") + put("/echo", "body").substr(0, 30));
  EXPECT_EQ(sending.read_answer().status, 200u);
  auto drained =
      std::async(std::launch::async, [&] { return server->drain(milliseconds{10'000}); });
  EXPECT_TRUE(eventually([&] {
    try {
      RawClient{port()};
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  std::this_thread::sleep_for(milliseconds{50});
  EXPECT_EQ(server->connections(), 2u);
  sending.send(put("/echo", "body").substr(30) + get("/after"));
  const RawAnswer last = sending.read_answer();
  EXPECT_EQ(last.body, "body");
  EXPECT_EQ(last.headers.at("connection"), "close");
  EXPECT_TRUE(sending.closed_by_server());
  pending[0].respond(text("later"));
  const RawAnswer later = waiting.read_answer();
  EXPECT_EQ(later.body, "later");
  EXPECT_EQ(later.headers.at("connection"), "close");
  EXPECT_TRUE(waiting.closed_by_server());
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerTest, SaysWhenTheTimeToDrainWasTooShort) {
  RawClient client{port()};
  client.send(put("/later", ""));
  auto pending = application.take_pending(1);
  EXPECT_FALSE(server->drain(milliseconds{50}));
  EXPECT_EQ(server->connections(), 0u);
  EXPECT_EQ(client.read_to_end(), "");
  pending[0].respond(text("too late"));
}

TEST_F(ServerTest, MayBeDrainedTwice) {
  EXPECT_NE(port(), 0);
  EXPECT_TRUE(server->drain());
  EXPECT_TRUE(server->drain());
}

TEST_F(ServerTest, MayEndBeforeItsAnswersCome) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<RawClient>(port()));
    clients.back()->send(put("/later", "") + put("/later", "") + put("/worker", ""));
  }
  auto pending = application.take_pending(20);
  std::thread answers{[&] {
    for (auto& each : pending) each.respond(text("late"));
    pending.clear();
  }};
  server.reset();
  answers.join();
  for (auto& client : clients) client->read_to_end();
}

TEST_F(ServerTest, SurvivesClientsThatComeAndGo) {
  start([](ServerOptions& options) { options.threads = 2; });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        RawClient client{port()};
        client.send(put("/worker", "x") + put("/echo", "y") + get("/big/100000"));
        if ((i + t) % 3 == 0) continue;  // gone without reading
        EXPECT_EQ(client.read_answer().body, "/worker");
        if ((i + t) % 3 == 1) continue;
        EXPECT_EQ(client.read_answer().body, "y");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(ServerTest, ItsThreadsLeaveSignalsToTheProgram) {
  RawClient client{port()};
  client.send(get("/sigterm"));
  EXPECT_EQ(client.read_answer().body, "blocked");
  sigset_t here;
  pthread_sigmask(SIG_SETMASK, nullptr, &here);
  EXPECT_EQ(sigismember(&here, SIGTERM), 0);
}

}  // namespace
}  // namespace mentat_sync
