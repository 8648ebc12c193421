// Bodies that are made while they are sent: framing, order, and no more in memory than was asked
// for.
#include "http/connection.hpp"
#include "server_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using Then = BodyPiece::Then;

class StreamingTest : public ServerFixture {
 protected:
  static std::string big_pieces(std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
      bytes.append(big_piece_bytes, static_cast<char>('a' + i % 26));
    }
    return bytes;
  }

  /// On another thread than the loop's.
  void hand_over(std::string bytes, Then then = Then::more) {
    application.pieces().take_asked()({std::move(bytes), then});
  }
};

TEST_F(StreamingTest, APieceIsAChunk) {
  RawClient client{port()};
  client.send(get("/stream/3", "Connection: close\r\n"));
  const std::string bytes = client.read_to_end();
  EXPECT_THAT(bytes, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(bytes, ::testing::Not(HasSubstr("Content-Length")));
  EXPECT_THAT(bytes, EndsWith("\r\n\r\n2\r\n0;\r\n2\r\n1;\r\n2\r\n2;\r\n0\r\n\r\n"));
}

TEST_F(StreamingTest, EmptyPiecesAreNoChunks) {
  RawClient client{port()};
  client.send(get("/stream-empty", "Connection: close\r\n"));
  EXPECT_THAT(client.read_to_end(), EndsWith("\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"));
}

TEST_F(StreamingTest, ItsSizeInHexadecimalDigitsIsRight) {
  RawClient client{port()};
  client.send(get("/stream-big/5"));
  const RawAnswer answer = client.read_answer();
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body == big_pieces(5));
}

TEST_F(StreamingTest, Http10GetsTheBytesAloneAndThenTheEnd) {
  RawClient client{port()};
  client.send("GET /stream/3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("/target"));
  const std::string bytes = client.read_to_end();
  EXPECT_THAT(bytes, HasSubstr("Connection: close"));
  EXPECT_THAT(bytes, ::testing::Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(bytes, EndsWith("\r\n\r\n0;1;2;"));
}

TEST_F(StreamingTest, HeadGetsTheHeaderAndNothingIsMade) {
  RawClient client{port()};
  client.send("HEAD /stream-big/5 HTTP/1.1\r\nHost: h\r\n\r\n" + get("/target"));
  EXPECT_EQ(client.read_answer(true).headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(client.read_answer().body, "/target");
  EXPECT_EQ(application.pieces().count(), 0u);
}

TEST_F(StreamingTest, RequestsBehindAreAnsweredAfterIt) {
  RawClient client{port()};
  client.send(get("/stream/2") + get("/target/1") + get("/stream-worker/3") + get("/stream/1") +
              put("/worker", "body") + get("/stream-big/2") + get("/target/2"));
  EXPECT_EQ(client.read_answer().body, "0;1;");
  EXPECT_EQ(client.read_answer().body, "/target/1");
  EXPECT_EQ(client.read_answer().body, "0;1;2;");
  EXPECT_EQ(client.read_answer().body, "0;");
  EXPECT_EQ(client.read_answer().body, "/worker");
  EXPECT_TRUE(client.read_answer().body == big_pieces(2));
  EXPECT_EQ(client.read_answer().body, "/target/2");
}

TEST_F(StreamingTest, WhatIsAnsweredBehindAStreamWaitsForItsEnd) {
  RawClient client{port()};
  client.send(get("/stream-later") + get("/target"));
  ASSERT_TRUE(eventually([&] { return application.handled().size() == 2; }));
  hand_over("first");
  EXPECT_TRUE(client.awaits("first"));
  hand_over("last", Then::end);
  EXPECT_EQ(client.read_answer().body, "firstlast");
  EXPECT_EQ(client.read_answer().body, "/target");
}

TEST_F(StreamingTest, TheHeaderLeavesBeforeTheFirstPieceIsThere) {
  RawClient client{port()};
  client.send(get("/stream-later"));
  const TakePiece take = application.pieces().take_asked();
  EXPECT_TRUE(client.awaits("Transfer-Encoding: chunked\r\n\r\n"));
  take({"late", Then::end});
  EXPECT_EQ(client.read_answer().body, "late");
}

TEST_F(StreamingTest, APieceMayComeFromAnotherThreadBeforeTheHeaderHasLeft) {
  RawClient client{port()};
  // The worker has handed its piece over before the write of header and first answer begins.
  client.send(get("/big/900000") + get("/stream-worker/4") + get("/stream-later"));
  EXPECT_EQ(client.read_answer().body.size(), 900'000u);
  EXPECT_EQ(client.read_answer().body, "0;1;2;3;");
  hand_over("end", Then::end);
  EXPECT_EQ(client.read_answer().body, "end");
}

TEST_F(StreamingTest, ThePieceIsAskedForOnlyWhenTheOneBeforeHasBeenWritten) {
  RawClient client{port()};
  client.send(get("/stream-later"));
  hand_over("one");
  EXPECT_TRUE(client.awaits("one\r\n"));
  hand_over("two");
  EXPECT_TRUE(client.awaits("two\r\n"));
  EXPECT_TRUE(eventually([&] { return application.pieces().count() == 3; }));
  std::this_thread::sleep_for(milliseconds{30});
  EXPECT_EQ(application.pieces().count(), 3u);
  hand_over("", Then::end);
  EXPECT_EQ(client.read_answer().body, "onetwo");
}

TEST_F(StreamingTest, WhoDoesNotReadHasNothingMadeForHim) {
  RawClient client{port()};
  client.send(get("/endless"));
  std::size_t asked = 0;
  // As many as the sockets' buffers hold, and then no more.
  for (;;) {
    std::this_thread::sleep_for(milliseconds{150});
    if (asked > 0 && application.pieces().count() == asked) break;
    asked = application.pieces().count();
    ASSERT_LT(asked, 200u) << "20 MB are waiting for somebody who does not read";
  }
  EXPECT_TRUE(client.awaits(std::string(big_piece_bytes, 'c')));
}

TEST_F(StreamingTest, AStreamOfManyPiecesArrivesWhole) {
  constexpr std::size_t count = 20'000;
  RawClient client{port()};
  client.send(get("/stream/" + std::to_string(count)));
  const RawAnswer answer = client.read_answer();
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(answer.body, ';')), count);
  EXPECT_THAT(answer.body, EndsWith(";19999;"));
}

TEST_F(StreamingTest, ManyStreamsAtATimeDoNotMix) {
  start([](ServerOptions& options) { options.threads = 2; });
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      RawClient client{port()};
      for (int i = 0; i < 5; ++i) {
        client.send(get("/stream-big/7") + get("/stream-worker/3"));
        EXPECT_TRUE(client.read_answer().body == big_pieces(7));
        EXPECT_EQ(client.read_answer().body, "0;1;2;");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(StreamingTest, ChangesThatAreSentDuringAStreamAreWorkedOn) {
  RawClient client{port()};
  client.send(get("/stream-later"));
  EXPECT_TRUE(client.awaits("\r\n\r\n"));
  client.send(put("/echo", "change"));
  EXPECT_TRUE(eventually([&] { return application.handled().size() == 2; }));
  hand_over("x", Then::end);
  EXPECT_EQ(client.read_answer().body, "x");
  EXPECT_EQ(client.read_answer().body, "change");
}

TEST_F(StreamingTest, ASourceLivesAsLongAsItsBody) {
  {
    RawClient client{port()};
    client.send(get("/stream/3") + get("/endless-later"));
    EXPECT_EQ(client.read_answer().body, "0;1;2;");
    EXPECT_TRUE(eventually([&] { return application.pieces().sources() == 1; }));
    EXPECT_TRUE(client.awaits("\r\n\r\n"));
  }
  EXPECT_TRUE(eventually([&] { return application.pieces().sources() == 0; }));
}

}  // namespace
}  // namespace mentat_sync
