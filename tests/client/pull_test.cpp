// Pulling: a log that comes whole, in pieces, compressed, cut off, or is none.
#include "client_fixture.hpp"
#include "http/wire/content_coding.hpp"
#include "http/wire/media_types.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;
using ::testing::HasSubstr;
using Items = std::vector<LogItem>;

const std::string log_header = "Content-Type: " + std::string{log_media_type} + "\r\n";

/// With chunks of `piece_bytes` each, and the last one if `whole`.
std::string chunked_answer(std::string_view headers, std::string_view body, std::size_t piece_bytes,
                           bool whole = true) {
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + std::string{headers};
  text += "\r\n";
  for (std::size_t at = 0; at < body.size(); at += piece_bytes) {
    const auto piece = body.substr(at, piece_bytes);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    text.append(size).append(piece).append("\r\n");
  }
  return text + (whole ? "0\r\n\r\n" : "");
}

struct Pulled {
  Items items;
  Reply<LogTrailer> end{ClientError{}};
};

Pulled pull_answer(const std::string& text, bool then_close = false) {
  ScriptedServer server{{[&](ScriptedConnection& connection) {
    connection.receive();
    connection.send(text);
    if (!then_close) connection.wait_for_end();
  }}};
  auto client = client_of(server);
  Pulled pulled;
  pulled.end = client.pull({}, [&](LogItem&& item) {
    pulled.items.push_back(std::move(item));
    return true;
  });
  return pulled;
}

std::string compressed(ContentCoding coding, std::string_view bytes) {
  std::string out;
  Compressor::make(coding)->compress(bytes, true, out);
  return out;
}

TEST(Pull, GivesTheItemsAndTheTrailer) {
  const auto pulled = pull_answer(answer(200, log_header, encoded(sample_log())));
  ASSERT_TRUE(pulled.end.ok()) << pulled.end.error().message;
  EXPECT_EQ(pulled.items, sample_log());
  EXPECT_EQ(pulled.end->next, transaction_id(2));
}

TEST(Pull, TakesPiecesOfEverySize) {
  const auto bytes = encoded(sample_log());
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    const auto pulled = pull_answer(chunked_answer(log_header, bytes, size));
    ASSERT_TRUE(pulled.end.ok()) << pulled.end.error().message;
    EXPECT_EQ(pulled.items, sample_log());
  }
}

TEST(Pull, TakesGzipAndZstd) {
  for (const auto coding : {ContentCoding::gzip, ContentCoding::zstd}) {
    const auto headers = log_header + "Content-Encoding: " + std::string{name_of(coding)} + "\r\n";
    const auto pulled =
        pull_answer(chunked_answer(headers, compressed(coding, encoded(sample_log())), 7));
    ASSERT_TRUE(pulled.end.ok()) << pulled.end.error().message;
    EXPECT_EQ(pulled.items, sample_log());
  }
}

TEST(Pull, ALogWithoutItsTrailerIsBrokenThoughTheAnswerIsWhole) {
  auto items = sample_log();
  items.pop_back();
  const auto pulled = pull_answer(answer(200, log_header, encoded(items)));
  ASSERT_FALSE(pulled.end.ok());
  EXPECT_EQ(pulled.end.error().kind, Kind::broken);
  EXPECT_EQ(pulled.items, items);
}

TEST(Pull, AnAnswerCutOffIsBrokenWhereverItIsCut) {
  const auto bytes = encoded(sample_log());
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto text =
        chunked_answer(log_header, std::string_view{bytes}.substr(0, size), 10, false);
    const auto pulled = pull_answer(text, true);
    ASSERT_FALSE(pulled.end.ok()) << size;
    EXPECT_EQ(pulled.end.error().kind, Kind::broken) << size;
  }
}

TEST(Pull, ACompressedLogCutOffIsBroken) {
  for (const auto coding : {ContentCoding::gzip, ContentCoding::zstd}) {
    auto bytes = compressed(coding, encoded(sample_log()));
    bytes.resize(bytes.size() - 3);
    const auto headers = log_header + "Content-Encoding: " + std::string{name_of(coding)} + "\r\n";
    const auto pulled = pull_answer(answer(200, headers, bytes));
    ASSERT_FALSE(pulled.end.ok());
    EXPECT_EQ(pulled.end.error().kind, Kind::broken);
  }
}

TEST(Pull, WhatIsNoLogIsBroken) {
  for (const auto& text : {answer(200, log_header, "no log"), answer(200, log_header, ""),
                           answer(200, "Content-Type: text/html\r\n", "<html>"),
                           answer(200, log_header + "Content-Encoding: br\r\n", "x"),
                           answer(200, log_header + "Content-Encoding: gzip\r\n", "x")}) {
    const auto pulled = pull_answer(text);
    ASSERT_FALSE(pulled.end.ok()) << text;
    EXPECT_EQ(pulled.end.error().kind, Kind::broken) << text;
  }
}

TEST(Pull, ARefusalIsAnErrorWithItsType) {
  const auto pulled = pull_answer(problem(404, "from-not-found"));
  ASSERT_FALSE(pulled.end.ok());
  EXPECT_EQ(pulled.end.error().type, "from-not-found");
}

TEST(Pull, EndsWhenTheSinkHasEnough) {
  ScriptedServer server{{answering({answer(200, log_header, encoded(sample_log()))}),
                         answering({problem(404, "from-not-found")})}};
  auto client = client_of(server);
  int count = 0;
  const auto end = client.pull({}, [&](LogItem&&) { return ++count < 2; });
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().kind, Kind::stopped);
  EXPECT_EQ(count, 2);
}

TEST(Pull, AsksForWhatTheRequestSays) {
  std::vector<std::string> requests;
  {
    ScriptedServer server{{answering({problem(404, "from-not-found")}, &requests)}};
    auto client = client_of(server);
    const auto sink = [](LogItem&&) { return true; };
    ASSERT_FALSE(
        client
            .pull({.from = transaction_id(1), .limit = 5, .max_bytes = 4096, .with_chunks = false},
                  sink)
            .ok());
  }
  EXPECT_THAT(requests.at(0), HasSubstr("/log?from=00000000-0000-0000-0000-000000000001&limit=5&"
                                        "max_bytes=4096&chunks=false HTTP/1.1\r\n"));
  EXPECT_THAT(requests.at(0), HasSubstr("\r\nAccept-Encoding: zstd, gzip\r\n"));
}

}  // namespace
}  // namespace mentat_sync
