// Answers as bytes.
#include "http/response_writer.hpp"

#include "storage/bounds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace mentat_sync {
namespace {

constexpr std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";
const std::string start = "Server: mentat-sync\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

/// Reads `writer` empty, `step_bytes` at a time.
std::string drain(ResponseWriter& writer, std::size_t step_bytes = 1'000'000) {
  std::string out;
  while (!writer.empty()) {
    std::string ready;
    for (const auto& buffer : writer.buffers()) {
      ready.append(static_cast<const char*>(buffer.data()), buffer.size());
    }
    const std::size_t taken = std::min(step_bytes, ready.size());
    out += ready.substr(0, taken);
    writer.consume(taken);
  }
  return out;
}

std::string bytes_of(Response response, Framing framing = {}) {
  ResponseWriter writer;
  writer.append(std::move(response), framing, date);
  return drain(writer);
}

Response plain(std::string body) {
  return {.content_type = "text/plain", .headers = {}, .body = std::move(body)};
}

TEST(HttpDate, IsWrittenInTheOneFormThatServersMayWrite) {
  EXPECT_EQ(http_date(784'111'777), date);
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(ResponseWriter, WritesStatusHeadersAndBody) {
  Response response = plain("hello");
  response.headers = "ETag: \"x\"\r\n";
  EXPECT_EQ(bytes_of(response), "HTTP/1.1 200 OK\r\n" + start +
                                    "Content-Type: text/plain\r\nContent-Length: 5\r\n"
                                    "ETag: \"x\"\r\n\r\nhello");
}

TEST(ResponseWriter, SaysThatAnEmptyBodyIsEmpty) {
  EXPECT_EQ(bytes_of({.status = 201, .headers = {}, .body = {}}),
            "HTTP/1.1 201 Created\r\n" + start + "Content-Length: 0\r\n\r\n");
}

TEST(ResponseWriter, GivesNoLengthWhereThereCanBeNoBody) {
  EXPECT_EQ(bytes_of({.status = 204, .headers = {}, .body = "dropped"}),
            "HTTP/1.1 204 No Content\r\n" + start + "\r\n");
  EXPECT_EQ(bytes_of({.status = 304, .headers = "ETag: \"x\"\r\n", .body = {}}),
            "HTTP/1.1 304 Not Modified\r\n" + start + "ETag: \"x\"\r\n\r\n");
}

TEST(ResponseWriter, LeavesTheBodyAwayForHead) {
  EXPECT_EQ(
      bytes_of(plain("hello"), {.head = true}),
      "HTTP/1.1 200 OK\r\n" + start + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
}

TEST(ResponseWriter, SaysHowTheConnectionGoesOn) {
  Response last = plain("");
  last.close = true;
  const auto has = [](const std::string& bytes, std::string_view line) {
    return bytes.find(line) != std::string::npos;
  };
  EXPECT_TRUE(has(bytes_of(last), "\r\nConnection: close\r\n"));
  EXPECT_TRUE(has(bytes_of(plain(""), {.keep_alive = false}), "\r\nConnection: close\r\n"));
  EXPECT_TRUE(has(bytes_of(plain(""), {.http_1_0 = true}), "\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(has(bytes_of(plain("")), "Connection:"));
}

TEST(ResponseWriter, KeepsTheOrderOfSmallAndLargeAnswersInAnySteps) {
  const std::string large(bounds::gathered_copy_bytes + 1, 'L');
  const auto fill = [&](ResponseWriter& writer) {
    writer.append(plain("one"), {}, date);
    writer.append(plain(large), {}, date);
    writer.append(plain("two"), {}, date);
    writer.append_continue();
    writer.append(plain(large), {}, date);
  };
  const std::string expected = bytes_of(plain("one")) + bytes_of(plain(large)) +
                               bytes_of(plain("two")) + "HTTP/1.1 100 Continue\r\n\r\n" +
                               bytes_of(plain(large));
  for (const std::size_t step : {1, 100, 8191, 8192, 8193, 1'000'000}) {
    ResponseWriter writer;
    for (int round = 0; round < 2; ++round) {
      fill(writer);
      EXPECT_EQ(drain(writer, step), expected) << step;
    }
  }
}

TEST(ResponseWriter, IsUsedAgainAfterASmallAnswer) {
  ResponseWriter writer;
  EXPECT_TRUE(writer.empty());
  for (int round = 0; round < 3; ++round) {
    writer.append(plain("small"), {}, date);
    EXPECT_EQ(drain(writer), bytes_of(plain("small")));
    EXPECT_TRUE(writer.empty());
    EXPECT_TRUE(writer.buffers().empty());
  }
}

class Nothing final : public BodySource {
 public:
  void next(TakePiece take) override { take({{}, BodyPiece::Then::end}); }
};

Response streamed() {
  Response response{.content_type = "text/plain", .headers = {}, .body = {}};
  response.source = std::make_shared<Nothing>();
  return response;
}

TEST(ResponseWriter, FramesABodyThatIsStillToBeMadeInChunks) {
  const std::string header = "HTTP/1.1 200 OK\r\n" + start + "Content-Type: text/plain\r\n";
  EXPECT_EQ(bytes_of(streamed()), header + "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(bytes_of(streamed(), {.head = true}), header + "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(bytes_of(streamed(), {.http_1_0 = true, .keep_alive = false}),
            header + "Connection: close\r\n\r\n");
}

TEST(ResponseWriter, WritesPiecesInAnySteps) {
  const std::string large(bounds::gathered_copy_bytes + 1, 'L');
  for (const std::size_t step : {1, 100, 8191, 8192, 8193, 1'000'000}) {
    ResponseWriter writer;
    writer.append(streamed(), {}, date);
    writer.append_piece("one", true);
    writer.append_piece("", true);
    writer.append_piece(large, true);
    writer.append_piece(std::string(26, 'x'), true);
    writer.append_last_chunk();
    writer.append(plain("next"), {}, date);
    EXPECT_EQ(drain(writer, step), bytes_of(streamed()) + "3\r\none\r\n2001\r\n" + large +
                                       "\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n" +
                                       bytes_of(plain("next")))
        << step;
  }
}

TEST(ResponseWriter, WritesPiecesWithoutChunksAsTheyAre) {
  ResponseWriter writer;
  writer.append_piece("one", false);
  writer.append_piece("", false);
  writer.append_piece("two", false);
  EXPECT_EQ(drain(writer), "onetwo");
}

TEST(ResponseWriter, AnEmptyPieceIsNothingToWrite) {
  ResponseWriter writer;
  writer.append_piece("", true);
  EXPECT_TRUE(writer.empty());
}

}  // namespace
}  // namespace mentat_sync
