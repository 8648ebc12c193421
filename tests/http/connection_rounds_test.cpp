// How the connections of a loop read and write beside each other.
#include "one_loop.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mentat_sync {
namespace {

class RoundsOfConnections : public OneLoop {};

TEST_F(RoundsOfConnections, WhoseNextRequestIsThereLetsTheOthersComeFirst) {
  const auto one = connect();
  const auto other = connect();
  for (int i = 1; i <= 3; ++i) {
    one->send(get("/one/" + std::to_string(i)));
    other->send(get("/other/" + std::to_string(i)));
  }
  run();
  EXPECT_THAT(application.handled(), ::testing::ElementsAre("/one/1", "/other/1", "/one/2",
                                                            "/other/2", "/one/3", "/other/3"));
  EXPECT_TRUE(one->received().ends_with("/one/3"));
  EXPECT_TRUE(other->is_read());
}

TEST_F(RoundsOfConnections, WhatIsAskedForWhileAnAnswerWaitsIsAnsweredInItsTurn) {
  const auto stream = connect();
  stream->set_write_limit(7);
  stream->send(get("/1") + get("/2"));
  stream->send(get("/work/2") + get("/3"));
  run();
  EXPECT_THAT(application.handled(), ::testing::ElementsAre("/1", "/2", "/work/2", "/3"));
  EXPECT_TRUE(stream->received().ends_with("/3"));
  EXPECT_TRUE(stream->is_read());
}

TEST_F(RoundsOfConnections, OneThatIsClosedMeanwhileReadsNoFurther) {
  const auto stream = connect();
  stream->send(get("/1"));
  stream->send(get("/2"));
  while (stream->received().empty() && io.poll_one() > 0) {
  }
  connections.front()->close();
  run();
  EXPECT_THAT(application.handled(), ::testing::ElementsAre("/1"));
  EXPECT_TRUE(closed);
}

TEST_F(RoundsOfConnections, ThePeersEndIsFoundByARoundToo) {
  const auto stream = connect();
  stream->send(get("/1"));
  stream->finish_sending();
  run();
  EXPECT_TRUE(stream->received().ends_with("/1"));
  EXPECT_EQ(stream->closed(), Transport::Farewell::complete);
}

/// So many that the loop is crowded, as long as they ask.
class CrowdOfConnections : public OneLoop {
 protected:
  CrowdOfConnections() {
    for (std::size_t i = 0; i < 3 * Rounds::crowd; ++i) streams.push_back(connect());
    ask("/first");
    ask("/second");
    while (!rounds.crowded() && io.poll_one() > 0) {
    }
  }

  void ask(const std::string& target) {
    for (const auto& stream : streams) stream->send(get(target));
  }

  std::vector<std::shared_ptr<MemoryStream>> streams;
};

TEST_F(CrowdOfConnections, AllAreAnswered) {
  ASSERT_TRUE(rounds.crowded());
  ask(big(100'000));
  ask("/work/2");
  ask("/last");
  run();
  EXPECT_EQ(application.handled().size(), 5 * streams.size());
  for (const auto& stream : streams) {
    EXPECT_TRUE(stream->received().ends_with("/last"));
    EXPECT_TRUE(stream->is_read());
  }
}

TEST_F(CrowdOfConnections, AnswersLeaveInGroups) {
  ASSERT_TRUE(rounds.crowded());
  const auto answered = [this] {
    return static_cast<std::size_t>(std::ranges::count_if(
        streams, [](const auto& stream) { return stream->received().ends_with("/second"); }));
  };
  std::vector<std::size_t> steps{0};
  for (std::size_t i = 0; i < 20 && answered() < streams.size(); ++i) {
    io.poll_one();
    if (const std::size_t count = answered(); count != steps.back()) steps.push_back(count);
  }
  EXPECT_EQ(answered(), streams.size());
  for (const std::size_t step : steps) EXPECT_TRUE(step % Rounds::group == 0 || step == answered());
}

TEST_F(CrowdOfConnections, WhoIsSlowGetsWhatWasHeldBackInParts) {
  ASSERT_TRUE(rounds.crowded());
  for (const auto& stream : streams) stream->set_write_limit(10);
  ask("/last");
  run();
  for (const auto& stream : streams) EXPECT_TRUE(stream->received().ends_with("/last"));
}

TEST_F(CrowdOfConnections, WhatIsHeldBackLeavesBeforeItsConnectionDrains) {
  ASSERT_TRUE(rounds.crowded());
  io.poll_one();
  for (const auto& connection : connections) connection->drain();
  run();
  for (const auto& stream : streams) {
    EXPECT_TRUE(stream->received().ends_with("/first") || stream->received().ends_with("/second"));
    EXPECT_TRUE(stream->connection_finished());
  }
}

TEST_F(CrowdOfConnections, OneThatIsClosedWhileItHoldsBackIsNoMoreThanThat) {
  ASSERT_TRUE(rounds.crowded());
  io.poll_one();
  for (std::size_t i = 0; i < connections.size(); i += 2) connections[i]->close();
  ask("/last");
  run();
  for (std::size_t i = 1; i < streams.size(); i += 2) {
    EXPECT_TRUE(streams[i]->received().ends_with("/last")) << i;
  }
}

TEST_F(RoundsOfConnections, ThatAreManyMoreThanTheirBoundGoOnWithWhatTheyHaveRead) {
  constexpr std::size_t count = 3 * bounds::pipelined_requests + 1;
  const auto stream = connect();
  std::string requests;
  for (std::size_t i = 0; i < count; ++i) requests += get("/target");
  stream->send(requests);
  run();
  EXPECT_EQ(application.handled().size(), count);
}

}  // namespace
}  // namespace mentat_sync
