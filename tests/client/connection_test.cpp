// What a connection can do to a client: end, hang, babble, go away between two requests.
#include "client_fixture.hpp"
#include "http/client/client_exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string head_1 = json_answer(200, R"({"head":"00000000-0000-0000-0000-000000000001"})");

Kind kind_of_head(const ScriptedServer& server, ClientOptions options = quick_options()) {
  auto client = client_of(server, std::move(options));
  const auto head = client.head();
  EXPECT_FALSE(head.ok());
  return head.ok() ? Kind::stopped : head.error().kind;
}

TEST(ClientConnection, SaysWhoItIsAndWhomItAsks) {
  std::vector<std::string> requests;
  {
    ScriptedServer server{{answering({head_1}, &requests)}};
    auto options = quick_options();
    options.user_agent = "test/1";
    const auto url =
        ServerUrl::parse("http://localhost:" + std::to_string(server.port()) + "/sync");
    Client client{*url, test_user, options};
    const auto head = client.head();
    ASSERT_TRUE(head.ok()) << head.error().message;
    EXPECT_EQ(*head, transaction_id(1));
  }
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_THAT(requests[0],
              StartsWith("GET /sync/0.1/" + test_user.to_string() + "/head HTTP/1.1\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("\r\nHost: localhost:"));
  EXPECT_THAT(requests[0], HasSubstr("\r\nUser-Agent: test/1\r\n"));
}

TEST(ClientConnection, CarriesManyRequests) {
  ScriptedServer server{{answering({head_1, head_1, head_1})}};
  auto client = client_of(server);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.head().ok());
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientConnection, IsMadeAnewWhenTheServerHasClosedIt) {
  const auto one_answer = [](ScriptedConnection& connection) {
    connection.receive();
    connection.send(head_1);
  };
  ScriptedServer server{{one_answer, one_answer, one_answer}};
  auto client = client_of(server);
  for (int i = 0; i < 3; ++i) {
    const auto head = client.head();
    EXPECT_TRUE(head.ok()) << head.error().message;
  }
  EXPECT_EQ(server.connections(), 3);
}

TEST(ClientConnection, IsMadeAnewWhenTheServerSaysClose) {
  const auto close = json_answer(200, R"({"head":"00000000-0000-0000-0000-000000000001"})");
  std::string text = close;
  text.replace(text.find("Content-Type"), 0, "Connection: close\r\n");
  ScriptedServer server{{answering({text}), answering({text})}};
  auto client = client_of(server);
  EXPECT_TRUE(client.head().ok());
  EXPECT_TRUE(client.head().ok());
  EXPECT_EQ(server.connections(), 2);
}

TEST(ClientConnection, ThatEndsOnAFreshConnectionIsNotTriedAgain) {
  const auto nothing = [](ScriptedConnection& connection) { connection.receive(); };
  ScriptedServer server{{nothing, answering({head_1})}};
  EXPECT_EQ(kind_of_head(server), Kind::broken);
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientConnection, NobodyThereIsUnreachable) {
  std::uint16_t port = 0;
  {
    ScriptedServer server{{}};
    port = server.port();
  }
  Client client{*ServerUrl::parse("http://127.0.0.1:" + std::to_string(port)), test_user,
                quick_options()};
  const auto head = client.head();
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().kind, Kind::unreachable);
  EXPECT_THAT(head.error().message, HasSubstr("cannot connect"));
}

TEST(ClientConnection, NoSuchHostIsUnreachable) {
  Client client{*ServerUrl::parse("http://no-such-host.invalid:5013"), test_user, quick_options()};
  const auto head = client.head();
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().kind, Kind::unreachable);
}

TEST(ClientConnection, ASilentServerTimesOut) {
  ScriptedServer server{{[](ScriptedConnection& connection) { connection.wait_for_end(); }}};
  EXPECT_EQ(kind_of_head(server, impatient_options()), Kind::timed_out);
}

TEST(ClientConnection, ABodyThatStallsTimesOut) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"head\"");
    connection.wait_for_end();
  }}};
  EXPECT_EQ(kind_of_head(server, impatient_options()), Kind::timed_out);
}

TEST(ClientConnection, AHeaderThatTricklesTimesOutAllTheSame) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive();
    connection.send("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 20; ++i) {
      connection.send("X: y\r\n");
      std::this_thread::sleep_for(milliseconds{20});
    }
    connection.wait_for_end();
  }}};
  EXPECT_EQ(kind_of_head(server, impatient_options()), Kind::timed_out);
}

TEST(ClientConnection, ABodyThatIsCutOffIsBroken) {
  for (const auto* text : {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"head\"",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"he",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"h\r\n",
                           "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\nContent-Le"}) {
    ScriptedServer server{{[text](ScriptedConnection& connection) {
      connection.receive();
      connection.send(text);
    }}};
    EXPECT_EQ(kind_of_head(server), Kind::broken) << text;
  }
}

TEST(ClientConnection, WhatIsNoHttpIsBroken) {
  for (const auto* text : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"}) {
    ScriptedServer server{{[text](ScriptedConnection& connection) {
      connection.receive();
      connection.send(text);
      connection.wait_for_end();
    }}};
    EXPECT_EQ(kind_of_head(server), Kind::broken) << text;
  }
}

TEST(ClientConnection, AResetIsBroken) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive();
    connection.reset();
  }}};
  EXPECT_EQ(kind_of_head(server), Kind::broken);
}

TEST(ClientConnection, AHeaderWithoutEndIsBroken) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive();
    connection.send("HTTP/1.1 200 OK\r\n" + std::string(100 * bounds::KiB, 'x'));
    connection.wait_for_end();
  }}};
  EXPECT_EQ(kind_of_head(server), Kind::broken);
}

TEST(ClientConnection, AnAnswerOfTooManyBytesIsBroken) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive();
    connection.send(json_answer(200, std::string(bounds::client_answer_bytes + 1, ' ')));
    connection.wait_for_end();
  }}};
  EXPECT_EQ(kind_of_head(server), Kind::broken);
}

TEST(ClientConnection, PassesOverInterimAnswers) {
  ScriptedServer server{
      {answering({"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n" + head_1})}};
  auto client = client_of(server);
  EXPECT_TRUE(client.head().ok());
}

TEST(ClientConnection, ReadsARefusalThatComesBeforeTheRequestWasSent) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive_header();
    connection.send(problem(413, "body-too-large", R"(,"limit_bytes":4096)"));
    connection.wait_for_end();
  }}};
  auto client = client_of(server);
  const auto done = client.put_chunk(chunk_id("large"), std::string(64 * bounds::MiB, 'x'));
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().type, "body-too-large");
  EXPECT_EQ(done.error().limit, 4096u);
}

TEST(ClientConnection, ReadsARefusalThoughTheConnectionIsClosedBehindIt) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive_header();
    connection.send(problem(413, "body-too-large"));
  }}};
  auto client = client_of(server);
  const auto done = client.put_chunk(chunk_id("large"), std::string(64 * bounds::MiB, 'x'));
  ASSERT_FALSE(done.ok());
  // The reset may overtake the answer; then the client cannot know more.
  EXPECT_TRUE(done.error().type == "body-too-large" || done.error().kind == Kind::broken);
}

TEST(ClientConnection, RestsAndRepeatsWhenTheServerIsOverloaded) {
  const auto overloaded =
      answer(503, "Content-Type: application/problem+json\r\nRetry-After: 0\r\n", "{}");
  std::vector<std::string> requests;
  {
    ScriptedServer server{{answering({overloaded, overloaded, head_1}, &requests)}};
    auto client = client_of(server);
    EXPECT_TRUE(client.head().ok());
  }
  EXPECT_THAT(requests, SizeIs(3));
}

TEST(ClientConnection, GivesUpWhenTheServerStaysOverloaded) {
  const auto overloaded =
      answer(503, "Content-Type: application/problem+json\r\nRetry-After: 0\r\n", "{}");
  ScriptedServer server{{answering(std::vector(3, overloaded))}};
  auto options = quick_options();
  options.overload_retries = 2;
  auto client = client_of(server, options);
  const auto head = client.head();
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().http_status, 503u);
}

TEST(ClientConnection, CanBeInterruptedFromAnotherThread) {
  Interrupter interrupter;
  auto options = quick_options();
  options.interrupter = &interrupter;
  ScriptedServer server{{[](ScriptedConnection& connection) { connection.wait_for_end(); }}};
  std::thread later{[&] {
    std::this_thread::sleep_for(milliseconds{50});
    interrupter.interrupt();
  }};
  EXPECT_EQ(kind_of_head(server, options), Kind::interrupted);
  later.join();
}

TEST(ClientConnection, LeavesAnAnswerThatIsNotReadToItsEnd) {
  const auto two_answers = [](ScriptedConnection& connection) {
    connection.receive();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
    connection.wait_for_end();
  };
  ScriptedServer server{{two_answers, answering({head_1})}};
  ClientExchange exchange{url_of(server), quick_options()};
  ASSERT_TRUE(exchange.begin({.target = "/"}).ok());
  const auto second = exchange.begin({.target = "/"});
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace mentat_sync
