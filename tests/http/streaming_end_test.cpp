// How bodies that are made while they are sent end when they do not end by themselves.
#include "http/connection.hpp"
#include "server_fixture.hpp"

#include <gmock/gmock.h>

#include <future>
#include <thread>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::Not;
using Then = BodyPiece::Then;

class StreamingEndTest : public ServerFixture {
 protected:
  void hand_over(std::string bytes, Then then = Then::more) {
    application.pieces().take_asked()({std::move(bytes), then});
  }

  /// So that a drain does not wait for the test's client to close.
  void start_with_short_farewells() {
    start([](ServerOptions& options) { options.deadlines.linger = milliseconds{100}; });
  }

  /// Whether the connection goes, without the last chunk, after a piece with `bytes`.
  void expect_cut_off_after(RawClient& client, const std::string& bytes) {
    const std::string all = client.read_to_end();
    EXPECT_THAT(all, EndsWith("\r\n" + bytes + "\r\n"));
    EXPECT_THAT(all, Not(EndsWith("0\r\n\r\n")));
    EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
  }
};

TEST_F(StreamingEndTest, AFailureCutsTheAnswerOff) {
  RawClient client{port()};
  client.send(get("/stream-fail") + get("/target"));
  expect_cut_off_after(client, "half");
}

TEST_F(StreamingEndTest, AFailureFromAnotherThreadToo) {
  RawClient client{port()};
  client.send(get("/stream-later"));
  hand_over("piece");
  hand_over("does not count", Then::failed);
  expect_cut_off_after(client, "piece");
}

TEST_F(StreamingEndTest, AnExceptionIsAFailureAndIsLogged) {
  std::atomic<int> logged{0};
  start([&](ServerOptions& options) {
    options.log = [&](LogLevel level, std::string_view event, const std::vector<LogField>&) {
      if (level == LogLevel::error && event == "making an answer failed") ++logged;
    };
  });
  RawClient client{port()};
  client.send(get("/stream-throw"));
  expect_cut_off_after(client, "half");
  EXPECT_EQ(logged, 1);
  EXPECT_EQ(application.pieces().count(), 2u) << "nothing is asked of it any more";
  RawClient other{port()};
  other.send(get("/target"));
  EXPECT_EQ(other.read_answer().body, "/target") << "the loop goes on";
  server.reset();
}

TEST_F(StreamingEndTest, AfterAFailureNothingIsAskedFor) {
  RawClient client{port()};
  client.send(get("/stream-fail"));
  client.read_to_end();
  EXPECT_EQ(application.pieces().count(), 2u);
}

TEST_F(StreamingEndTest, APieceThatDoesNotComeInTimeEndsTheConnection) {
  start([](ServerOptions& options) { options.deadlines.answer = milliseconds{100}; });
  RawClient client{port()};
  client.send(get("/stream-later"));
  hand_over("in time");
  const TakePiece late = application.pieces().take_asked();
  expect_cut_off_after(client, "in time");
  late({"late", Then::end});
}

TEST_F(StreamingEndTest, ThatIsAWaitForEachPieceNotForTheWhole) {
  start([](ServerOptions& options) { options.deadlines.answer = milliseconds{300}; });
  RawClient client{port()};
  client.send(get("/stream-later"));
  for (int i = 0; i < 8; ++i) {
    std::this_thread::sleep_for(milliseconds{100});
    hand_over("x");
  }
  hand_over("", Then::end);
  EXPECT_EQ(client.read_answer().body, "xxxxxxxx");
}

TEST_F(StreamingEndTest, WhoReadsNothingForTooLongIsCutOff) {
  start([](ServerOptions& options) { options.deadlines.write = milliseconds{100}; });
  for (const auto* target : {"/endless", "/stream-big/500"}) {
    RawClient client{port()};
    client.send(get(target));
    EXPECT_TRUE(eventually([&] { return server->connections() == 1; }));
    EXPECT_TRUE(eventually([&] { return server->connections() == 0; })) << target;
  }
  EXPECT_TRUE(eventually([&] { return application.pieces().sources() == 0; }));
}

TEST_F(StreamingEndTest, AnEndlessStreamEndsWithItsPeer) {
  RawClient client{port()};
  client.send(get("/endless-later"));
  hand_over("one");
  EXPECT_TRUE(client.awaits("one\r\n"));
  client.finish_sending();
  EXPECT_THAT(client.read_to_end(), Not(EndsWith("0\r\n\r\n")));
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(StreamingEndTest, AnEndlessStreamThatIsTheLastAnswerEndsWithItsPeerToo) {
  RawClient client{port()};
  client.send(get("/endless-later", "Connection: close\r\n"));
  hand_over("one");
  EXPECT_TRUE(client.awaits("one\r\n"));
  client.finish_sending();
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(StreamingEndTest, AnAnswerThatWaitsForNewsIsNotAwaitedForAPeerThatIsGone) {
  for (const std::string& more : {std::string{}, std::string{"Connection: close\r\n"}}) {
    RawClient client{port()};
    client.send(put("/later", "") + get("/later-wait", more));
    auto change = application.take_pending(1);
    client.finish_sending();
    std::this_thread::sleep_for(milliseconds{30});
    change[0].respond(text("changed"));
    EXPECT_EQ(client.read_answer().body, "changed") << "what does not wait is completed";
    EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
    EXPECT_TRUE(client.closed_by_server());
    application.take_pending(1)[0].respond(text("nobody is there"));
  }
}

TEST_F(StreamingEndTest, AFiniteOneIsCompletedForAPeerThatSendsNoMore) {
  RawClient client{port()};
  client.send(get("/stream-later") + get("/stream/2"));
  client.finish_sending();
  std::this_thread::sleep_for(milliseconds{30});
  hand_over("one");
  hand_over("two", Then::end);
  EXPECT_EQ(client.read_answer().body, "onetwo");
  EXPECT_EQ(client.read_answer().body, "0;1;");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(StreamingEndTest, ALostPeerEndsEither) {
  for (const auto* target : {"/endless", "/stream-big/1000"}) {
    {
      RawClient client{port()};
      client.send(get(target));
      EXPECT_TRUE(client.awaits("aaa"));
    }
    EXPECT_TRUE(eventually([&] { return server->connections() == 0; })) << target;
  }
}

TEST_F(StreamingEndTest, DrainingEndsAnEndlessStreamProperly) {
  start_with_short_farewells();
  RawClient client{port()};
  client.send(get("/endless-later"));
  hand_over("one");
  EXPECT_TRUE(client.awaits("one\r\n"));
  ASSERT_TRUE(server->drain(std::chrono::seconds{10}));
  const RawAnswer answer = client.read_answer();
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.body, "one");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(StreamingEndTest, DrainingEndsAnEndlessStreamThatIsBeingWritten) {
  start_with_short_farewells();
  RawClient client{port()};
  client.send(get("/endless"));
  EXPECT_TRUE(client.awaits("aaa"));
  auto drained = std::async(std::launch::async, [&] { return server->drain(); });
  const RawAnswer answer = client.read_answer();
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.body.size() % big_piece_bytes, 0u);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_TRUE(drained.get());
}

TEST_F(StreamingEndTest, DrainingCompletesAFiniteStream) {
  start_with_short_farewells();
  RawClient client{port()};
  client.send(get("/stream-later"));
  hand_over("one");
  EXPECT_TRUE(client.awaits("one\r\n"));
  auto drained = std::async(std::launch::async, [&] { return server->drain(); });
  std::this_thread::sleep_for(milliseconds{50});
  hand_over("two");
  hand_over("three", Then::end);
  const RawAnswer answer = client.read_answer();
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.body, "onetwothree");
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_TRUE(drained.get());
}

// The piece that the endless one was waiting for comes when the body behind it is being sent.
TEST_F(StreamingEndTest, APieceThatComesAfterItsBodysEndIsNoPieceOfTheNext) {
  start_with_short_farewells();
  RawClient client{port()};
  client.send(get("/endless-later") + get("/stream-later"));
  const TakePiece too_late = application.pieces().take_asked();
  ASSERT_TRUE(eventually([&] { return application.handled().size() == 2; }));
  auto drained = std::async(std::launch::async, [&] { return server->drain(); });
  const TakePiece next = application.pieces().take_asked();
  too_late({"of another body", Then::end});
  std::this_thread::sleep_for(milliseconds{50});
  next({"its own", Then::end});
  EXPECT_EQ(client.read_answer().body, "");
  EXPECT_EQ(client.read_answer().body, "its own");
  EXPECT_TRUE(drained.get());
}

TEST_F(StreamingEndTest, TheServerMayEndWhileAPieceIsAwaited) {
  RawClient client{port()};
  client.send(get("/stream-later"));
  const TakePiece take = application.pieces().take_asked();
  server.reset();
  take({"nobody is there", Then::end});
  EXPECT_THAT(client.read_to_end(), Not(EndsWith("0\r\n\r\n")));
}

}  // namespace
}  // namespace mentat_sync
