// Server-sent events, however their bytes are split.
#include "http/client/event_stream_parser.hpp"

#include "storage/bounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using ::testing::ElementsAre;
using Texts = std::vector<std::string>;

struct Collected {
  Texts events;
  EventStreamParser parser{[this](const StreamEvent& event) {
    events.push_back(event.type + "|" + event.data + "|" + parser.last_id());
    return true;
  }};
};

Texts events_of(std::string_view text) {
  Collected all;
  EXPECT_TRUE(all.parser.feed(text).ok());
  return all.events;
}

constexpr std::string_view sample =
    "retry: 2000\n\nid: 1\nevent: head\ndata: {\"seq\":1}\n\n:\n\n: beat\r\n"
    "id: 2\r\nevent: head\r\ndata: a\r\ndata: b\r\n\r\rdata:c\r\n\n";

TEST(EventStreamParser, ReadsTypeDataAndId) {
  EXPECT_THAT(events_of(sample), ElementsAre("head|{\"seq\":1}|1", "head|a\nb|2", "|c|2"));
}

TEST(EventStreamParser, ReadsTheSameSplitAtEveryByte) {
  const auto whole = events_of(sample);
  for (std::size_t i = 0; i <= sample.size(); ++i) {
    Collected all;
    ASSERT_TRUE(all.parser.feed(sample.substr(0, i)).ok());
    ASSERT_TRUE(all.parser.feed(sample.substr(i)).ok());
    EXPECT_EQ(all.events, whole) << "split at " << i;
  }
}

TEST(EventStreamParser, ReadsTheSameByteByByte) {
  Collected all;
  for (const char c : sample) ASSERT_TRUE(all.parser.feed({&c, 1}).ok());
  EXPECT_EQ(all.events, events_of(sample));
}

TEST(EventStreamParser, TakesLineEndsOfAllKinds) {
  EXPECT_THAT(events_of("data: a\r\rdata: b\n\ndata: c\r\n\r\n"), ElementsAre("|a|", "|b|", "|c|"));
}

TEST(EventStreamParser, PassesOverByteOrderMarkCommentsAndUnknownFields) {
  EXPECT_THAT(events_of("\xEF\xBB\xBF"
                        "data: a\nfoo: x\n: comment\nbar\n\n"),
              ElementsAre("|a|"));
}

TEST(EventStreamParser, DispatchesNothingWithoutDataOrBeforeTheEmptyLine) {
  EXPECT_THAT(events_of("event: head\n\ndata: cut off\n"), ElementsAre());
}

TEST(EventStreamParser, AnEmptyDataFieldIsAnEvent) {
  EXPECT_THAT(events_of("data\n\n"), ElementsAre("||"));
}

TEST(EventStreamParser, RemembersTheIdOfDispatchedEventsOnly) {
  Collected all;
  ASSERT_TRUE(all.parser.feed("id: 7\ndata: a\n\nid: 8\ndata: cut").ok());
  EXPECT_EQ(all.parser.last_id(), "7");
}

TEST(EventStreamParser, TakesRetryOnlyAsANumber) {
  Collected all;
  ASSERT_TRUE(all.parser.feed("retry: 1500\n").ok());
  EXPECT_EQ(all.parser.retry(), std::chrono::milliseconds{1500});
  ASSERT_TRUE(all.parser.feed("retry: soon\nretry: -1\nretry: 99999999999999999999\n").ok());
  EXPECT_EQ(all.parser.retry(), std::chrono::milliseconds{1500});
}

TEST(EventStreamParser, StopsWhenTheHandlerHasEnough) {
  int count = 0;
  EventStreamParser parser{[&](const StreamEvent&) { return ++count < 2; }};
  ASSERT_TRUE(parser.feed("data: a\n\ndata: b\n\ndata: c\n\n").ok());
  EXPECT_EQ(count, 2);
  EXPECT_TRUE(parser.stopped());
}

TEST(EventStreamParser, BoundsALineAndAnEvent) {
  EventStreamParser one{[](const StreamEvent&) { return true; }};
  EXPECT_FALSE(one.feed(std::string(bounds::event_line_bytes + 1, 'x')).ok());

  EventStreamParser many{[](const StreamEvent&) { return true; }};
  const std::string line = "data: " + std::string(1000, 'x') + "\n";
  Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) status = many.feed(line);
  EXPECT_FALSE(status.ok());
}

}  // namespace
}  // namespace mentat_sync
