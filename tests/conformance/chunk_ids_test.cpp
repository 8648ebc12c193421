// Black-box: the two worlds of chunk ids: SHA-256 as the specification wants them, and the random
// uuids of tolstoy; and the options that bound what is taken.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

class ChunkIdConformance : public RunningServer {};

TEST_F(ChunkIdConformance, TheSha256OfTheBytesIsTaken) {
  for (const std::string& bytes :
       {std::string{"some bytes"}, std::string{}, std::string(70000, 'x')}) {
    const auto id = sha256_hex(bytes);
    EXPECT_EQ(client.put_chunk(id, bytes).status, 201);
    EXPECT_EQ(client.get_chunk(id).body, bytes);
  }
}

TEST_F(ChunkIdConformance, AnotherSha256Is400AndNothingIsKept) {
  const auto id = sha256_hex("what it says");
  EXPECT_TRUE(is_problem(client.put_chunk(id, "what it is"), 400));
  EXPECT_TRUE(is_problem(client.get_chunk(id), 404));
  EXPECT_EQ(client.summary()["chunks"]["count"], 0);
  EXPECT_EQ(client.put_chunk(id, "what it says").status, 201);
  EXPECT_EQ(client.get_chunk(id).body, "what it says");
}

TEST_F(ChunkIdConformance, AMismatchLeavesTheRightBytesInPlace) {
  const auto id = sha256_hex("right");
  client.put_chunk(id, "right");
  EXPECT_EQ(client.put_chunk(id, "wrong").status, 400);
  EXPECT_EQ(client.get_chunk(id).body, "right");
}

TEST_F(ChunkIdConformance, SixtyFourCharactersThatAreNotAllHexadecimalAreOpaque) {
  const std::string id(64, 'g');
  EXPECT_EQ(client.put_chunk(id, "anything").status, 201);
  EXPECT_EQ(client.get_chunk(id).body, "anything");
}

TEST_F(ChunkIdConformance, SixtyThreeHexadecimalDigitsAreOpaque) {
  EXPECT_EQ(client.put_chunk(std::string(63, 'a'), "anything").status, 201);
}

TEST_F(ChunkIdConformance, UuidsAreOpaque) {
  const auto id = new_uuid();
  EXPECT_EQ(client.put_chunk(id, R"({"e":1,"a":2})").status, 201);
  EXPECT_EQ(client.get_chunk(id).body, R"({"e":1,"a":2})");
}

TEST_F(ChunkIdConformance, EveryLengthFrom1To64AndEveryAllowedCharacterIsTaken) {
  for (const std::string& id :
       {std::string{"a"}, std::string{"-"}, std::string{"0"}, std::string(64, '-'),
        std::string(64, 'z'), std::string{"abcdefghijklmnopqrstuvwxyz-0123456789"}}) {
    EXPECT_EQ(client.put_chunk(id, "bytes of " + id).status, 201) << id;
    EXPECT_EQ(client.get_chunk(id).body, "bytes of " + id);
  }
}

TEST_F(ChunkIdConformance, BothWorldsMayMeetInOneTransaction) {
  const std::vector<std::string> ids{sha256_hex("one"), new_uuid(), "aaaaaaaa"};
  EXPECT_EQ(client.put_chunk(ids[0], "one").status, 201);
  EXPECT_EQ(client.put_chunk(ids[1], "two").status, 201);
  EXPECT_EQ(client.put_chunk(ids[2], "three").status, 201);
  const auto transaction = new_uuid();
  EXPECT_EQ(client.put_transaction(transaction, root_id, ids).status, 201);
  EXPECT_EQ(client.put_head(transaction).status, 204);
  EXPECT_EQ(client.get_transaction(transaction).json()["chunks"], ids);
}

class Sha256OnlyServer : public RunningServer {
 protected:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--chunk-ids", "sha256"};
    start(std::move(options));
  }
};

TEST_F(Sha256OnlyServer, TakesTheSha256OfTheBytes) {
  const auto id = sha256_hex("bytes");
  EXPECT_EQ(client.put_chunk(id, "bytes").status, 201);
  EXPECT_EQ(client.get_chunk(id).body, "bytes");
  EXPECT_EQ(client.put_transaction(new_uuid(), root_id, {id}).status, 201);
}

TEST_F(Sha256OnlyServer, RefusesEveryOtherId) {
  for (const std::string& id : {std::string{"aaaaaaaa"}, new_uuid(), std::string(64, 'g'),
                                sha256_hex("bytes").substr(1), sha256_hex("other")}) {
    EXPECT_TRUE(is_problem(client.put_chunk(id, "bytes"), 400)) << id;
  }
  EXPECT_EQ(client.summary()["chunks"]["count"], 0);
}

class SmallChunksServer : public RunningServer {
 protected:
  static constexpr std::size_t limit_bytes = 1000;
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--max-chunk-bytes", std::to_string(limit_bytes)};
    start(std::move(options));
  }
};

TEST_F(SmallChunksServer, TakesAChunkOfExactlyTheLimit) {
  EXPECT_EQ(client.put_chunk("a", std::string(limit_bytes, 'x')).status, 201);
  EXPECT_EQ(client.get_chunk("a").body.size(), limit_bytes);
}

TEST_F(SmallChunksServer, AnswersALargerOneWith413AndTheLimit) {
  const auto response = client.put_chunk("a", std::string(limit_bytes + 1, 'x'));
  EXPECT_TRUE(is_problem(response, 413));
  EXPECT_EQ(response.json()["limit_bytes"], limit_bytes);
  EXPECT_EQ(client.get_chunk("a").status, 404);
}

TEST_F(SmallChunksServer, AnswersALargerOneInPiecesWith413) {
  HttpConnection connection{port()};
  const auto response = connection.request({.method = "PUT",
                                            .target = client.target("/chunks/a"),
                                            .body = std::string(limit_bytes + 1, 'x'),
                                            .framing = BodyFraming::chunked});
  EXPECT_TRUE(is_problem(response, 413));
  EXPECT_EQ(response.json()["limit_bytes"], limit_bytes);
  EXPECT_EQ(client.get_chunk("a").status, 404);
}

TEST_F(SmallChunksServer, AnswersWhileTheClientIsStillSending) {
  HttpConnection connection{port()};
  connection.send(to_wire({.method = "PUT",
                           .target = client.target("/chunks/a"),
                           .body = std::string(std::size_t{4} << 20, 'x')}));
  EXPECT_TRUE(is_problem(connection.receive(), 413));
}

TEST_F(SmallChunksServer, RefusesByTheLengthAloneBeforeTheBodyIsSent) {
  HttpConnection connection{port()};
  connection.send("PUT " + client.target("/chunks/a") +
                  " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                  "Content-Length: 18446744073709551615\r\n\r\n");
  EXPECT_TRUE(is_problem(connection.receive_any(), 413));
}

TEST_F(SmallChunksServer, StillTakesAJsonBodyOfMoreThanAChunk) {
  std::vector<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    ids.push_back("chunk-number-" + std::to_string(i));
    client.put_chunk(ids.back(), "x");
  }
  EXPECT_EQ(client.put_transaction(new_uuid(), root_id, ids).status, 201);
}

TEST_F(ChunkIdConformance, TheDefaultLimitIsFourMebibytes) {
  const std::size_t limit = std::size_t{4} << 20;
  EXPECT_EQ(client.put_chunk("large", std::string(limit, 'x')).status, 201);
  EXPECT_EQ(client.get_chunk("large").body, std::string(limit, 'x'));
  EXPECT_TRUE(is_problem(client.put_chunk("larger", std::string(limit + 1, 'x')), 413));
}

}  // namespace
}  // namespace mentat_sync
