// Questions: requests whose answer waits for something to happen. A connection has one of them
// under way, hears when its peer goes away whatever came behind it, and takes it back then.
#include "http/connection.hpp"
#include "server_fixture.hpp"
#include "storage/bounds.hpp"

#include <gmock/gmock.h>

#include <string>
#include <thread>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class QuestionsTest : public ServerFixture {
 protected:
  void expect_gone() {
    EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
  }
};

TEST_F(QuestionsTest, OneIsWithdrawnWhenItsConnectionEnds) {
  {
    RawClient client{port()};
    client.send(get("/later-wait"));
    EXPECT_TRUE(eventually([&] { return application.handled().size() == 1; }));
    EXPECT_THAT(application.withdrawn(), IsEmpty());
  }
  EXPECT_TRUE(eventually([&] { return !application.withdrawn().empty(); }));
  EXPECT_THAT(application.withdrawn(), ElementsAre("/later-wait"));
  application.take_pending(1)[0].respond(text("nobody is there"));
}

TEST_F(QuestionsTest, OneThatIsAnsweredIsNotWithdrawn) {
  {
    RawClient client{port()};
    client.send(get("/later-wait"));
    application.take_pending(1)[0].respond(text("news"));
    EXPECT_EQ(client.read_answer().body, "news");
  }
  expect_gone();
  EXPECT_THAT(application.withdrawn(), IsEmpty());
}

TEST_F(QuestionsTest, TheNextOneIsAskedWhenTheFirstIsAnswered) {
  RawClient client{port()};
  client.send(get("/later-wait/1") + get("/later-wait/2") + get("/echo"));
  auto first = application.take_pending(1);
  std::this_thread::sleep_for(milliseconds{30});
  EXPECT_THAT(application.handled(), ElementsAre("/later-wait/1"));
  first[0].respond(text("one"));
  EXPECT_EQ(client.read_answer().body, "one");
  application.take_pending(1)[0].respond(text("two"));
  EXPECT_EQ(client.read_answer().body, "two");
  EXPECT_EQ(client.read_answer().status, 200);
}

// It is read on while one waits, so a read is under way when what had come before is taken.
TEST_F(QuestionsTest, WhatComesBehindOneIsTakenOnceAndInOrder) {
  RawClient client{port()};
  client.send(get("/later-wait/1") + get("/later-wait/2") + put("/echo", "first"));
  application.take_pending(1)[0].respond(text("one"));
  auto second = application.take_pending(1);
  EXPECT_EQ(client.read_answer().body, "one");
  EXPECT_TRUE(eventually([&] { return application.handled().size() == 3; }));
  client.send(put("/echo", "other"));
  EXPECT_TRUE(eventually([&] { return application.handled().size() == 4; }));
  second[0].respond(text("two"));
  EXPECT_EQ(client.read_answer().body, "two");
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().body, "other");
}

// Its answer could never leave.
TEST_F(QuestionsTest, NoneIsAskedBehindAStreamWithoutEnd) {
  RawClient client{port()};
  client.send(get("/endless-later") + get("/later-wait") + get("/target"));
  application.pieces().take_asked()({"one", BodyPiece::Then::more});
  EXPECT_TRUE(client.awaits("one\r\n"));
  EXPECT_THAT(application.handled(), ElementsAre("/endless-later"));
  application.pieces().take_asked()({"two", BodyPiece::Then::end});
  EXPECT_TRUE(client.awaits("0\r\n\r\n"));
  application.take_pending(1)[0].respond(text("news"));
  EXPECT_TRUE(client.awaits("news"));
  EXPECT_TRUE(client.awaits("/target"));
}

TEST_F(QuestionsTest, WhatChangesNothingIsAnsweredBehindOne) {
  RawClient client{port()};
  client.send(get("/later-wait") + get("/target"));
  EXPECT_TRUE(eventually([&] { return application.handled().size() == 2; }));
  application.take_pending(1)[0].respond(text("news"));
  EXPECT_EQ(client.read_answer().body, "news");
  EXPECT_EQ(client.read_answer().body, "/target");
}

// At 64 requests, or behind a request that is held back, nothing more is taken; the end is seen.
TEST_F(QuestionsTest, APeerThatGoesAwayIsMissedHoweverMuchItHasAskedBefore) {
  for (const std::string& behind : {get("/later-wait"), get("/target")}) {
    std::string requests = get("/later-wait");
    for (std::size_t i = 0; i < 2 * bounds::pipelined_requests; ++i) requests += behind;
    {
      RawClient client{port()};
      client.send(requests);
      auto pending = application.take_pending(1);
      EXPECT_EQ(server->connections(), 1u);
      client.finish_sending();
      expect_gone();
      pending[0].respond(text("nobody is there"));
    }
  }
  EXPECT_THAT(application.withdrawn(), ElementsAre("/later-wait", "/later-wait"));
}

TEST_F(QuestionsTest, WhoSendsWithoutEndBehindOneIsCutOff) {
  RawClient client{port()};
  std::string requests = get("/later-wait") + get("/later-wait");
  while (requests.size() < 2 * bounds::read_buffer_bytes_max) requests += get("/target");
  client.send(requests);
  auto pending = application.take_pending(1);
  expect_gone();
  pending[0].respond(text("nobody is there"));
}

// It is behind the question that the header waits, not for its own rest.
TEST_F(QuestionsTest, WhatIsHeldBackBehindOneDoesNotTimeOut) {
  start([](ServerOptions& options) { options.deadlines.header = milliseconds{100}; });
  RawClient client{port()};
  client.send(get("/later-wait") + get("/later-wait/2") + get("/target"));
  auto pending = application.take_pending(1);
  std::this_thread::sleep_for(milliseconds{1200});  // more than two sweeps
  pending[0].respond(text("one"));
  EXPECT_EQ(client.read_answer().body, "one");
  application.take_pending(1)[0].respond(text("two"));
  EXPECT_EQ(client.read_answer().body, "two");
  EXPECT_EQ(client.read_answer().body, "/target");
}

TEST_F(QuestionsTest, ThePeerOfAnEndlessStreamIsMissedBehindManyRequestsToo) {
  RawClient client{port()};
  std::string requests = get("/endless-later");
  for (std::size_t i = 0; i < 2 * bounds::pipelined_requests; ++i) requests += get("/target");
  client.send(requests);
  application.pieces().take_asked()({"one", BodyPiece::Then::more});
  EXPECT_TRUE(client.awaits("one\r\n"));
  client.finish_sending();
  expect_gone();
}

}  // namespace
}  // namespace mentat_sync
