// Black-box: hearing of changes as server-sent events.
#include "support/cbor_log.hpp"
#include "support/event_watcher.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <deque>
#include <thread>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

constexpr milliseconds soon{5000};
/// In which nothing should come.
constexpr milliseconds a_while{150};

std::string id_of(std::uint64_t seq, std::string_view head) {
  return std::to_string(seq) + "-" + std::string{head};
}

class EventsConformance : public RunningServer {
 protected:
  EventWatcher watch(std::string_view last_event_id = {}) const {
    return {port(), user, last_event_id};
  }
};

TEST_F(EventsConformance, TellHeadAtOnce) {
  auto watcher = watch();
  EXPECT_EQ(watcher.header().status, 200U);
  EXPECT_EQ(watcher.header().header("Content-Type"), "text/event-stream");
  EXPECT_EQ(watcher.header().header("Cache-Control"), "no-store");
  const auto event = watcher.next();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->id, "0-" + std::string{root_id});
  EXPECT_EQ(event->type, "head");
  EXPECT_EQ(event->data, "{\"head\":\"" + std::string{root_id} + "\",\"seq\":0}");
  EXPECT_EQ(watcher.retry(), "2000");
  EXPECT_FALSE(watcher.next(a_while));
}

TEST_F(EventsConformance, AreThisOnTheWire) {
  const auto first = client.commit_transaction(root_id);
  ResponseStream stream{port(), {.target = client.target("/events")}};
  std::string text;
  while (text.find("}\n\n") == std::string::npos) text += stream.read().value();
  EXPECT_EQ(text, "retry: 2000\n\nid: 1-" + first + "\nevent: head\ndata: {\"head\":\"" + first +
                      "\",\"seq\":1}\n\n");
}

TEST_F(EventsConformance, TellEachMoveOfHead) {
  auto watcher = watch();
  watcher.next();
  std::string head{root_id};
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    head = client.commit_transaction(head);
    const auto event = watcher.next(soon);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->id, std::to_string(seq) + "-" + head);
    EXPECT_EQ(event->head(), head);
    EXPECT_EQ(event->seq(), seq);
  }
}

TEST_F(EventsConformance, TellOfPushes) {
  auto watcher = watch();
  watcher.next();
  const auto id = new_uuid();
  const auto log = CborLog{}.transaction(new_uuid(), {}).transaction(id, {}).encode();
  ASSERT_EQ(client.push(log).status, 201U);
  const auto event = watcher.next(soon);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->head(), id);
  EXPECT_EQ(event->id, "2-" + id);
  client.push(log);
  EXPECT_FALSE(watcher.next(a_while)) << "a replay is no change";
}

TEST_F(EventsConformance, AreSilentAboutWhatIsNotHead) {
  auto watcher = watch();
  watcher.next();
  client.put_chunk("a", "x");
  client.add_transaction(root_id);
  client.put_head(new_uuid());
  client.push(CborLog{}.chunk("b", "y").encode());
  SyncClient{port(), new_uuid()}.commit_transaction(root_id);
  EXPECT_FALSE(watcher.next(a_while));
}

TEST_F(EventsConformance, TellOfDeletionAndOfTheLogAfterIt) {
  client.commit_transaction(root_id);
  auto watcher = watch();
  watcher.next();
  client.delete_user();
  const auto event = watcher.next(soon);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->head(), root_id);
  EXPECT_EQ(event->id, "0-" + std::string{root_id});
  EXPECT_TRUE(watcher.hears_of(client.commit_transaction(root_id), soon));
}

TEST_F(EventsConformance, GoOnAfterLastEventId) {
  const auto first = client.commit_transaction(root_id);
  auto knows = watch(watch().next().value().id);
  auto knows_the_number = watch("1");
  EXPECT_FALSE(knows.next(a_while)) << "nothing has happened since";
  EXPECT_FALSE(knows_the_number.next(a_while));
  const auto second = client.commit_transaction(first);
  EXPECT_EQ(knows.next(soon).value().head(), second);
  EXPECT_EQ(knows_the_number.next(soon).value().head(), second);
  for (const auto& other : {id_of(1, first), id_of(2, first), id_of(1, second), std::string{"0"},
                            std::string{"99"}, std::string{"nonsense"}}) {
    auto watcher = watch(other);
    const auto event = watcher.next(soon);
    ASSERT_TRUE(event) << other;
    EXPECT_EQ(event->head(), second);
  }
}

TEST_F(EventsConformance, TellALogThatWasBegunAnewFromTheOneBeforeIt) {
  client.commit_transaction(root_id);
  const auto last = watch().next().value().id;
  client.delete_user();
  const auto other = client.commit_transaction(root_id);
  auto watcher = watch(last);
  EXPECT_TRUE(watcher.hears_of(other, soon)) << "as long as the log was, but not that log";
}

TEST_F(EventsConformance, ReachEveryWatcher) {
  std::deque<EventWatcher> watchers;
  for (int i = 0; i < 100; ++i) watchers.emplace_back(port(), user);
  std::string head{root_id};
  for (int i = 0; i < 10; ++i) head = client.commit_transaction(head);
  for (auto& watcher : watchers) ASSERT_TRUE(watcher.hears_of(head, soon));
}

TEST_F(EventsConformance, OfAWatcherThatDoesNotReadEndWithTheLastHead) {
  auto slow = watch();
  std::string head{root_id};
  for (int i = 0; i < 300; ++i) head = client.commit_transaction(head);
  ASSERT_TRUE(slow.hears_of(head, soon));
  EXPECT_FALSE(slow.next(a_while));
}

TEST_F(EventsConformance, NeverGoBack) {
  auto watcher = watch();
  std::jthread writer{[this] {
    SyncClient other{port(), user};
    std::string head{root_id};
    for (int i = 0; i < 200; ++i) head = other.commit_transaction(head);
  }};
  std::uint64_t last = 0;
  while (last < 200) {
    const auto event = watcher.next(soon);
    ASSERT_TRUE(event);
    EXPECT_TRUE(last == 0 || event->seq() > last) << event->seq() << " after " << last;
    last = event->seq();
  }
}

TEST_F(EventsConformance, TellWhatHappensWhileManyComeAndGo) {
  std::string head{root_id};
  for (int i = 0; i < 200; ++i) {
    auto watcher = watch();
    if (i % 2 == 0) head = client.commit_transaction(head);
    ASSERT_TRUE(watcher.hears_of(head, soon)) << i;
  }
}

TEST_F(EventsConformance, ForHeadAreTheHeaderAlone) {
  const auto response = client.request("HEAD", "/events");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(client.head(), root_id) << "the connection goes on";
}

TEST_F(EventsConformance, OverHttp10AreNotChunked) {
  HttpConnection connection{port()};
  connection.send("GET " + client.target("/events") + " HTTP/1.0\r\n\r\n");
  const auto header = connection.receive_header();
  EXPECT_EQ(header.status, 200U);
  EXPECT_FALSE(header.has("Transfer-Encoding"));
  std::string text;
  while (text.find("}\n\n") == std::string::npos) text += connection.read_raw(soon).value();
  EXPECT_TRUE(text.starts_with("retry: ")) << text;
}

TEST_F(EventsConformance, OtherMethodsAre405) {
  for (const char* method : {"PUT", "POST", "DELETE"}) {
    const auto response = client.request(method, "/events");
    EXPECT_TRUE(is_problem(response, 405)) << method;
    EXPECT_THAT(members(response.header("Allow")), ElementsAre("GET", "HEAD"));
  }
}

TEST_F(EventsConformance, OfManyUsersOnOneServerDoNotMix) {
  struct Watched {
    SyncClient client;
    EventWatcher watcher;
  };
  std::deque<Watched> all;
  for (int i = 0; i < 50; ++i) {
    const auto id = new_uuid();
    all.push_back({SyncClient{port(), id}, EventWatcher{port(), id}});
    all.back().watcher.next();
  }
  for (auto& [one, watcher] : all) {
    const auto head = one.commit_transaction(root_id);
    EXPECT_EQ(watcher.next(soon).value().head(), head);
  }
  for (auto& watched : all) EXPECT_FALSE(watched.watcher.next(milliseconds{1}));
}

/// A server whose user actors go away at once when they may.
class EventsAndPassivation : public RunningServer {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--passivate-after", "100ms", "--log-level", "debug"};
    start(options);
  }
};

TEST_F(EventsAndPassivation, AWatchedUserIsNotForgotten) {
  EventWatcher watcher{port(), user};
  watcher.next();
  std::string head{root_id};
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(milliseconds{350});
    head = client.commit_transaction(head);
    const auto event = watcher.next(soon);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->head(), head);
  }
}

TEST_F(EventsAndPassivation, AUserThatIsNoLongerWatchedIsForgotten) {
  const auto head = client.commit_transaction(root_id);
  std::this_thread::sleep_for(milliseconds{800});
  EXPECT_NE(logged_field(server().process().err(), "user actor retired", "user"), "");
  EventWatcher watcher{port(), user};
  EXPECT_EQ(watcher.next(soon).value().head(), head);
  EXPECT_TRUE(watcher.hears_of(client.commit_transaction(head), soon));
}

TEST(EventsAtTheEnd, AreEndedCleanlyAndTheServerDoesNotWait) {
  ServerProcess server;
  const auto user = new_uuid();
  std::deque<EventWatcher> watchers;
  for (int i = 0; i < 20; ++i) watchers.emplace_back(server.port(), user);
  for (auto& watcher : watchers) watcher.next();
  const auto start = std::chrono::steady_clock::now();
  const ExitStatus clean_exit{.code = 0, .signal = {}};
  EXPECT_EQ(server.terminate(), clean_exit) << server.process().err();
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds{5});
  for (auto& watcher : watchers) {
    EXPECT_FALSE(watcher.next(soon));
    EXPECT_TRUE(watcher.ended());
    EXPECT_TRUE(watcher.whole()) << "cut off instead of ended";
  }
}

}  // namespace
}  // namespace mentat_sync
