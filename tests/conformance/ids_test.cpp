// Black-box: ids of every wrong shape in a path are a 400 that stores nothing, and percent-encoding
// is decoded exactly once.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

/// No uuids, though each is close to one; none has a slash.
std::vector<std::string> bad_uuids() {
  return {"abc",
          "0",
          "0000000000000000000000000000000000000000",
          "00000000000000000000000000000000",
          "00000000-0000-0000-0000-00000000000",
          "00000000-0000-0000-0000-0000000000000",
          "00000000-0000-0000-0000-00000000000g",
          "00000000-0000-0000-0000_000000000000",
          "0000000-00000-0000-0000-000000000000",
          "{00000000-0000-0000-0000-000000000000}",
          "%7B00000000-0000-0000-0000-000000000000%7D",
          "urn:uuid:00000000-0000-0000-0000-000000000000",
          "-0000000-0000-0000-0000-000000000000",
          "+0000000-0000-0000-0000-000000000000",
          "0x000000-0000-0000-0000-000000000000",
          "00000000-0000-0000-0000-000000000000%00",
          "00000000-0000-0000-0000-00000000000%00",
          "00000000-0000-0000-0000-00000000000%2F",
          "00000000-0000-0000-0000-00000000000%2530",
          "00000000%252D0000-0000-0000-000000000000",
          "00000000-0000-0000-0000-000000000000%20",
          "%2000000000-0000-0000-0000-000000000000",
          "00000000-0000-0000-0000-00000000000%C3%A4",
          "00000000-0000-0000-0000-00000000000%",
          "00000000-0000-0000-0000-0000000000%3",
          "00000000-0000-0000-0000-0000000000%3G",
          std::string(2000, '0')};
}

std::vector<std::string> bad_chunk_ids() {
  return {"A",
          "ABCDEF",
          "aB",
          "a_b",
          "a.b",
          "a~b",
          "a+b",
          "a%20b",
          "a%2Bb",
          "a%2Fb",
          "%2F",
          "..%2Fa",
          "%2e%2e",
          "a%00",
          "%00",
          "a%0D%0Ab",
          "%2561",
          "%252F",
          "a%25",
          "%",
          "a%",
          "a%6",
          "a%6g",
          "a%%61",
          "{a}",
          "a:b",
          "a,b",
          "a;b",
          "a=b",
          "a@b",
          "a*",
          "%C3%A4",
          "%FF",
          std::string(65, 'a'),
          std::string(2000, 'a'),
          sha256_hex("x") + "0"};
}

class IdConformance : public RunningServer {};

TEST_F(IdConformance, AMalformedUserIs400OnEveryRoute) {
  HttpClient http{port()};
  for (const auto& id : bad_uuids()) {
    const std::string base = "/0.1/" + id;
    for (const char* path : {"", "/", "/head", "/transactions"}) {
      EXPECT_TRUE(is_problem(http.request({.target = base + path}), 400)) << base << path;
    }
    EXPECT_TRUE(is_problem(http.request({.method = "DELETE", .target = base}), 400)) << base;
    const HttpRequest put{.method = "PUT", .target = base + "/chunks/a", .body = "x"};
    EXPECT_TRUE(is_problem(http.request(put), 400)) << base;
  }
}

TEST_F(IdConformance, AMalformedTransactionIs400) {
  client.put_chunk("a", "x");
  for (const auto& id : bad_uuids()) {
    EXPECT_TRUE(is_problem(client.get_transaction(id), 400)) << id;
    EXPECT_TRUE(is_problem(client.put_transaction(id, root_id, {"a"}), 400)) << id;
  }
}

TEST_F(IdConformance, AMalformedChunkIs400AndNothingIsStored) {
  for (const auto& id : bad_chunk_ids()) {
    EXPECT_TRUE(is_problem(client.put_chunk(id, "x"), 400)) << id;
    EXPECT_TRUE(is_problem(client.get_chunk(id), 400)) << id;
    EXPECT_EQ(client.request("HEAD", "/chunks/" + id).status, 400) << id;
  }
  EXPECT_EQ(client.summary()["chunks"]["count"], 0);
}

TEST_F(IdConformance, UpperCaseSha256IsNoChunkId) {
  std::string id = sha256_hex("bytes");
  for (char& c : id) c = static_cast<char>(std::toupper(c));
  EXPECT_TRUE(is_problem(client.put_chunk(id, "bytes"), 400));
}

TEST_F(IdConformance, PercentEncodedCharactersAreTheCharacters) {
  EXPECT_EQ(client.put_chunk("%61%2Db%2dc", "bytes").status, 201);
  EXPECT_EQ(client.get_chunk("a-b-c").body, "bytes");
  EXPECT_EQ(client.get_chunk("%61-%62-%63").header("ETag"), "\"a-b-c\"");
  EXPECT_EQ(client.get("/%68ead").status, 200);
}

TEST_F(IdConformance, APercentEncodedUserIsTheUser) {
  const auto first = client.commit_transaction(root_id);
  std::string encoded;
  for (const char c : user) encoded += c == '-' ? std::string{"%2D"} : std::string{c};
  SyncClient same{port(), encoded};
  EXPECT_EQ(same.head(), first);
}

TEST_F(IdConformance, PathTraversalLeadsNowhere) {
  HttpClient http{port()};
  for (const char* target :
       {"/../etc/passwd", "/0.1/../0.1", "/0.1/%2e%2e/head", "/./", "/%2e%2e"}) {
    const auto status = http.request({.target = target}).status;
    EXPECT_TRUE(status == 404 || status == 400) << target << " " << status;
  }
}

TEST_F(IdConformance, RandomTargetsAreNever500) {
  std::uint32_t state = 4711;  // A fixed sequence, so that a failure can be repeated.
  const auto next = [&state] { return state = state * 1664525U + 1013904223U; };
  HttpClient http{port()};
  const std::string good = client.target("/chunks/some-chunk?x=1");
  for (int round = 0; round < 1000; ++round) {
    std::string target = good;
    for (int i = 0; i < 3; ++i) {
      target[1 + (next() >> 8) % (target.size() - 1)] =
          static_cast<char>('!' + (next() >> 24) % 94);
    }
    const auto status = http.request({.target = target}).status;
    EXPECT_TRUE(status == 200 || status == 400 || status == 404) << status << " " << target;
  }
}

}  // namespace
}  // namespace mentat_sync
