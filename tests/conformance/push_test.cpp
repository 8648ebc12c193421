// Black-box: a log pushed in one request: all of it or nothing, whatever is wrong with it.
#include "support/cbor_log.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

std::string type_of(const HttpResponse& response) {
  return response.json().value("type", "");
}

class PushConformance : public RunningServer {
 protected:
  /// That the push is refused so, and that nothing has changed.
  void expect_refused(const std::string& log, unsigned status, std::string_view type) {
    const auto before = client.summary();
    const auto response = client.push(log);
    EXPECT_TRUE(is_problem(response, status));
    EXPECT_THAT(type_of(response), testing::EndsWith(std::string{type}));
    EXPECT_EQ(client.summary(), before);
  }
};

TEST_F(PushConformance, OfALogIs201WithHeadAndReadableByEveryRequest) {
  const auto first = new_uuid();
  const auto second = new_uuid();
  CborLog log;
  log.chunk("a", "one").chunk("b", "").transaction(first, {"a", "b"});
  log.chunk("c", "three").transaction(second, {"c", "a"});
  const auto response = client.push(log.encode());
  ASSERT_EQ(response.status, 201U) << response.body;
  EXPECT_EQ(response.json(), (json{{"head", second}, {"seq", 2}}));
  EXPECT_EQ(response.header("ETag"), '"' + second + '"');
  EXPECT_THAT(client.transactions(), ElementsAre(first, second));
  EXPECT_EQ(client.get_transaction(first).json(),
            (json{{"id", first}, {"seq", 1}, {"parent", root_id}, {"chunks", {"a", "b"}}}));
  EXPECT_EQ(client.get_chunk("c").body, "three");
  EXPECT_EQ(client.get_chunk("b").body, "");
  EXPECT_EQ(client.summary()["chunks"], (json{{"count", 3}, {"bytes", 8}}));
}

TEST_F(PushConformance, OfHandWrittenBytesGoesThrough) {
  const std::string zeros(16, '\0');
  const std::string id = std::string(15, '\x11') + "\x12";
  // Text for ids, keys in another order, numbers longer than needed, an unknown key, a repeat.
  const std::string chunk = std::string{
      "\xa3\x65"
      "bytes\x42hi\x61x\x82\x01\xf6\x65"
      "chunk\x61"
      "a"};
  const std::string bytes = "\xa3\x64head\x50" + id +
                            "\x64"
                            "from\x78\x24" +
                            std::string{root_id} + "\x63log\x18\x01" + chunk + chunk +
                            "\xa4\x66"
                            "chunks\x81\x61"
                            "a\x66parent\x50" +
                            zeros + std::string{"\x63seq\x1b\0\0\0\0\0\0\0\x01", 13} +
                            "\x6btransaction\x50" + id +  //
                            "\xa5\x65"
                            "bytes\x04\x66"
                            "chunks\x02\x6ctransactions\x01\x64more\xf4" +
                            "\x64next\x50" + id;
  const auto response = client.push(bytes);
  ASSERT_EQ(response.status, 201U) << response.body;
  EXPECT_EQ(client.head(), "11111111-1111-1111-1111-111111111112");
  EXPECT_EQ(client.get_chunk("a").body, "hi");
}

TEST_F(PushConformance, AgainIs200WithHeadAndChangesNothing) {
  const auto id = new_uuid();
  const auto log = CborLog{}.chunk("a", "x").transaction(id, {"a"}).encode();
  ASSERT_EQ(client.push(log).status, 201U);
  const auto summary = client.summary();
  for (int i = 0; i < 3; ++i) {
    const auto again = client.push(log);
    EXPECT_EQ(again.status, 200U);
    EXPECT_EQ(again.json(), (json{{"head", id}, {"seq", 1}}));
  }
  EXPECT_EQ(client.summary(), summary);
  const auto next = client.commit_transaction(id);
  EXPECT_EQ(client.push(log).status, 200U) << "also when the log has grown since";
  EXPECT_EQ(client.push(log).json(), (json{{"head", next}, {"seq", 2}}));
}

TEST_F(PushConformance, OnAnotherBaseIs409WithTheCurrentHead) {
  const auto first = client.commit_transaction(root_id);
  const auto pending = client.add_transaction(first);
  for (const auto& base : {std::string{root_id}, pending, new_uuid()}) {
    const auto log = CborLog{base, base == root_id ? 0U : 1U}.transaction(new_uuid(), {});
    const auto response = client.push(log.encode());
    EXPECT_TRUE(is_head_refusal(response, 409, first));
    EXPECT_THAT(type_of(response), HasSubstr("base-not-head"));
  }
  const auto again = CborLog{first, 1}.transaction(new_uuid(), {});
  EXPECT_EQ(client.push(again.encode()).status, 201U);
}

TEST_F(PushConformance, OfChunksAloneStoresThemAndLeavesHead) {
  const auto first = client.commit_transaction(root_id);
  const auto log = CborLog{first, 1}.chunk("a", "x").chunk("b", "y").encode();
  const auto response = client.push(log);
  EXPECT_EQ(response.status, 201U);
  EXPECT_EQ(response.json(), (json{{"head", first}, {"seq", 1}}));
  EXPECT_EQ(client.get_chunk("b").body, "y");
  EXPECT_EQ(client.push(log).status, 200U);
}

TEST_F(PushConformance, OfNothingIs200) {
  EXPECT_EQ(client.push(CborLog{}.encode()).status, 200U);
  const auto first = client.commit_transaction(root_id);
  EXPECT_EQ(client.push(CborLog{first, 1}.encode()).status, 200U);
  EXPECT_EQ(client.push(CborLog{}.encode()).status, 200U) << "nothing moves, whatever the base";
}

TEST_F(PushConformance, OfChunksAloneTakesAnyBase) {
  const auto first = client.commit_transaction(root_id);
  const auto response = client.push(CborLog{}.chunk("a", "x").encode());
  EXPECT_EQ(response.status, 201U) << response.body;
  EXPECT_EQ(response.json(), (json{{"head", first}, {"seq", 1}}));
  EXPECT_EQ(client.get_chunk("a").body, "x");
}

TEST_F(PushConformance, NeedsNoChunksThatAreStored) {
  client.put_chunk("a", "x");
  EXPECT_EQ(client.push(CborLog{}.transaction(new_uuid(), {"a"}).encode()).status, 201U);
}

TEST_F(PushConformance, WithoutChunksThatItNamesIs422WithThem) {
  client.put_chunk("a", "x");
  const auto log = CborLog{}.chunk("b", "y").transaction(new_uuid(), {"c", "a", "b", "d", "c"});
  expect_refused(log.encode(), 422, "missing-chunks");
  EXPECT_EQ(client.push(log.encode()).json()["missing"], (json{"c", "d"}));
  EXPECT_EQ(client.get_chunk("b").status, 404U);
  client.put_chunk("c", "");
  client.put_chunk("d", "");
  EXPECT_EQ(client.push(log.encode()).status, 201U) << "nothing of the refused one is in the way";
}

TEST_F(PushConformance, OfOtherBytesUnderAStoredIdIs409) {
  client.put_chunk("a", "stored");
  expect_refused(CborLog{}.chunk("b", "").chunk("a", "x").transaction(new_uuid(), {"a"}).encode(),
                 409, "chunk-differs");
  EXPECT_EQ(client.get_chunk("a").body, "stored");
}

TEST_F(PushConformance, OfAChunkThatIsNotItsHashIs400) {
  expect_refused(CborLog{}.chunk(sha256_hex("x"), "y").encode(), 400, "hash-mismatch");
  EXPECT_EQ(client.push(CborLog{}.chunk(sha256_hex("x"), "x").encode()).status, 201U);
}

TEST_F(PushConformance, OfATransactionThatIsStoredOtherwiseIs409) {
  const auto dead = client.add_transaction(root_id);
  const auto first = client.commit_transaction(root_id);
  const auto pending = client.add_transaction(first);
  for (const auto& id : {dead, first, pending}) {
    expect_refused(CborLog{first, 1}.transaction(id, {}).encode(), 409, "transaction-differs");
  }
}

TEST_F(PushConformance, OfATransactionTwiceOrTheRootIsRefused) {
  const auto id = new_uuid();
  const auto twice = CborLog{}.transaction(id, {}).transaction(id, {});
  const auto response = client.push(twice.encode());
  EXPECT_TRUE(response.status == 400 || response.status == 409) << response.status;
  const auto root = client.push(CborLog{}.transaction(root_id, {}).encode());
  EXPECT_TRUE(root.status == 400 || root.status == 409) << root.status;
  EXPECT_EQ(client.head(), root_id);
}

TEST_F(PushConformance, TakesOverPendingTransactionsThatAreTheSame) {
  const auto first = client.add_transaction(root_id);
  const auto second = client.add_transaction(first);
  const auto third = new_uuid();
  CborLog log;
  log.transaction(first, {"c-" + first})
      .transaction(second, {"c-" + second})
      .transaction(third, {});
  EXPECT_EQ(client.push(log.encode()).status, 201U);
  EXPECT_THAT(client.transactions(), ElementsAre(first, second, third));
}

TEST_F(PushConformance, OntoATransactionWithChildrenIsRefused) {
  const auto first = client.add_transaction(root_id);
  const auto child = client.add_transaction(first);
  expect_refused(CborLog{}.transaction(first, {"c-" + first}).encode(), 409, "head-has-children");
  EXPECT_EQ(client.put_head(child).status, 204U);
}

TEST_F(PushConformance, LeavesForksBehindAsPutHeadDoes) {
  const auto fork = client.add_transaction(root_id);
  const auto pushed = new_uuid();
  ASSERT_EQ(client.push(CborLog{}.transaction(pushed, {}).encode()).status, 201U);
  EXPECT_TRUE(is_head_refusal(client.put_head(fork), 409, pushed));
  const auto next = client.commit_transaction(pushed);
  EXPECT_THAT(client.transactions(), ElementsAre(pushed, next));
}

TEST_F(PushConformance, OfWhatAnotherServerGaveIsThatLog) {
  std::string parent{root_id};
  for (int i = 0; i < 20; ++i) parent = client.commit_transaction(parent);
  client.put_chunk(sha256_hex("x"), "x");
  const auto last = new_uuid();
  client.put_transaction(last, parent, {sha256_hex("x"), "c-" + parent});
  client.put_head(last);
  const auto pulled = client.pull().body;
  ServerProcess elsewhere;
  SyncClient there{elsewhere.port(), new_uuid()};
  ASSERT_EQ(there.push(pulled).status, 201U);
  EXPECT_EQ(there.pull().body, pulled);
  EXPECT_EQ(there.push(pulled).status, 200U);
}

TEST_F(PushConformance, OfWhatWasPulledInPartsIsThatLog) {
  std::string parent{root_id};
  for (int i = 0; i < 10; ++i) parent = client.commit_transaction(parent);
  SyncClient there{port(), new_uuid()};
  std::string from{root_id};
  for (bool more = true; more;) {
    const auto part = client.pull("?limit=3&from=" + from);
    const auto trailer = expect_whole_log(part).trailer;
    ASSERT_EQ(there.push(part.body).status, 201U) << "as it came, head beyond its end";
    more = trailer["more"];
    from = trailer["next"];
  }
  EXPECT_EQ(there.pull().body, client.pull().body);
}

TEST_F(PushConformance, MovesHeadSoThatThe01RequestsGoOn) {
  const auto pushed = new_uuid();
  ASSERT_EQ(client.push(CborLog{}.chunk("a", "x").transaction(pushed, {"a"}).encode()).status,
            201U);
  EXPECT_TRUE(is_head_refusal(client.put_head(pushed), 409, pushed));
  EXPECT_EQ(client.put_transaction(pushed, root_id, {"a"}).status, 201U);
  EXPECT_EQ(client.put_transaction(pushed, root_id, {}).status, 409U);
  EXPECT_EQ(client.get("/head", {{"If-None-Match", '"' + pushed + '"'}}).status, 304U);
}

TEST_F(PushConformance, PipelinedPushesAreAppliedInTheirOrder) {
  HttpConnection connection{port()};
  std::string wire;
  std::string base{root_id};
  for (std::uint64_t seq = 0; seq < 50; ++seq) {
    const auto id = new_uuid();
    const auto chunk = "c" + std::to_string(seq);
    wire +=
        to_wire({.method = "POST",
                 .target = client.target("/log"),
                 .body = CborLog{base, seq}.chunk(chunk, chunk).transaction(id, {chunk}).encode(),
                 .headers = {{"Content-Type", std::string{log_type}}}});
    base = id;
  }
  connection.send(wire);
  for (int i = 1; i <= 50; ++i) {
    const auto response = connection.receive();
    ASSERT_EQ(response.status, 201U) << response.body;
    EXPECT_EQ(response.json()["seq"], i);
  }
  EXPECT_EQ(client.head(), base);
}

}  // namespace
}  // namespace mentat_sync
