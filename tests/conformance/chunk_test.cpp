// Black-box: chunks: first bytes stay, how they are served, conditional and range requests.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

class ChunkConformance : public RunningServer {};

TEST_F(ChunkConformance, PutAnswers201AndGetGivesTheBytes) {
  EXPECT_EQ(client.put_chunk("a", "some bytes").status, 201);
  EXPECT_EQ(client.get_chunk("a").body, "some bytes");
}

TEST_F(ChunkConformance, BytesAreOpaque) {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(client.put_chunk("a", bytes).status, 201);
  EXPECT_EQ(client.get_chunk("a").body, bytes);
}

TEST_F(ChunkConformance, AnEmptyBodyIsAChunk) {
  EXPECT_EQ(client.put_chunk("empty", "").status, 201);
  const auto response = client.get_chunk("empty");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Length"), "0");
  EXPECT_EQ(client.put_transaction(new_uuid(), root_id, {"empty"}).status, 201);
}

TEST_F(ChunkConformance, PutWithoutAnyFramingIsAnEmptyChunk) {
  HttpConnection connection{port()};
  connection.send("PUT " + client.target("/chunks/none") + " HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 201);
  EXPECT_EQ(client.get_chunk("none").header("Content-Length"), "0");
}

TEST_F(ChunkConformance, TheSameBytesAgainAnswer201) {
  EXPECT_EQ(client.put_chunk("a", "x").status, 201);
  EXPECT_EQ(client.put_chunk("a", "x").status, 201);
  EXPECT_EQ(client.summary()["chunks"]["count"], 1);
}

TEST_F(ChunkConformance, OtherBytesAre409AndTheFirstStay) {
  client.put_chunk("a", "first");
  for (const char* other : {"other", "", "first and more", "firs"}) {
    EXPECT_TRUE(is_problem(client.put_chunk("a", other), 409)) << other;
  }
  EXPECT_EQ(client.get_chunk("a").body, "first");
  EXPECT_EQ(client.summary()["chunks"]["bytes"], 5);
}

TEST_F(ChunkConformance, AnUnknownChunkIs404) {
  EXPECT_TRUE(is_problem(client.get_chunk("nothing-here"), 404));
}

TEST_F(ChunkConformance, IsServedAsImmutableOctets) {
  client.put_chunk("a", "<html>");
  const auto response = client.get_chunk("a");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/octet-stream");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.header("Cache-Control"), "private, max-age=31536000, immutable");
  EXPECT_EQ(response.header("Accept-Ranges"), "bytes");
  EXPECT_EQ(response.header("ETag"), "\"a\"");
}

TEST_F(ChunkConformance, HeadHasTheHeadersOfGetAndNoBody) {
  client.put_chunk("a", "seven b");
  const auto head = client.request("HEAD", "/chunks/a");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "7");
  EXPECT_EQ(head.body, "");
  for (const char* name : {"Content-Type", "ETag", "Cache-Control", "X-Content-Type-Options"}) {
    EXPECT_EQ(head.header(name), client.get_chunk("a").header(name)) << name;
  }
  EXPECT_EQ(client.request("HEAD", "/chunks/b").status, 404);
}

TEST_F(ChunkConformance, AMatchingEtagIs304) {
  client.put_chunk("a", "x");
  for (const char* etags : {"\"a\"", "W/\"a\"", "\"other\", \"a\"", "*"}) {
    const auto response = client.get("/chunks/a", {{"If-None-Match", etags}});
    EXPECT_EQ(response.status, 304) << etags;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.header("ETag"), "\"a\"");
    EXPECT_EQ(response.header("Cache-Control"), "private, max-age=31536000, immutable");
  }
}

TEST_F(ChunkConformance, AnotherEtagIs200) {
  client.put_chunk("a", "x");
  for (const char* etags : {"\"b\"", "a", "\"A\"", "\"b\", \"c\""}) {
    EXPECT_EQ(client.get("/chunks/a", {{"If-None-Match", etags}}).status, 200) << etags;
  }
}

TEST_F(ChunkConformance, AnUnknownChunkIs404WhateverTheCondition) {
  EXPECT_TRUE(is_problem(client.get("/chunks/b", {{"If-None-Match", "\"b\""}}), 404));
  EXPECT_TRUE(is_problem(client.get("/chunks/b", {{"Range", "bytes=0-0"}}), 404));
}

struct RangeCase {
  const char* range;
  const char* body;
  const char* content_range;
};

class ChunkRange : public RunningServer, public testing::WithParamInterface<RangeCase> {};

TEST_P(ChunkRange, IsServedAs206) {
  client.put_chunk("a", "0123456789");
  const auto response = client.get("/chunks/a", {{"Range", GetParam().range}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.body, GetParam().body);
  EXPECT_EQ(response.header("Content-Range"), GetParam().content_range);
  EXPECT_EQ(response.header("ETag"), "\"a\"");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
}

INSTANTIATE_TEST_SUITE_P(OfTenBytes, ChunkRange,
                         testing::Values(RangeCase{"bytes=0-3", "0123", "bytes 0-3/10"},
                                         RangeCase{"bytes=9-9", "9", "bytes 9-9/10"},
                                         RangeCase{"bytes=4-", "456789", "bytes 4-9/10"},
                                         RangeCase{"bytes=-2", "89", "bytes 8-9/10"},
                                         RangeCase{"bytes=-20", "0123456789", "bytes 0-9/10"},
                                         RangeCase{"bytes=8-99", "89", "bytes 8-9/10"},
                                         RangeCase{"bytes=0-", "0123456789", "bytes 0-9/10"}));

TEST_F(ChunkConformance, ARangeBeyondTheEndIs416) {
  client.put_chunk("a", "0123456789");
  for (const char* range : {"bytes=10-", "bytes=10-12", "bytes=-0"}) {
    const auto response = client.get("/chunks/a", {{"Range", range}});
    EXPECT_TRUE(is_problem(response, 416)) << range;
    EXPECT_EQ(response.header("Content-Range"), "bytes */10") << range;
  }
}

TEST_F(ChunkConformance, AnUnusableRangeIsIgnored) {
  client.put_chunk("a", "0123456789");
  for (const char* range : {"bytes=3-1", "bytes=a-b", "lines=0-1", "bytes",
                            "bytes=", "bytes=0-1,4-5", "bytes=99999999999999999999999-"}) {
    const auto response = client.get("/chunks/a", {{"Range", range}});
    if (response.status == 416) continue;  // What a number beyond 64 bits means is free.
    EXPECT_EQ(response.status, 200) << range;
    EXPECT_EQ(response.body, "0123456789") << range;
  }
}

TEST_F(ChunkConformance, IfRangeWithAnotherEtagGivesTheWhole) {
  client.put_chunk("a", "0123456789");
  const auto other = client.get("/chunks/a", {{"Range", "bytes=0-1"}, {"If-Range", "\"b\""}});
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(other.body, "0123456789");
  const auto same = client.get("/chunks/a", {{"Range", "bytes=0-1"}, {"If-Range", "\"a\""}});
  EXPECT_EQ(same.status, 206);
  EXPECT_EQ(same.body, "01");
}

TEST_F(ChunkConformance, ARangeOfAnEmptyChunkIs416) {
  client.put_chunk("a", "");
  EXPECT_TRUE(is_problem(client.get("/chunks/a", {{"Range", "bytes=0-0"}}), 416));
}

TEST_F(ChunkConformance, ChunksOfPageBoundarySizesComeBackWhole) {
  for (const std::size_t size : {1U, 2000U, 2037U, 4079U, 4080U, 4081U, 4096U, 8192U, 65536U}) {
    const std::string id = "size-" + std::to_string(size);
    const std::string bytes(size, static_cast<char>('a' + size % 26));
    ASSERT_EQ(client.put_chunk(id, bytes).status, 201) << size;
    EXPECT_EQ(client.get_chunk(id).body, bytes) << size;
  }
}

}  // namespace
}  // namespace mentat_sync
