// One connection, over a real socket, with raw bytes.
#include "http/connection.hpp"

#include "server_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ConnectionTest : public ServerFixture {};

TEST_F(ConnectionTest, AnswersRequestsOneAfterAnother) {
  RawClient client{port()};
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(put("/echo", "hello")));
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.body, "hello");
    EXPECT_EQ(answer.headers.count("connection"), 0u);
    EXPECT_EQ(answer.headers.at("server"), "mentat-sync");
  }
}

TEST_F(ConnectionTest, AnswersThousandsOfPipelinedRequestsInOrder) {
  constexpr int count = 5'000;
  std::string requests;
  for (int i = 0; i < count; ++i) requests += get("/target/" + std::to_string(i));
  RawClient client{port()};
  std::thread sender{[&] { EXPECT_TRUE(client.send(requests)); }};
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(client.read_answer().body, "/target/" + std::to_string(i));
  }
  sender.join();
}

TEST_F(ConnectionTest, AnswersPipelinedChangesOfOtherThreadsInOrder) {
  constexpr int count = 5'000;
  std::string requests;
  for (int i = 0; i < count; ++i) requests += put("/worker/" + std::to_string(i), "body");
  RawClient client{port()};
  std::thread sender{[&] { EXPECT_TRUE(client.send(requests)); }};
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(client.read_answer().body, "/worker/" + std::to_string(i));
  }
  sender.join();
}

TEST_F(ConnectionTest, KeepsTheOrderOfAnswersThatComeOutOfOrder) {
  RawClient client{port()};
  client.send(put("/later/a", "") + put("/later/b", "") + put("/later/c", ""));
  auto pending = application.take_pending(3);
  std::reverse(pending.begin(), pending.end());
  for (auto& [target, respond] : pending) {
    std::thread{[&respond = respond, &target = target] { respond(text(target)); }}.join();
  }
  EXPECT_EQ(client.read_answer().body, "/later/a");
  EXPECT_EQ(client.read_answer().body, "/later/b");
  EXPECT_EQ(client.read_answer().body, "/later/c");
}

TEST_F(ConnectionTest, AReadWaitsForTheChangesBeforeIt) {
  RawClient client{port()};
  client.send(put("/later/1", "") + put("/later/2", "") + get("/target") + put("/later/3", ""));
  auto pending = application.take_pending(2);
  pending[1].respond(text("2"));
  std::this_thread::sleep_for(milliseconds{50});
  EXPECT_THAT(application.handled(), ElementsAre("/later/1", "/later/2"));
  pending[0].respond(text("1"));
  EXPECT_EQ(client.read_answer().body, "1");
  EXPECT_EQ(client.read_answer().body, "2");
  EXPECT_EQ(client.read_answer().body, "/target");
  application.take_pending(1)[0].respond(text("3"));
  EXPECT_EQ(client.read_answer().body, "3");
}

TEST_F(ConnectionTest, ReadsNoFurtherThanItsBoundOfUnansweredRequests) {
  RawClient client{port()};
  const std::size_t count = bounds::pipelined_requests + 10;
  std::string requests;
  for (std::size_t i = 0; i < count; ++i) requests += put("/later", "");
  client.send(requests);
  auto pending = application.take_pending(bounds::pipelined_requests);
  std::this_thread::sleep_for(milliseconds{50});
  EXPECT_EQ(application.handled().size(), bounds::pipelined_requests);
  for (auto& each : pending) each.respond(text(""));
  for (auto& each : application.take_pending(10)) each.respond(text(""));
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(client.read_answer().status, 200u);
}

TEST_F(ConnectionTest, GivesTheSameAnswersHoweverTheBytesAreSplit) {
  const std::string stream = put_chunked("/echo", "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nA: b\r\n\r\n") +
                             get("/target") + put("/worker", "body") + put("/echo", "abc") +
                             put_chunked("/echo", "0\r\n\r\n") + get("/refused") +
                             "HEAD /target HTTP/1.1\r\nHost: h\r\n\r\n" + get("/end");
  const auto without_what_differs = [](std::string bytes) {
    for (const char* differs : {"Date: ", "X-Request-Id: "}) {
      for (std::size_t at = 0; (at = bytes.find(differs, at)) != std::string::npos;) {
        bytes.erase(at, bytes.find("\r\n", at) - at);
      }
    }
    return bytes;
  };
  RawClient whole{port()};
  whole.send(stream);
  const std::string expected = without_what_differs(whole.read_to_end());
  EXPECT_THAT(expected, HasSubstr("hello!"));
  EXPECT_THAT(expected, ::testing::EndsWith("end"));
  for (const std::size_t step : {1, 3, 50}) {
    RawClient split{port()};
    for (std::size_t at = 0; at < stream.size(); at += step) {
      split.send(std::string_view{stream}.substr(at, step));
    }
    EXPECT_EQ(without_what_differs(split.read_to_end()), expected) << step;
  }
  for (std::size_t at = 1; at < stream.size(); ++at) {
    RawClient split{port()};
    split.send(std::string_view{stream}.substr(0, at));
    split.send(std::string_view{stream}.substr(at));
    ASSERT_EQ(without_what_differs(split.read_to_end()), expected) << at;
  }
}

TEST_F(ConnectionTest, TakesAndGivesLargeBodies) {
  std::string body(4 * bounds::MiB, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 + i / 251);
  RawClient client{port()};
  for (int i = 0; i < 2; ++i) {
    std::thread sender{[&] { client.send(put("/echo", body)); }};
    EXPECT_TRUE(client.read_answer().body == body);
    sender.join();
  }
}

TEST_F(ConnectionTest, LetsAWaitingClientSendItsBody) {
  RawClient client{port()};
  client.send("PUT /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100u);
  client.send("hello");
  EXPECT_EQ(client.read_answer().body, "hello");
}

TEST_F(ConnectionTest, SaysContinueAfterEarlierAnswersOnly) {
  RawClient client{port()};
  client.send(put("/later", "") +
              "PUT /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  application.take_pending(1)[0].respond(text("first"));
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().status, 100u);
  client.send("hello");
  EXPECT_EQ(client.read_answer().body, "hello");
}

TEST_F(ConnectionTest, SaysNoContinueToAClientThatDoesNotWait) {
  RawClient client{port()};
  client.send(
      "PUT /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(client.read_answer().body, "hello");
}

TEST_F(ConnectionTest, RefusesInsteadOfSayingContinue) {
  RawClient client{port()};
  client.send(
      "PUT /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 17\r\n\r\n");
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 413u);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ConnectionTest, AClientThatIsStillSendingSeesTheRefusal) {
  for (const bool chunked : {false, true}) {
    RawClient client{port()};
    const std::string large(8 * bounds::MiB, 'x');
    const std::string body = "800000\r\n" + large + "\r\n0\r\n\r\n";
    EXPECT_TRUE(client.send(chunked ? put_chunked("/small", body) : put("/small", large)));
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, 413u);
    EXPECT_EQ(answer.body, "limit 16");
    EXPECT_TRUE(client.closed_by_server());
  }
}

TEST_F(ConnectionTest, GoesOnAfterARefusalWithoutABody) {
  RawClient client{port()};
  client.send(get("/refused") + get("/target"));
  EXPECT_EQ(client.read_answer().status, 403u);
  EXPECT_EQ(client.read_answer().body, "/target");
}

TEST_F(ConnectionTest, EndsAfterARefusalOfABody) {
  RawClient client{port()};
  client.send(put("/refused", "GET /smuggled HTTP/1.1\r\n\r\n") + get("/target"));
  EXPECT_EQ(client.read_answer().status, 403u);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_TRUE(application.handled().empty());
}

TEST_F(ConnectionTest, AnswersWhatIsNotHttpAndEnds) {
  for (const auto& [bytes, status] :
       {std::pair{"nonsense\r\n\r\n", 400u}, std::pair{"GET / HTTP/3.0\r\n\r\n", 505u},
        std::pair{"GET / HTTP/1.1\nHost: h\n\n", 400u}}) {
    RawClient client{port()};
    client.send(bytes);
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_TRUE(client.closed_by_server());
  }
}

TEST_F(ConnectionTest, AnswersTheRequestsBeforeAMalformedOne) {
  RawClient client{port()};
  client.send(put("/later", "") + "nonsense\r\n\r\n");
  application.take_pending(1)[0].respond(text("first"));
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().status, 400u);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ConnectionTest, RefusesAHeaderThatIsTooLarge) {
  RawClient client{port()};
  client.send("GET / HTTP/1.1\r\nA: " + std::string(1 * bounds::MiB, 'a'));
  EXPECT_EQ(client.read_answer().status, 431u);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ConnectionTest, AnswersHeadWithoutTheBody) {
  RawClient client{port()};
  client.send("HEAD /big/100000 HTTP/1.1\r\nHost: h\r\n\r\n" + get("/target"));
  EXPECT_EQ(client.read_answer(true).headers.at("content-length"), "100000");
  EXPECT_EQ(client.read_answer().body, "/target");
}

TEST_F(ConnectionTest, WritesNoBodyWith204And304) {
  RawClient client{port()};
  client.send(get("/status/204") + get("/status/304") + get("/target"));
  EXPECT_EQ(client.read_answer().status, 204u);
  EXPECT_EQ(client.read_answer().status, 304u);
  EXPECT_EQ(client.read_answer().body, "/target");
}

TEST_F(ConnectionTest, EndsWhenTheClientAsksForIt) {
  RawClient client{port()};
  client.send(get("/target", "Connection: close\r\n") + get("/after"));
  EXPECT_EQ(client.read_answer().headers.at("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_THAT(application.handled(), ElementsAre("/target"));
}

TEST_F(ConnectionTest, KeepsHttp10OnlyWhenAsked) {
  RawClient one{port()};
  one.send("GET /target HTTP/1.0\r\n\r\n");
  EXPECT_EQ(one.read_answer().headers.at("connection"), "close");
  EXPECT_TRUE(one.closed_by_server());
  RawClient kept{port()};
  for (int i = 0; i < 2; ++i) {
    kept.send("GET /target HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.read_answer().headers.at("connection"), "keep-alive");
  }
}

TEST_F(ConnectionTest, EndsWhenTheApplicationSaysSo) {
  RawClient client{port()};
  client.send(get("/target") + get("/end") + get("/after"));
  EXPECT_EQ(client.read_answer().body, "/target");
  EXPECT_EQ(client.read_answer().body, "end");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ConnectionTest, AnswersEverythingAfterTheClientHasFinishedSending) {
  RawClient client{port()};
  client.send(put("/later", "") + get("/target") + get("/target/2"));
  client.finish_sending();
  std::this_thread::sleep_for(milliseconds{20});
  application.take_pending(1)[0].respond(text("first"));
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().body, "/target");
  EXPECT_EQ(client.read_answer().body, "/target/2");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ConnectionTest, SaysNothingToARequestThatIsCutOff) {
  for (const std::string& cut : {std::string{"GET / HT"}, put("/echo", "body").substr(0, 52)}) {
    RawClient client{port()};
    client.send(cut);
    client.finish_sending();
    EXPECT_EQ(client.read_to_end(), "");
  }
  EXPECT_TRUE(application.handled().empty());
}

TEST_F(ConnectionTest, AnswersForAHandlerThatThrows) {
  RawClient client{port()};
  client.send(get("/throw") + get("/target") + get("/admit-throws") + get("/target"));
  EXPECT_EQ(client.read_answer().status, 500u);
  EXPECT_EQ(client.read_answer().status, 200u);
  EXPECT_EQ(client.read_answer().status, 500u);
  EXPECT_EQ(client.read_answer().status, 200u);
}

TEST_F(ConnectionTest, PausesAClientThatDoesNotReadItsAnswers) {
  RawClient client{port()};
  constexpr std::size_t count = 40;
  std::string requests;
  for (std::size_t i = 0; i < count; ++i) requests += get("/big/1000000");
  client.send(requests);
  std::this_thread::sleep_for(milliseconds{200});
  EXPECT_LT(application.handled().size(), count);
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(client.read_answer().body.size(), 1'000'000u);
}

TEST_F(ConnectionTest, AnswersARequestThatTakesTooLongToArrive) {
  start([](ServerOptions& options) {
    options.deadlines.header = milliseconds{100};
    options.deadlines.body = milliseconds{100};
  });
  for (const std::string& part :
       {std::string{"GET / HTTP/1.1\r\n"},
        std::string{"PUT /echo HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"}}) {
    RawClient client{port()};
    client.send(get("/target") + part);
    EXPECT_EQ(client.read_answer().body, "/target");
    EXPECT_EQ(client.read_answer().status, 408u);
    EXPECT_TRUE(client.closed_by_server());
  }
}

TEST_F(ConnectionTest, BoundsABodyThatTrickles) {
  start([](ServerOptions& options) {
    options.deadlines.body = milliseconds{500};
    options.deadlines.body_total = milliseconds{300};
  });
  RawClient client{port()};
  client.send("PUT /echo HTTP/1.1\r\nContent-Length: 5000\r\n\r\n");
  std::thread sender{[&] {
    for (int i = 0; i < 40 && client.send("x"); ++i) std::this_thread::sleep_for(milliseconds{20});
  }};
  EXPECT_EQ(client.read_answer().status, 408u);
  sender.join();
}

TEST_F(ConnectionTest, ClosesAnIdleConnectionWithoutAWord) {
  start([](ServerOptions& options) { options.deadlines.idle = milliseconds{100}; });
  RawClient never_asked{port()};
  RawClient asked{port()};
  asked.send(get("/target"));
  EXPECT_EQ(asked.read_answer().status, 200u);
  EXPECT_EQ(never_asked.read_to_end(), "");
  EXPECT_EQ(asked.read_to_end(), "");
}

TEST_F(ConnectionTest, IsNotIdleWhileAnAnswerIsAwaited) {
  start([](ServerOptions& options) { options.deadlines.idle = milliseconds{50}; });
  RawClient client{port()};
  client.send(put("/later", ""));
  auto pending = application.take_pending(1);
  std::this_thread::sleep_for(milliseconds{200});
  pending[0].respond(text("late but welcome"));
  EXPECT_EQ(client.read_answer().body, "late but welcome");
}

TEST_F(ConnectionTest, GivesUpOnAnAnswerThatNeverComes) {
  start([](ServerOptions& options) { options.deadlines.answer = milliseconds{100}; });
  RawClient client{port()};
  client.send(put("/later", ""));
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ConnectionTest, CutsOffAClientThatDoesNotReadForTooLong) {
  start([](ServerOptions& options) { options.deadlines.write = milliseconds{100}; });
  RawClient client{port()};
  client.send(get("/big/50000000"));
  EXPECT_TRUE(eventually([&] { return !application.handled().empty(); }));
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
  EXPECT_LT(client.read_to_end().size(), 50'000'000u);
}

TEST_F(ConnectionTest, DoesNotLingerForever) {
  start([](ServerOptions& options) { options.deadlines.linger = milliseconds{100}; });
  RawClient client{port()};
  client.send("nonsense\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 400u);
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

}  // namespace
}  // namespace mentat_sync
