// Black-box: pushes that are no logs, are cut off, or are too much: nothing of them is stored.
#include "support/cbor_log.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;

std::string type_of(const HttpResponse& response) {
  return response.json().value("type", "");
}

class PushRefusal : public RunningServer {
 protected:
  /// A log with all kinds of items, of which each test spoils something.
  CborItems sound() {
    CborLog log;
    log.chunk("a", "one").chunk(sha256_hex("x"), "x").transaction(first, {"a", sha256_hex("x")});
    log.chunk(new_uuid(), std::string(300, 'y')).transaction(second, {"a"});
    return log.items();
  }
  void expect_malformed(const CborItems& items, const std::string& what) {
    expect_malformed(cbor_sequence(items), what);
  }
  void expect_malformed(const std::string& bytes, const std::string& what) {
    const auto response = client.push(bytes);
    EXPECT_TRUE(is_problem(response, 400)) << what;
    EXPECT_THAT(type_of(response), HasSubstr("malformed-log")) << what;
  }
  void TearDown() override {
    EXPECT_EQ(client.head(), root_id);
    EXPECT_EQ(client.summary()["chunks"]["count"], 0) << "a refused push left something";
  }

  const std::string first = new_uuid();
  const std::string second = new_uuid();
};

TEST_F(PushRefusal, ALogCutOffAnywhereIs400) {
  const std::string log = cbor_sequence(sound());
  for (std::size_t size = 0; size < log.size(); ++size) {
    const auto response = client.push(log.substr(0, size));
    ASSERT_EQ(response.status, 400U) << size << " of " << log.size();
  }
}

TEST_F(PushRefusal, WhatIsNoCborIs400) {
  for (const char* bytes : {"", "{}", "hello", "\xff", "\xbf\xff", "\x01", "\xf6", "\x80"}) {
    expect_malformed(std::string{bytes}, bytes);
  }
  expect_malformed(std::string(1000, '\x9b'), "lists in lists");
  expect_malformed(cbor_sequence(sound()) + "x", "bytes behind the trailer");
  expect_malformed(cbor_sequence(sound()) + cbor_sequence(sound()), "a log behind the log");
}

TEST_F(PushRefusal, HugeAnnouncedLengthsAre400AndCostNothing) {
  for (const char* head : {"\xbb", "\x9b", "\x5b", "\x7b"}) {
    expect_malformed(std::string{head} + std::string(8, '\x7f'), "an item of 2^62");
    expect_malformed(
        "\xa1\x65"
        "chunk" +
            std::string{head} + std::string(8, '\x7f'),
        "a value");
  }
  EXPECT_TRUE(server().process().running());
}

TEST_F(PushRefusal, AWideValueToBePassedOverIs400) {
  auto items = sound();
  items[0]["later"] = std::vector<int>(64);
  items[1]["later"] = std::vector<int>(65);
  expect_malformed(items, "65 values in the list of an unknown key");
  const std::string log = cbor_sequence(items);
  EXPECT_THAT(client.push(log).body, HasSubstr("more than 64 values"));
}

TEST_F(PushRefusal, AWrongOrderIs400) {
  auto items = sound();
  std::swap(items[0], items[1]);
  expect_malformed(items, "a chunk before the header");
  items = sound();
  items.push_back(items[0]);
  expect_malformed(items, "a second header");
  items = sound();
  items.pop_back();
  expect_malformed(items, "no trailer");
  items = sound();
  items.insert(items.end() - 1, items.back());
  expect_malformed(items, "two trailers");
  items = sound();
  std::swap(items[3], items[5]);
  expect_malformed(items, "the second transaction first");
}

TEST_F(PushRefusal, AWrongTrailerIs400) {
  for (const char* count : {"transactions", "chunks", "bytes"}) {
    auto items = sound();
    items.back()[count] = items.back()[count].get<int>() + 1;
    expect_malformed(items, count);
    items.back()[count] = -1;
    expect_malformed(items, count);
  }
  auto items = sound();
  items.back()["next"] = packed_id(first);
  expect_malformed(items, "next");
  items = sound();
  items.back()["more"] = 1;
  expect_malformed(items, "more is no boolean");
}

TEST_F(PushRefusal, AWrongHeaderIs400) {
  for (const ordered_json& version : {ordered_json{0}, ordered_json{2}, ordered_json{"1"}}) {
    auto items = sound();
    items[0]["log"] = version;
    expect_malformed(items, "version " + version.dump());
  }
  auto items = sound();
  items[0]["head"] = packed_id(new_uuid());
  expect_malformed(items, "a head that is not the last transaction");
  items = sound();
  items[0]["from"] = packed_id(new_uuid());
  expect_malformed(items, "a from that is not the first one's parent");
  items = sound();
  items[0].erase("head");
  expect_malformed(items, "no head");
}

TEST_F(PushRefusal, WrongItemsAre400) {
  const auto spoilt = [this](std::size_t item, const char* key, const ordered_json& value) {
    auto items = sound();
    items[item][key] = value;
    return items;
  };
  expect_malformed(spoilt(1, "chunk", "UPPER"), "a chunk id of other characters");
  expect_malformed(spoilt(1, "chunk", ""), "an empty chunk id");
  expect_malformed(spoilt(1, "chunk", std::string(65, 'a')), "a long chunk id");
  expect_malformed(spoilt(1, "chunk", ordered_json::binary({1, 2, 3})), "a chunk id of 3 bytes");
  expect_malformed(spoilt(1, "bytes", "text"), "bytes that are text");
  expect_malformed(spoilt(3, "seq", 7), "a gap in the sequence");
  expect_malformed(spoilt(3, "seq", 0), "a sequence number of the root's");
  expect_malformed(spoilt(3, "seq", -1), "a negative sequence number");
  expect_malformed(spoilt(3, "parent", packed_id(new_uuid())), "a parent that is not before it");
  expect_malformed(spoilt(3, "chunks", "a"), "chunks that are no list");
  expect_malformed(spoilt(3, "chunks", ordered_json::array({1})), "chunks that are no ids");
  expect_malformed(spoilt(3, "transaction", "not a uuid"), "a transaction that is no uuid");
  auto items = sound();
  items[3].erase("parent");
  expect_malformed(items, "no parent");
  items = sound();
  items.insert(items.begin() + 1, ordered_json{{"unknown", 1}});
  expect_malformed(items, "an item of no kind");
}

TEST_F(PushRefusal, AChunkTwiceWithOtherBytesIs400) {
  const auto log = CborLog{}.chunk("a", "x").chunk("a", "y").transaction(first, {"a"}).encode();
  const auto response = client.push(log);
  EXPECT_TRUE(response.status == 400 || response.status == 409) << response.status;
}

TEST_F(PushRefusal, ATransactionOfTooManyChunksIsRefused) {
  const std::vector<std::string> chunks(16'385, "a");
  const auto log = CborLog{}.chunk("a", "x").transaction(first, chunks).encode();
  const auto response = client.push(log);
  EXPECT_TRUE(response.status == 400 || response.status == 413) << response.status;
}

TEST_F(PushRefusal, MoreItemsThanTheBoundAre413WithIt) {
  CborLog log;
  log.chunk("a", "x");
  const std::vector<std::string> chunks(16'384, "a");
  for (int i = 0; i < 7; ++i) log.transaction(new_uuid(), chunks);
  const auto response = client.push(log.encode());
  EXPECT_TRUE(is_problem(response, 413));
  EXPECT_THAT(type_of(response), HasSubstr("too-many-items"));
  EXPECT_EQ(response.json()["limit_items"], 100'000);
}

TEST_F(PushRefusal, OtherMediaTypesAre415) {
  const auto log = cbor_sequence(sound());
  for (const char* type : {"application/x-ndjson", "application/json", "application/cbor",
                           "application/octet-stream", "text/plain", "", "nonsense"}) {
    const auto response = client.request("POST", "/log", log, {{"Content-Type", type}});
    EXPECT_TRUE(is_problem(response, 415)) << type;
    EXPECT_EQ(response.header("Accept-Post"), log_type);
  }
  EXPECT_TRUE(is_problem(client.request("POST", "/log", log), 415));
}

TEST_F(PushRefusal, LinesOfJsonAreNotTakenUnderTheTypeOfCborEither) {
  const auto ndjson = client.pull("", {{"Accept", "application/x-ndjson"}}).body;
  expect_malformed(ndjson, "ndjson");
}

TEST_F(PushRefusal, ACodedBodyIs415) {
  const auto response = client.request(
      "POST", "/log", "x", {{"Content-Type", std::string{log_type}}, {"Content-Encoding", "gzip"}});
  EXPECT_TRUE(is_problem(response, 415));
}

TEST_F(PushRefusal, ExpectContinueOfAWrongTypeGetsTheRefusal) {
  HttpConnection connection{port()};
  connection.send("POST " + client.target("/log") +
                  " HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                  "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(is_problem(connection.receive_any(), 415));
}

TEST_F(PushRefusal, ABodyWhoseConnectionBreaksIsNotStored) {
  const auto log = cbor_sequence(sound());
  for (const bool chunked : {true, false}) {
    HttpConnection connection{port()};
    std::string framing = "Content-Length: " + std::to_string(log.size()) + "\r\n\r\n";
    if (chunked) framing = "Transfer-Encoding: chunked\r\n\r\n";
    std::string body = chunked ? chunked_body(log, 50) : log;
    body.resize(body.size() - 3);
    connection.send("POST " + client.target("/log") + " HTTP/1.1\r\nHost: x\r\nContent-Type: " +
                    std::string{log_type} + "\r\n" + framing + body);
    connection.shutdown_send();
    connection.read_to_end();
  }
}

/// How a push arrives; this server takes little at a time.
class PushTransfer : public RunningServer {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--max-push-bytes", "100000", "--max-chunk-bytes", "1000"};
    start(options);
  }

 protected:
  HttpRequest push_request(std::string log) const {
    return {.method = "POST",
            .target = client.target("/log"),
            .body = std::move(log),
            .headers = {{"Content-Type", std::string{log_type}}}};
  }
};

TEST_F(PushTransfer, ChunkedBodiesAndContinueAreTaken) {
  const auto first = new_uuid();
  auto request = push_request(CborLog{}.chunk("a", "x").transaction(first, {"a"}).encode());
  request.framing = BodyFraming::chunked;
  HttpConnection connection{port()};
  EXPECT_EQ(connection.request(request).status, 201U);
  const auto log = CborLog{first, 1}.transaction(new_uuid(), {"a"}).encode();
  connection.send(
      "POST " + client.target("/log") +
      " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: " + std::string{log_type} +
      "; charset=binary\r\nContent-Length: " + std::to_string(log.size()) + "\r\n\r\n");
  EXPECT_EQ(connection.receive_any().status, 100U);
  connection.send(log);
  EXPECT_EQ(connection.receive_any().status, 201U);
}

TEST_F(PushTransfer, BytesMayArriveOneByOne) {
  const auto wire = to_wire(push_request(CborLog{}.transaction(new_uuid(), {}).encode()));
  HttpConnection connection{port()};
  for (const char byte : wire) connection.send({&byte, 1});
  EXPECT_EQ(connection.receive().status, 201U);
}

TEST_F(PushTransfer, MoreBytesThanTheBoundAre413WithIt) {
  CborLog log;
  for (int i = 0; i < 101; ++i) log.chunk("c" + std::to_string(i), std::string(1000, 'x'));
  for (const auto framing : {BodyFraming::length, BodyFraming::chunked}) {
    auto request = push_request(log.encode());
    request.framing = framing;
    const auto response = HttpConnection{port()}.request(request);
    EXPECT_TRUE(is_problem(response, 413));
    EXPECT_EQ(response.json()["limit_bytes"], 100'000);
  }
  EXPECT_EQ(client.summary()["chunks"]["count"], 0);
}

TEST_F(PushTransfer, AChunkBeyondTheBoundIs413WithIt) {
  const auto log = CborLog{}.chunk("a", "x").chunk("large", std::string(1001, 'x')).encode();
  const auto response = client.push(log);
  EXPECT_TRUE(is_problem(response, 413));
  EXPECT_EQ(response.json()["limit_bytes"], 1000);
  EXPECT_EQ(client.get_chunk("a").status, 404U);
}

class PushOfSha256Ids : public RunningServer {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--chunk-ids", "sha256"};
    start(options);
  }
};

TEST_F(PushOfSha256Ids, RefusesAllOthers) {
  const auto sound = sha256_hex("x");
  const auto refused = client.push(CborLog{}.chunk(sound, "x").chunk("a", "x").encode());
  EXPECT_TRUE(is_problem(refused, 400));
  EXPECT_THAT(type_of(refused), HasSubstr("chunk-id-not-sha256"));
  EXPECT_EQ(client.get_chunk(sound).status, 404U);
  const auto log = CborLog{}.chunk(sound, "x").transaction(new_uuid(), {sound}).encode();
  EXPECT_EQ(client.push(log).status, 201U);
}

}  // namespace
}  // namespace mentat_sync
