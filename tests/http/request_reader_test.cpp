// Requests out of bytes: what is a request, what is not, and that no split of the bytes matters.
#include "http/request_reader.hpp"

#include "storage/bounds.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

using State = RequestReader::State;

constexpr std::uint64_t limit_bytes = 100;

std::string describe(RequestReader& reader) {
  if (reader.state() == State::malformed) return std::to_string(reader.fault().status);
  if (reader.state() == State::too_large) return "too large";
  const bool keep_alive = reader.keep_alive();
  const Request request = reader.take();
  return std::string{request.method_string()} + " " + std::string{request.target()} + " [" +
         request.body() + "]" + (keep_alive ? "" : " end");
}

/// What a stream says, when it arrives in steps of `step_bytes`: each request, or its fault. A last
/// "…" stands for an unfinished one.
std::vector<std::string> read(std::string_view stream, std::size_t step_bytes) {
  std::vector<std::string> out;
  std::string buffer;
  std::optional<RequestReader> reader{std::in_place};
  while (true) {
    const std::size_t used = reader->feed(buffer);
    buffer.erase(0, used);
    if (reader->state() == State::admitting) reader->accept_body(limit_bytes);
    if (reader->state() == State::header || reader->state() == State::body) {
      if (used > 0) continue;
      if (stream.empty()) break;
      buffer += stream.substr(0, step_bytes);
      stream.remove_prefix(std::min(step_bytes, stream.size()));
      continue;
    }
    const bool ended = reader->state() != State::complete;
    out.push_back(describe(*reader));
    if (ended) return out;
    reader.emplace();
  }
  if (!buffer.empty() || reader->state() == State::body) out.push_back("…");
  return out;
}

using Outcomes = std::vector<std::string>;

/// The same whether it arrives whole or in any steps.
void expect(const std::string& stream, const Outcomes& outcomes) {
  EXPECT_EQ(read(stream, stream.size() + 1), outcomes) << stream;
  for (std::size_t step = 1; step < std::min<std::size_t>(stream.size(), 40); ++step) {
    EXPECT_EQ(read(stream, step), outcomes) << "steps of " << step << ": " << stream;
  }
}

std::string put(const std::string& headers, const std::string& rest = "") {
  return "PUT /x HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + rest;
}

const std::string chunked = "Transfer-Encoding: chunked\r\n";

TEST(RequestReader, ReadsARequestWithoutABody) {
  expect("GET /a HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /a []"});
}

TEST(RequestReader, ReadsABodyOfAGivenLength) {
  expect(put("Content-Length: 5\r\n", "hello"), {"PUT /x [hello]"});
  expect(put("Content-Length: 0\r\n"), {"PUT /x []"});
}

TEST(RequestReader, ReadsChunkedBodies) {
  expect(put(chunked, "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), {"PUT /x [hello world]"});
  expect(put(chunked, "0\r\n\r\n"), {"PUT /x []"});
  expect(put(chunked, "A;name=value\r\n0123456789\r\n00;x=\"y\"\r\n\r\n"), {"PUT /x [0123456789]"});
}

TEST(RequestReader, ReadsPipelinedRequests) {
  expect(put("Content-Length: 2\r\n", "ab") + put(chunked, "1\r\nc\r\n0\r\n\r\n") +
             "GET / HTTP/1.1\r\nHost: h\r\n\r\n" + put("Content-Length: 1\r\n", "d"),
         {"PUT /x [ab]", "PUT /x [c]", "GET / []", "PUT /x [d]"});
}

TEST(RequestReader, DropsTrailers) {
  const auto stream = put(chunked, "1\r\na\r\n0\r\nIf-Match: \"x\"\r\nHost: other\r\n\r\n");
  expect(stream + "GET / HTTP/1.1\r\n\r\n", {"PUT /x [a]", "GET / []"});
  RequestReader reader;
  const std::size_t used = reader.feed(stream);
  reader.accept_body(limit_bytes);
  reader.feed(std::string_view{stream}.substr(used));
  ASSERT_EQ(reader.state(), State::complete);
  const Request request = reader.take();
  EXPECT_EQ(request.count("If-Match"), 0u);
  EXPECT_EQ(request["Host"], "h");
}

TEST(RequestReader, SkipsOneEmptyLineBeforeARequest) {
  expect("\r\nGET / HTTP/1.1\r\n\r\n\r\nGET /b HTTP/1.1\r\n\r\n", {"GET / []", "GET /b []"});
  expect("\r\n\r\nGET / HTTP/1.1\r\n\r\n", {"400"});
}

TEST(RequestReader, KnowsWhenTheConnectionEnds) {
  expect("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", {"GET / [] end"});
  expect("GET / HTTP/1.0\r\n\r\n", {"GET / [] end"});
  expect("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", {"GET / []"});
}

TEST(RequestReader, KeepsMethodsItDoesNotKnow) {
  expect("BREW / HTTP/1.1\r\n\r\n", {"BREW / []"});
}

TEST(RequestReader, RefusesWhatIsNotHttp) {
  expect("hello\r\n\r\n", {"400"});
  expect("\x16\x03\x01\x02", {"400"});
  expect("GET /\r\n\r\n", {"400"});
  expect("GET / HTTP/1.1 \r\n\r\n", {"400"});
  expect("GET  / HTTP/1.1\r\n\r\n", {"400"});
  expect("GET /a b HTTP/1.1\r\n\r\n", {"400"});
  expect("GET / HTTP/1.1\r\nno colon\r\n\r\n", {"400"});
  expect("GET / HTTP/1.1\r\nspace : x\r\n\r\n", {"400"});
  expect("GET / HTTP/1.1\r\n: x\r\n\r\n", {"400"});
  expect(std::string{"GET / HTTP/1.1\r\na: \0\r\n\r\n", 24}, {"400"});
}

TEST(RequestReader, RefusesOtherVersions) {
  expect("GET / HTTP/2.0\r\n\r\n", {"505"});
  expect("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {"505"});
  expect("GET / HTTP/1.2\r\n\r\n", {"505"});
  expect("GET / HTTP/0.9\r\n\r\n", {"505"});
}

TEST(RequestReader, RefusesBareLineFeedsAndFoldedHeaders) {
  expect("GET / HTTP/1.1\n\n", {"400"});
  expect("GET / HTTP/1.1\r\nHost: h\n\r\n", {"400"});
  expect("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", {"400"});
  expect("GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n", {"400"});
}

TEST(RequestReader, RefusesContradictoryLengths) {
  expect(put("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), {"400"});
  expect(put("Content-Length: 1, 2\r\n", "ab"), {"400"});
  expect(put("Content-Length: -1\r\n"), {"400"});
  expect(put("Content-Length: +1\r\n", "a"), {"400"});
  expect(put("Content-Length: 0x1\r\n", "a"), {"400"});
  expect(put("Content-Length: \r\n"), {"400"});
  expect(put("Content-Length: 99999999999999999999\r\n"), {"400"});
  expect(put("Content-Length: 1\r\n" + chunked, "0\r\n\r\n"), {"400"});
  expect(put(chunked + "Content-Length: 1\r\n", "0\r\n\r\n"), {"400"});
}

TEST(RequestReader, RefusesTransferCodingsOtherThanChunked) {
  expect(put("Transfer-Encoding: gzip\r\n"), {"501"});
  expect(put("Transfer-Encoding: gzip, chunked\r\n"), {"501"});
  expect(put("Transfer-Encoding: chunked, gzip\r\n"), {"501"});
  expect(put("Transfer-Encoding: chunked, chunked\r\n"), {"501"});
  expect(put("Transfer-Encoding: identity\r\n"), {"501"});
  expect(put("Transfer-Encoding: xchunked\r\n"), {"501"});
  expect(put("Transfer-Encoding:\r\n"), {"501"});
  expect(put("Transfer-Encoding: gzip\r\n" + chunked), {"501"});
  expect(put(chunked + chunked), {"400"});
  expect("PUT / HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n", {"400"});
}

TEST(RequestReader, RefusesMalformedChunks) {
  expect(put(chunked, "xyz\r\n\r\n"), {"400"});
  expect(put(chunked, "-1\r\n\r\n"), {"400"});
  expect(put(chunked, "\r\n\r\n\r\n"), {"400"});
  expect(put(chunked, "2\r\nabc\r\n0\r\n\r\n"), {"400"});
  expect(put(chunked, "11111111111111111\r\na"), {"400"});
  expect(put(chunked, "0x1\r\na\r\n0\r\n\r\n"), {"400"});
  expect(put(chunked, "1\r\na\r\n0\r\nbad trailer\r\n\r\n"), {"400"});
  expect(put(chunked, "1;a=\"\n\"\r\na\r\n0\r\n\r\n"), {"400"});
  expect(put(chunked, "1\r\na\r\n0\r\nA: b\r\n folded\r\n\r\n"), {"400"});
}

TEST(RequestReader, RefusesBodiesBeyondTheLimit) {
  const std::string largest(limit_bytes, 'x');
  expect(put("Content-Length: 100\r\n", largest), {"PUT /x [" + largest + "]"});
  expect(put("Content-Length: 101\r\n"), {"too large"});
  expect(put(chunked, "64\r\n" + largest + "\r\n0\r\n\r\n"), {"PUT /x [" + largest + "]"});
  expect(put(chunked, "65\r\n" + largest), {"too large"});
  expect(put(chunked, "64\r\n" + largest + "\r\n1\r\na\r\n0\r\n\r\n"), {"too large"});
}

std::string header_of(std::size_t bytes) {
  const std::string start = "GET / HTTP/1.1\r\nA: ";
  return start + std::string(bytes - start.size() - 4, 'a') + "\r\n\r\n";
}

TEST(RequestReader, BoundsTheHeader) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, std::size_t{100'000}}) {
    EXPECT_EQ(read(header_of(bounds::header_bytes), step), Outcomes{"GET / []"});
    EXPECT_EQ(read(header_of(bounds::header_bytes + 1), step), Outcomes{"431"});
    // Many short lines count together, however they arrive.
    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 10'000; ++i) many += "A: b\r\n";
    EXPECT_EQ(read(many, step), Outcomes{"431"});
  }
  EXPECT_EQ(read("GET /" + std::string(100'000, 'a'), 1000), Outcomes{"431"});
}

TEST(RequestReader, BoundsChunkExtensionsAndTrailers) {
  for (const std::size_t step : {std::size_t{7}, std::size_t{1000}}) {
    EXPECT_EQ(read(put(chunked, "1;" + std::string(100'000, 'a')), step), Outcomes{"431"});
    EXPECT_EQ(read(put(chunked, "0\r\nA: " + std::string(100'000, 'a')), step), Outcomes{"431"});
    EXPECT_EQ(read(put(chunked, "1;" + std::string(bounds::header_bytes, 'a')), step),
              Outcomes{"431"});
    EXPECT_EQ(
        read(put(chunked, "0;" + std::string(bounds::header_bytes - 1, 'a') + "\r\n\r\n"), step),
        Outcomes{"PUT /x []"});
  }
}

struct Taken final : BodySink {
  void take(std::string_view bytes) override { content += bytes; }
  std::uint64_t held_bytes() const override { return 2 * content.size(); }
  std::string content;
};

TEST(RequestReader, GivesABodyToItsSinkAsItArrives) {
  for (const auto& [headers, first, second] :
       {std::tuple{std::string{"Content-Length: 5\r\n"}, "hel", "lo"},
        std::tuple{chunked, "3\r\nhel\r\n2\r", "\nlo\r\n0\r\n\r\n"}}) {
    RequestReader reader;
    reader.feed(put(headers));
    const auto sink = std::make_shared<Taken>();
    reader.accept_body(limit_bytes, sink);
    reader.feed(first);
    EXPECT_EQ(sink->content, "hel");
    EXPECT_EQ(reader.body_bytes(), 3u);
    EXPECT_EQ(reader.held_bytes(), 6u);
    reader.feed(second);
    EXPECT_EQ(sink->content, "hello");
    EXPECT_EQ(reader.body_bytes(), 5u);
    ASSERT_EQ(reader.state(), State::complete);
    const Request request = reader.take();
    EXPECT_EQ(request.sink, sink);
    EXPECT_EQ(request.body(), "");
  }
}

TEST(RequestReader, BoundsTheBodyOfASinkToo) {
  for (const auto& [headers, body] :
       {std::pair{std::string{"Content-Length: 101\r\n"}, ""}, std::pair{chunked, "65\r\n"}}) {
    RequestReader reader;
    reader.feed(put(headers));
    reader.accept_body(limit_bytes, std::make_shared<Taken>());
    reader.feed(body);
    EXPECT_EQ(reader.state(), State::too_large);
  }
}

TEST(RequestReader, WaitsForWhatIsMissing) {
  expect("GET / HTTP/1.1\r\nHost: h\r\n", {"…"});
  expect(put("Content-Length: 5\r\n", "hell"), {"…"});
  expect(put(chunked, "5\r\nhello\r\n0\r\n"), {"…"});
}

TEST(RequestReader, KnowsWhoWaitsForContinue) {
  RequestReader reader;
  reader.feed(put("Expect: 100-Continue\r\nContent-Length: 1\r\n"));
  EXPECT_TRUE(reader.expects_continue());
  EXPECT_TRUE(reader.body_follows());
  RequestReader old;
  old.feed("PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_FALSE(old.expects_continue());
}

}  // namespace
}  // namespace mentat_sync
