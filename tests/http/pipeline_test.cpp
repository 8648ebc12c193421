// The order of answers, and the bounds of what one connection may have under way.
#include "http/pipeline.hpp"

#include "storage/bounds.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

class PipelineTest : public ::testing::Test {
 protected:
  std::uint64_t open(bool safe = true, std::size_t request_bytes = 0) {
    return pipeline.open({.safe = safe, .request_bytes = request_bytes});
  }

  static Response body(std::string text) { return {.headers = {}, .body = std::move(text)}; }

  /// The bodies that may leave now, one behind another.
  std::string gathered() {
    pipeline.gather(writer, clock);
    std::string bytes;
    for (const auto& buffer : writer.buffers()) {
      bytes.append(static_cast<const char*>(buffer.data()), buffer.size());
    }
    writer.consume(bytes.size());
    std::string bodies;
    for (std::size_t at = 0; (at = bytes.find("\r\n\r\n", at)) != std::string::npos;) {
      at += 4;
      bodies += bytes.substr(at, bytes.find("HTTP/", at) - at);
    }
    return bodies;
  }

  Pipeline pipeline;
  ResponseWriter writer;
  DateClock clock;
};

TEST_F(PipelineTest, AnswersLeaveInTheOrderOfTheRequests) {
  const auto a = open(), b = open(), c = open();
  EXPECT_TRUE(pipeline.answer(c, body("c")));
  EXPECT_TRUE(pipeline.answer(b, body("b")));
  EXPECT_EQ(gathered(), "");
  EXPECT_TRUE(pipeline.answer(a, body("a")));
  EXPECT_EQ(gathered(), "abc");
  EXPECT_FALSE(pipeline.empty());
  pipeline.written();
  EXPECT_TRUE(pipeline.empty());
}

TEST_F(PipelineTest, TheFirstAnswerToARequestStands) {
  const auto a = open();
  EXPECT_TRUE(pipeline.answer(a, body("first")));
  EXPECT_FALSE(pipeline.answer(a, body("second")));
  EXPECT_EQ(gathered(), "first");
  EXPECT_FALSE(pipeline.answer(a, body("third")));
  EXPECT_FALSE(pipeline.answer(a + 7, body("unknown")));
}

TEST_F(PipelineTest, KnowsWhetherChangesArePending) {
  const auto read = open(true), change = open(false);
  EXPECT_TRUE(pipeline.changes_pending());
  pipeline.answer(change, body(""));
  EXPECT_FALSE(pipeline.changes_pending());
  EXPECT_TRUE(pipeline.oldest_unanswered().has_value());
  pipeline.answer(read, body(""));
  EXPECT_FALSE(pipeline.oldest_unanswered().has_value());
}

TEST_F(PipelineTest, KnowsWhetherAnAnswerWaitsForNews) {
  open();
  const auto question = pipeline.open({.waits = true});
  EXPECT_TRUE(pipeline.news_pending());
  pipeline.answer(question, body(""));
  EXPECT_FALSE(pipeline.news_pending());
}

TEST_F(PipelineTest, WithdrawsWhatIsUnansweredWhenItIsAbandoned) {
  std::vector<int> withdrawn;
  const auto note = [&](std::uint64_t request, int number) {
    pipeline.note_withdraw(request, [&withdrawn, number] { withdrawn.push_back(number); });
  };
  const auto a = open(), b = open(), c = open();
  note(a, 1);
  note(b, 2);
  pipeline.answer(b, body(""));
  note(b, 3);
  note(c + 1, 4);
  // Whoever withdraws may answer, or ask what there is.
  pipeline.note_withdraw(c, [&] {
    EXPECT_FALSE(pipeline.answer(c, body("")));
    withdrawn.push_back(5);
  });
  pipeline.abandon();
  EXPECT_EQ(withdrawn, (std::vector<int>{1, 5}));
  pipeline.abandon();
  EXPECT_EQ(withdrawn.size(), 2u);
}

TEST_F(PipelineTest, IsFullAtTheBoundOfRequestsUntilTheyAreWritten) {
  std::vector<std::uint64_t> numbers;
  while (!pipeline.full()) numbers.push_back(open());
  EXPECT_EQ(numbers.size(), bounds::pipelined_requests);
  for (const auto number : numbers) pipeline.answer(number, body(""));
  gathered();
  EXPECT_TRUE(pipeline.full());
  pipeline.written();
  EXPECT_FALSE(pipeline.full());
}

TEST_F(PipelineTest, IsFullAtTheBoundsOfBytes) {
  const auto a = open(false, bounds::pipelined_request_bytes);
  EXPECT_TRUE(pipeline.full());
  pipeline.answer(a, body(std::string(bounds::pipelined_response_bytes, 'x')));
  EXPECT_TRUE(pipeline.full());
  gathered();
  pipeline.written();
  EXPECT_FALSE(pipeline.full());
}

TEST_F(PipelineTest, NothingFollowsTheLastAnswer) {
  const auto a = open(), b = open(false), c = open(false);
  pipeline.answer(c, body("c"));
  Response last = body("a");
  last.close = true;
  pipeline.answer(a, std::move(last));
  EXPECT_TRUE(pipeline.closing());
  EXPECT_EQ(gathered(), "a");
  EXPECT_FALSE(pipeline.answer(b, body("b")));
  EXPECT_FALSE(pipeline.changes_pending());
  pipeline.written();
  EXPECT_TRUE(pipeline.empty());
}

class Nothing final : public BodySource {
 public:
  explicit Nothing(std::size_t held) : held_(held) {}
  void next(TakePiece take) override { take({{}, BodyPiece::Then::end}); }
  std::size_t held_bytes() const override { return held_; }

 private:
  const std::size_t held_;
};

Response streamed(bool endless = false, std::size_t held_bytes = 0) {
  Response response;
  response.source = std::make_shared<Nothing>(held_bytes);
  response.endless = endless;
  return response;
}

TEST_F(PipelineTest, NothingIsGatheredBehindAStreamUntilItsEnd) {
  const auto a = open(), b = open(), c = open();
  pipeline.answer(c, body("c"));
  pipeline.answer(b, streamed());
  pipeline.answer(a, body("a"));
  EXPECT_EQ(gathered(), "a");
  ASSERT_TRUE(pipeline.stream());
  EXPECT_TRUE(pipeline.stream()->chunked);
  EXPECT_FALSE(pipeline.stream()->endless);
  pipeline.written();
  EXPECT_EQ(gathered(), "");
  EXPECT_FALSE(pipeline.empty());
  pipeline.end_stream();
  EXPECT_EQ(gathered(), "c");
  EXPECT_FALSE(pipeline.stream());
  pipeline.written();
  EXPECT_TRUE(pipeline.empty());
}

TEST_F(PipelineTest, IsNotEmptyWhileAStreamGoesOn) {
  pipeline.answer(open(), streamed(true));
  gathered();
  pipeline.written();
  EXPECT_TRUE(pipeline.stream()->endless);
  EXPECT_FALSE(pipeline.empty());
  EXPECT_FALSE(pipeline.oldest_unanswered()) << "it is answered all the same";
  pipeline.end_stream();
  EXPECT_TRUE(pipeline.empty());
}

TEST_F(PipelineTest, CountsWhatASourceHoldsBeforeItsTurn) {
  const auto a = open(), b = open();
  pipeline.answer(b, streamed(false, bounds::pipelined_response_bytes));
  EXPECT_TRUE(pipeline.full());
  pipeline.answer(a, body("a"));
  gathered();
  pipeline.written();
  EXPECT_FALSE(pipeline.full()) << "its turn has come";
}

TEST_F(PipelineTest, WaitsForNewsWhenTheNextAnswerDoes) {
  const auto a = open(), b = pipeline.open({.waits = true});
  EXPECT_FALSE(pipeline.waiting_for_news());
  pipeline.answer(a, body("a"));
  gathered();
  EXPECT_FALSE(pipeline.waiting_for_news()) << "an answer is on its way";
  pipeline.written();
  EXPECT_TRUE(pipeline.waiting_for_news());
  pipeline.answer(b, body("b"));
  EXPECT_FALSE(pipeline.waiting_for_news());
}

TEST_F(PipelineTest, WaitsForNewsDuringAnEndlessStreamAlone) {
  for (const bool endless : {false, true}) {
    pipeline.answer(open(), streamed(endless));
    gathered();
    pipeline.written();
    EXPECT_EQ(pipeline.waiting_for_news(), endless);
    pipeline.end_stream();
  }
  EXPECT_FALSE(pipeline.waiting_for_news());
}

TEST_F(PipelineTest, AnAnswerToHeadHasNoStream) {
  const auto a = pipeline.open({.framing = {.head = true}});
  const auto b = open();
  pipeline.answer(a, streamed());
  pipeline.answer(b, body("b"));
  EXPECT_EQ(gathered(), "b");
  EXPECT_FALSE(pipeline.stream());
}

TEST_F(PipelineTest, AStreamOfHttp10IsNotChunkedAndIsTheLastAnswer) {
  const auto a = pipeline.open({.framing = {.http_1_0 = true}});
  const auto b = open();
  pipeline.answer(b, body("b"));
  pipeline.answer(a, streamed());
  EXPECT_TRUE(pipeline.closing());
  EXPECT_EQ(gathered(), "");
  ASSERT_TRUE(pipeline.stream());
  EXPECT_FALSE(pipeline.stream()->chunked);
  pipeline.end_stream();
  EXPECT_EQ(gathered(), "");
  pipeline.written();
  EXPECT_TRUE(pipeline.empty());
}

}  // namespace
}  // namespace mentat_sync
