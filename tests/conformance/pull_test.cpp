// Black-box: a log pulled in one request: its forms, its limits, and that it is what the 0.1 API
// tells one by one.
#include "support/cbor_log.hpp"
#include "support/decoding.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace mentat_sync {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PullConformance : public RunningServer {
 protected:
  /// One transaction of these chunks after HEAD, each chunk's content its id; returns its id.
  std::string commit(const std::vector<std::string>& chunks) {
    const std::string head = client.head();
    for (const auto& id : chunks) EXPECT_EQ(client.put_chunk(id, id).status, 201U);
    const auto id = new_uuid();
    EXPECT_EQ(client.put_transaction(id, head, chunks).status, 201U);
    EXPECT_EQ(client.put_head(id).status, 204U);
    return id;
  }

  ReceivedLog pulled(std::string_view query = {}) { return expect_whole_log(client.pull(query)); }
};

TEST_F(PullConformance, TheEmptyLogIsAHeaderAndATrailer) {
  const auto response = client.pull();
  EXPECT_EQ(response.header("Content-Type"), log_type);
  const auto log = expect_whole_log(response);
  EXPECT_THAT(log.transactions, IsEmpty());
  EXPECT_THAT(log.chunks, IsEmpty());
  EXPECT_EQ(log.header["from"], root_id);
  EXPECT_EQ(log.header["head"], root_id);
  EXPECT_EQ(log.trailer["next"], root_id);
  EXPECT_EQ(log.trailer["more"], false);
}

TEST_F(PullConformance, HasExactlyTheDocumentedBytes) {
  const std::string hash = sha256_hex("hello");
  const std::string event = "7a1c5f0e-3b64-4d2a-8e19-90b6c1d2e3f4";
  const std::string first = "00000000-0000-0000-0000-00000000000a";
  const std::string second = "00000000-0000-0000-0000-00000000000b";
  client.put_chunk(hash, "hello");
  client.put_chunk(event, "{\"e\":1}");
  client.put_chunk("note-1", "");
  client.put_transaction(first, root_id, {hash});
  client.put_transaction(second, first, {event, "note-1", hash});
  ASSERT_EQ(client.put_head(second).status, 204U);
  const auto zeros = [](std::size_t count) { return std::string(count, '\0'); };
  const std::string hash_bytes =
      "\x2c\xf2\x4d\xba\x5f\xb0\xa3\x0e\x26\xe8\x3b\x2a\xc5\xb9\xe2\x9e"
      "\x1b\x16\x1e\x5c\x1f\xa7\x42\x5e\x73\x04\x33\x62\x93\x8b\x98\x24";
  const std::string event_bytes =
      "\x7a\x1c\x5f\x0e\x3b\x64\x4d\x2a\x8e\x19\x90\xb6\xc1\xd2\xe3\xf4";
  const std::string a = "\x50" + zeros(15) + "\x0a";
  const std::string b = "\x50" + zeros(15) + "\x0b";
  const std::string sha = "\x58\x20" + hash_bytes;
  const std::string expected =
      "\xa3\x63log\x01\x64"
      "from\x50" +
      zeros(16) + "\x64head" + b +  //
      "\xa2\x65"
      "chunk" +
      sha +
      "\x65"
      "bytes\x45hello" +  //
      "\xa4\x6btransaction" +
      a + "\x63seq\x01\x66parent\x50" + zeros(16) +  //
      "\x66"
      "chunks\x81" +
      sha +  //
      "\xa2\x65"
      "chunk\x50" +
      event_bytes +
      "\x65"
      "bytes\x47{\"e\":1}" +  //
      "\xa2\x65"
      "chunk\x66note-1\x65"
      "bytes\x40" +  //
      "\xa4\x6btransaction" +
      b + "\x63seq\x02\x66parent" + a +
      "\x66"
      "chunks\x83\x50" +  //
      event_bytes +
      "\x66note-1" + sha +  //
      "\xa5\x64next" + b +
      "\x64more\xf4\x6ctransactions\x02\x66"
      "chunks\x03\x65"
      "bytes\x0c";
  EXPECT_EQ(client.pull().body, expected);
}

TEST_F(PullConformance, IsWrittenInTheOneForm) {
  for (int i = 0; i < 30; ++i) commit({new_uuid(), sha256_hex(std::to_string(i)).substr(1)});
  EXPECT_TRUE(is_canonical(client.pull().body));
}

TEST_F(PullConformance, IsWhatTheOtherRequestsTell) {
  const auto first = commit({"a", "b"});
  const auto second = commit({"b", "c", "c"});
  const auto third = commit({});
  const auto log = pulled();
  EXPECT_EQ(log.ids(), client.transactions());
  EXPECT_THAT(log.ids(), ElementsAre(first, second, third));
  EXPECT_EQ(log.header["head"], third);
  for (const json& transaction : log.transactions) {
    EXPECT_EQ(client.get_transaction(transaction["id"].get<std::string>()).json(), transaction);
  }
  for (const auto& chunk : log.chunks) EXPECT_EQ(client.get_chunk(chunk.id).body, chunk.bytes);
}

TEST_F(PullConformance, PendingAndDeadTransactionsAndTheirChunksDoNotCome) {
  const auto dead = client.add_transaction(root_id);
  const auto first = client.commit_transaction(root_id);
  const auto pending = client.add_transaction(first);
  const auto log = pulled();
  EXPECT_THAT(log.ids(), ElementsAre(first));
  EXPECT_EQ(log.chunks.size(), 1U);
  for (const auto& invisible : {dead, pending}) {
    EXPECT_TRUE(is_problem(client.pull("?from=" + invisible), 404));
  }
}

TEST_F(PullConformance, FromIsExclusiveAndItsChunksComeAgain) {
  const auto first = commit({"a", "b"});
  const auto second = commit({"b", "c"});
  const auto log = pulled("?from=" + first);
  EXPECT_THAT(log.ids(), ElementsAre(second));
  EXPECT_EQ(log.header["from"], first);
  EXPECT_EQ(log.bytes_of("b"), "b");
  EXPECT_EQ(log.bytes_of("a"), std::nullopt);
  const auto nothing = pulled("?from=" + second);
  EXPECT_THAT(nothing.ids(), IsEmpty());
  EXPECT_EQ(nothing.trailer["next"], second);
}

TEST_F(PullConformance, LimitsCutAtTransactionsAndSaySo) {
  std::vector<std::string> chain;
  for (int i = 0; i < 7; ++i) chain.push_back(commit({"c" + std::to_string(i)}));
  for (std::size_t limit = 1; limit <= 8; ++limit) {
    std::vector<std::string> all;
    std::string from{root_id};
    for (bool more = true; more;) {
      const auto log = pulled("?limit=" + std::to_string(limit) + "&from=" + from);
      EXPECT_LE(log.transactions.size(), limit);
      EXPECT_EQ(log.header["head"], chain.back());
      for (const auto& id : log.ids()) all.push_back(id);
      more = log.trailer["more"];
      EXPECT_EQ(more, all.size() < chain.size());
      from = log.trailer["next"];
    }
    EXPECT_EQ(all, chain) << limit;
  }
}

TEST_F(PullConformance, MaxBytesEndsWithTheTransactionThatReachesIt) {
  std::vector<std::string> chain;
  for (int i = 0; i < 5; ++i) {
    const auto chunk = "ten-bytes" + std::to_string(i);
    chain.push_back(commit({chunk}));
  }
  EXPECT_THAT(pulled("?max_bytes=1").ids(), ElementsAre(chain[0]));
  EXPECT_THAT(pulled("?max_bytes=10").ids(), ElementsAre(chain[0]));
  EXPECT_THAT(pulled("?max_bytes=11").ids(), ElementsAre(chain[0], chain[1]));
  EXPECT_EQ(pulled("?max_bytes=99999999999999999999").ids(), chain);
  EXPECT_THAT(pulled("?max_bytes=30&limit=2").ids(), ElementsAre(chain[0], chain[1]));
}

TEST_F(PullConformance, WithoutChunksOnlyTransactionsCome) {
  commit({"a", "b"});
  const auto response = client.pull("?chunks=false");
  const auto log = read_log(response.body);
  ASSERT_TRUE(log.complete());
  EXPECT_THAT(log.chunks, IsEmpty());
  EXPECT_EQ(log.transactions[0]["chunks"], (json{"a", "b"}));
  EXPECT_EQ(log.trailer["chunks"], 0);
  EXPECT_EQ(log.trailer["bytes"], 0);
  EXPECT_EQ(pulled("?chunks=true").chunks.size(), 2U);
}

TEST_F(PullConformance, MalformedParametersAre400) {
  for (const char* query : {"?from=x", "?from=", "?limit=0", "?limit=-1", "?limit=x",
                            "?limit=", "?limit=1&limit=2", "?max_bytes=0", "?max_bytes=1.5",
                            "?chunks=maybe", "?chunks=", "?chunks=true&chunks=true", "?from=%zz"}) {
    EXPECT_TRUE(is_problem(client.pull(query), 400)) << query;
  }
  EXPECT_EQ(client.pull("?unknown=1").status, 200U);
}

TEST_F(PullConformance, AnUnknownFromIs404) {
  EXPECT_TRUE(is_problem(client.pull("?from=" + new_uuid()), 404));
  EXPECT_THAT(client.pull("?from=" + new_uuid()).json().value("type", ""),
              HasSubstr("from-not-found"));
}

TEST_F(PullConformance, AcceptChoosesTheForm) {
  commit({"a"});
  const std::string ndjson = "application/x-ndjson";
  const std::string cbor{log_type};
  const std::vector<std::pair<std::string, std::string>> cases{
      {"*/*", cbor},
      {"application/*", cbor},
      {"application/cbor-seq", cbor},
      {cbor + ", " + ndjson, cbor},
      {cbor + ";q=0.5, " + ndjson, ndjson},
      {ndjson, ndjson},
      {"text/html, " + ndjson + ";q=0.1", ndjson},
      {"*/*;q=0.1, " + ndjson, ndjson},
  };
  for (const auto& [accept, type] : cases) {
    EXPECT_EQ(client.pull("", {{"Accept", accept}}).header("Content-Type"), type) << accept;
  }
  for (const auto& accept : {std::string{"text/html"}, std::string{"*/*;q=0"}, ndjson + ";q=0"}) {
    EXPECT_TRUE(is_problem(client.pull("", {{"Accept", accept}}), 406)) << accept;
  }
}

TEST_F(PullConformance, LinesOfJsonSayTheSame) {
  const std::string hash = sha256_hex("x\xff\n");
  client.put_chunk(hash, "x\xff\n");
  const auto first = commit({"a"});
  const auto second = new_uuid();
  client.put_transaction(second, first, {hash, "a"});
  client.put_head(second);
  std::vector<json> lines;
  std::istringstream stream{client.pull("", {{"Accept", "application/x-ndjson"}}).body};
  for (std::string line; std::getline(stream, line);) lines.push_back(json::parse(line));
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], (json{{"log", 1}, {"from", root_id}, {"head", second}}));
  EXPECT_EQ(lines[1], (json{{"chunk", "a"}, {"bytes", "YQ=="}}));
  EXPECT_EQ(lines[2]["transaction"], first);
  EXPECT_EQ(lines[3], (json{{"chunk", hash}, {"bytes", "eP8K"}}));
  EXPECT_EQ(lines[4]["chunks"], (json{hash, "a"}));
  EXPECT_EQ(
      lines[5],
      (json{{"next", second}, {"more", false}, {"transactions", 2}, {"chunks", 2}, {"bytes", 4}}));
}

TEST_F(PullConformance, GzipAndZstdAreTheSameLog) {
  CborLog log;
  for (int i = 0; i < 100; ++i) {
    const auto chunk = "chunk-number-" + std::to_string(i);
    log.chunk(chunk, chunk).transaction(new_uuid(), {chunk});
  }
  ASSERT_EQ(client.push(log.encode()).status, 201U);
  const auto plain = client.pull();
  const auto gzip = client.pull("", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(gzip.header("Content-Encoding"), "gzip");
  EXPECT_EQ(decode_gzip(gzip.body), plain.body);
  const auto zstd = client.pull("", {{"Accept-Encoding", "gzip, zstd"}});
  EXPECT_EQ(zstd.header("Content-Encoding"), "zstd");
  EXPECT_EQ(decode_zstd(zstd.body), plain.body);
  EXPECT_LT(zstd.body.size(), plain.body.size());
  EXPECT_FALSE(plain.has("Content-Encoding"));
  EXPECT_THAT(plain.header("Vary"), HasSubstr("Accept-Encoding"));
}

TEST_F(PullConformance, ACodingThatIsNotKnownIsLeftAway) {
  EXPECT_FALSE(client.pull("", {{"Accept-Encoding", "br"}}).has("Content-Encoding"));
  EXPECT_TRUE(is_problem(client.pull("", {{"Accept-Encoding", "identity;q=0"}}), 406));
}

TEST_F(PullConformance, HeadHasTheHeaderAlone) {
  commit({"a"});
  const auto response = client.request("HEAD", "/log");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.header("Content-Type"), log_type);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(client.request("HEAD", "/log?from=" + new_uuid()).status, 404U);
  EXPECT_EQ(client.head(), pulled().header["head"]);
}

TEST_F(PullConformance, OtherMethodsAre405) {
  for (const char* method : {"PUT", "DELETE"}) {
    const auto response = client.request(method, "/log");
    EXPECT_TRUE(is_problem(response, 405));
    EXPECT_THAT(members(response.header("Allow")), ElementsAre("GET", "HEAD", "POST"));
  }
  EXPECT_EQ(client.get("/log/").status, 404U);
}

TEST_F(PullConformance, UsersSeeTheirOwnLogAlone) {
  commit({"a"});
  SyncClient other{port(), new_uuid()};
  EXPECT_THAT(expect_whole_log(other.pull()).ids(), IsEmpty());
}

TEST_F(PullConformance, SeesTheChangesBeforeItOnItsConnection) {
  HttpConnection connection{port()};
  const auto id = new_uuid();
  connection.send(
      to_wire({.method = "PUT",
               .target = client.target("/transactions/" + id),
               .body = transaction_body(root_id, {})}) +
      to_wire({.method = "PUT", .target = client.target("/head"), .body = head_body(id)}) +
      to_wire({.target = client.target("/log")}) + to_wire({.target = client.target("/head")}));
  EXPECT_EQ(connection.receive().status, 201U);
  EXPECT_EQ(connection.receive().status, 204U);
  EXPECT_THAT(expect_whole_log(connection.receive()).ids(), ElementsAre(id));
  EXPECT_EQ(connection.receive().json()["head"], id);
}

}  // namespace
}  // namespace mentat_sync
