// Watching HEAD over streams that end, fail, repeat themselves, or say nothing.
#include "http/client/watch.hpp"

#include "client_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Seqs = std::vector<std::uint64_t>;

const std::string stream_header =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk_of(std::string_view text) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + std::string{text} + "\r\n";
}

std::string event(std::uint8_t seq) {
  const auto number = std::to_string(seq);
  return "id: " + number + "-opaque\nevent: head\ndata: {\"head\":\"" +
         transaction_id(seq).to_string() + "\",\"seq\":" + number + "}\n\n";
}

/// Answers one request with an event stream of these texts, and closes.
ScriptedServer::Script streaming(std::vector<std::string> texts,
                                 std::vector<std::string>* requests = nullptr) {
  return [texts = std::move(texts), requests](ScriptedConnection& connection) {
    auto request = connection.receive();
    if (requests) requests->push_back(std::move(request));
    connection.send(stream_header);
    for (const auto& text : texts) connection.send(chunk_of(text));
  };
}

struct Watched {
  Seqs seqs;
  std::vector<ClientError> lost;
  Reply<Done> end{ClientError{}};
};

/// Until HEAD is at `last`.
Watched watch_until(const ScriptedServer& server, std::uint64_t last,
                    ClientOptions options = quick_options()) {
  Watched watched;
  watched.end =
      watch_head(url_of(server), test_user, options,
                 {.on_head =
                      [&](const Head& head) {
                        watched.seqs.push_back(head.seq);
                        return head.seq < last;
                      },
                  .on_lost = [&](const ClientError& why,
                                 std::chrono::milliseconds) { watched.lost.push_back(why); }});
  return watched;
}

TEST(Watch, TellsEachHead) {
  ScriptedServer server{{streaming({"retry: 1\n\n", event(1), ":\n\n", event(2) + event(3)})}};
  const auto watched = watch_until(server, 3);
  EXPECT_TRUE(watched.end.ok());
  EXPECT_THAT(watched.seqs, ElementsAre(1, 2, 3));
}

TEST(Watch, ConnectsAgainAndSaysWhatItHasSeen) {
  std::vector<std::string> requests;
  {
    ScriptedServer server{{streaming({"retry: 1\n\n" + event(1)}, &requests),
                           streaming({"retry: 1\n\n"}, &requests),
                           streaming({event(1) + event(2)}, &requests)}};
    const auto watched = watch_until(server, 2);
    EXPECT_TRUE(watched.end.ok());
    EXPECT_THAT(watched.seqs, ElementsAre(1, 2)) << "the same HEAD is no news";
    EXPECT_THAT(watched.lost, SizeIs(2));
  }
  ASSERT_THAT(requests, SizeIs(3));
  EXPECT_THAT(requests[0], Not(HasSubstr("Last-Event-ID")));
  EXPECT_THAT(requests[1], HasSubstr("\r\nLast-Event-ID: 1-opaque\r\n"));
  EXPECT_THAT(requests[2], HasSubstr("\r\nLast-Event-ID: 1-opaque\r\n"));
}

TEST(Watch, WhatIsKnownIsNoNews) {
  ScriptedServer server{{streaming({event(1), event(2)})}};
  Seqs seqs;
  const auto end = watch_head(url_of(server), test_user, quick_options(),
                              {.on_head =
                                   [&](const Head& head) {
                                     seqs.push_back(head.seq);
                                     return head.seq < 2;
                                   }},
                              Head{transaction_id(1), 1});
  EXPECT_TRUE(end.ok());
  EXPECT_THAT(seqs, ElementsAre(2));
}

TEST(Watch, WaitsOutAFailedServer) {
  ScriptedServer server{{streaming({"retry: 1\n\n"}),
                         [](ScriptedConnection& connection) {
                           connection.receive();
                           connection.send(problem(500, "corrupt"));
                         },
                         [](ScriptedConnection& connection) {
                           connection.receive();
                           connection.reset();
                         },
                         streaming({event(1)})}};
  const auto watched = watch_until(server, 1);
  EXPECT_TRUE(watched.end.ok());
  EXPECT_THAT(watched.seqs, ElementsAre(1));
}

TEST(Watch, ARefusalEndsIt) {
  ScriptedServer server{{answering({problem(404, "no-route")})}};
  const auto watched = watch_until(server, 1);
  ASSERT_FALSE(watched.end.ok());
  EXPECT_EQ(watched.end.error().type, "no-route");
}

TEST(Watch, AnAnswerOfAnotherTypeEndsIt) {
  ScriptedServer server{{answering({json_answer(200, "{}")})}};
  const auto watched = watch_until(server, 1);
  ASSERT_FALSE(watched.end.ok());
  EXPECT_THAT(watched.end.error().message, HasSubstr("no event stream"));
}

TEST(Watch, PassesOverEventsThatItDoesNotKnow) {
  ScriptedServer server{{streaming({"event: other\ndata: x\n\n", "event: head\ndata: no json\n\n",
                                    "event: head\ndata: {}\n\n", event(1)})}};
  EXPECT_THAT(watch_until(server, 1).seqs, ElementsAre(1));
}

TEST(Watch, CanBeInterruptedWhileNothingHappens) {
  Interrupter interrupter;
  auto options = quick_options();
  options.interrupter = &interrupter;
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive();
    connection.send(stream_header + chunk_of(event(1)));
    connection.wait_for_end();
  }}};
  std::thread later{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    interrupter.interrupt();
  }};
  const auto watched = watch_until(server, 9, options);
  later.join();
  ASSERT_FALSE(watched.end.ok());
  EXPECT_EQ(watched.end.error().kind, Kind::interrupted);
}

TEST(Watch, CanBeInterruptedBetweenTwoConnections) {
  Interrupter interrupter;
  auto options = quick_options();
  options.interrupter = &interrupter;
  ScriptedServer server{{streaming({"retry: 60000\n\n"})}};
  const auto end = watch_head(url_of(server), test_user, options,
                              {.on_head = [](const Head&) { return true; },
                               .on_lost =
                                   [&](const ClientError&, std::chrono::milliseconds rest) {
                                     EXPECT_EQ(rest, std::chrono::seconds{60});
                                     interrupter.interrupt();
                                   }});
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().kind, Kind::interrupted);
}

}  // namespace
}  // namespace mentat_sync
