// Answers, however they are split.
#include "cli/load/answer_parser.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace mentat_sync {
namespace {

struct Parsed {
  bool whole = false;
  bool malformed = false;
  unsigned status = 0;
  std::string body;
  bool kept_alive = false;
  bool waited = false;
};

/// Feeds pieces of `step` bytes, each with what was left of the one before.
Parsed parse(const std::string& answer, std::size_t step, bool ends = false) {
  std::string room;
  AnswerParser parser{room};
  std::string rest;
  for (std::size_t at = 0; at < answer.size() && !parser.whole(); at += step) {
    rest += answer.substr(at, step);
    const auto taken = parser.feed(rest);
    parser.keep();
    rest.erase(0, taken);
  }
  if (ends) parser.end();
  return {parser.whole(),
          parser.malformed(),
          parser.status(),
          std::string{parser.body()},
          parser.whole() && parser.kept_alive(),
          parser.waited()};
}

void expect_same_however_split(const std::string& answer, const Parsed& expected) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{100000}}) {
    const auto parsed = parse(answer, step);
    EXPECT_TRUE(parsed.whole) << step;
    EXPECT_FALSE(parsed.malformed) << step;
    EXPECT_EQ(parsed.status, expected.status) << step;
    EXPECT_EQ(parsed.body, expected.body) << step;
    EXPECT_EQ(parsed.kept_alive, expected.kept_alive) << step;
    EXPECT_EQ(parsed.waited, expected.waited) << step;
  }
}

Parsed expected(unsigned status, const std::string& body, bool kept_alive = true) {
  Parsed parsed;
  parsed.status = status;
  parsed.body = body;
  parsed.kept_alive = kept_alive;
  return parsed;
}

TEST(AnswerParser, TakesABodyOfAKnownLength) {
  const std::string body(3000, 'x');
  expect_same_however_split("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + body,
                            expected(200, body));
}

TEST(AnswerParser, TakesABodyInChunks) {
  expect_same_however_split(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n7;a=b\r\n, world\r\n0\r\nTrailer: 1\r\n\r\n",
      expected(200, "hello, world"));
}

TEST(AnswerParser, TakesAnswersWithoutABody) {
  expect_same_however_split("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n", expected(204, ""));
  expect_same_however_split("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", expected(304, ""));
  expect_same_however_split("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", expected(201, ""));
}

TEST(AnswerParser, SaysWhetherTheConnectionStays) {
  expect_same_however_split("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                            expected(200, "ok", false));
  expect_same_however_split("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                            expected(200, "ok", false));
}

TEST(AnswerParser, SeesWhetherTheServerWaited) {
  auto waited = expected(304, "");
  waited.waited = true;
  expect_same_however_split("HTTP/1.1 304 Not Modified\r\nPreference-Applied: wait=1\r\n\r\n",
                            waited);
}

TEST(AnswerParser, TakesABodyThatEndsWithTheConnection) {
  const auto parsed = parse("HTTP/1.0 200 OK\r\n\r\nto the end", 3, true);
  EXPECT_TRUE(parsed.whole);
  EXPECT_FALSE(parsed.malformed);
  EXPECT_EQ(parsed.body, "to the end");
}

TEST(AnswerParser, AnAnswerThatIsCutOffIsNotWhole) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
  for (std::size_t size = 1; size <= answer.size(); ++size) {
    const auto parsed = parse(answer.substr(0, size), 1000, true);
    EXPECT_FALSE(parsed.whole && !parsed.malformed) << size;
  }
}

TEST(AnswerParser, RefusesWhatIsNoAnswer) {
  EXPECT_TRUE(parse("SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n", 1000).malformed);
  EXPECT_TRUE(
      parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 1000).malformed);
}

std::optional<std::chrono::seconds> retry_after_of(const std::string& value) {
  std::string room;
  AnswerParser parser{room};
  parser.feed("HTTP/1.1 503 Busy\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(parser.whole());
  return parser.retry_after();
}

TEST(AnswerParser, HearsWhenToAskAgain) {
  EXPECT_EQ(retry_after_of("7"), std::chrono::seconds{7});
  EXPECT_EQ(retry_after_of("0"), std::chrono::seconds{0});
  for (const std::string other :
       {"Fri, 31 Dec 1999 23:59:59 GMT", "-1", "1.5", "99999999999", ""}) {
    EXPECT_EQ(retry_after_of(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace mentat_sync
