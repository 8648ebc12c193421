// Black-box: how requests arrive: chunked bodies, 100-continue, pipelines of thousands, pieces, and
// what is not HTTP.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;

class TransferConformance : public RunningServer {
 protected:
  std::string put_line(std::string_view path) const {
    return "PUT " + client.target(path) + " HTTP/1.1\r\nHost: x\r\n";
  }
  std::string get_line(std::string_view path) const {
    return "GET " + client.target(path) + " HTTP/1.1\r\nHost: x\r\n";
  }
  /// What `bytes` are answered with, and that the connection ends after it.
  HttpResponse last_answer_to(const std::string& bytes) const {
    HttpConnection connection{port()};
    connection.send(bytes);
    auto response = connection.receive();
    EXPECT_FALSE(response.keep_alive) << response.status;
    EXPECT_EQ(connection.read_to_end(), "");
    return response;
  }
};

TEST_F(TransferConformance, ChunkedBodiesAreTakenOnEveryPut) {
  HttpConnection connection{port()};
  const auto put = [&](const std::string& path, const std::string& body) {
    return connection
        .request({.method = "PUT",
                  .target = client.target(path),
                  .body = body,
                  .framing = BodyFraming::chunked})
        .status;
  };
  const auto transaction = new_uuid();
  EXPECT_EQ(put("/chunks/a", std::string(100'000, 'x')), 201);
  EXPECT_EQ(put("/chunks/empty", ""), 201);
  EXPECT_EQ(put("/transactions/" + transaction, transaction_body(root_id, {"a", "empty"})), 201);
  EXPECT_EQ(put("/head", head_body(transaction)), 204);
  EXPECT_EQ(client.get_chunk("a").body, std::string(100'000, 'x'));
}

TEST_F(TransferConformance, ChunkExtensionsAndTrailersAreAccepted) {
  HttpConnection connection{port()};
  connection.send(
      put_line("/chunks/a") +
      "Transfer-Encoding: chunked\r\n\r\n4;name=\"v\"\r\nabcd\r\n0\r\nX-Trailer: t\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 201);
  EXPECT_EQ(client.get_chunk("a").body, "abcd");
  connection.send(get_line("/head") + "\r\n");
  EXPECT_EQ(connection.receive().status, 200) << "the connection is usable after a trailer";
}

TEST_F(TransferConformance, BytesMayArriveOneByOne) {
  HttpConnection connection{port()};
  const std::string wire = put_line("/chunks/a") + "Transfer-Encoding: chunked\r\n\r\n" +
                           chunked_body("hello", 2) + put_line("/chunks/b") +
                           "Content-Length: 3\r\n\r\nxyz" + get_line("/chunks/a") + "\r\n";
  for (const char byte : wire) connection.send({&byte, 1});
  EXPECT_EQ(connection.receive().status, 201);
  EXPECT_EQ(connection.receive().status, 201);
  EXPECT_EQ(connection.receive().body, "hello");
}

TEST_F(TransferConformance, ExpectContinueIsAnsweredBeforeTheBody) {
  HttpConnection connection{port()};
  connection.send(put_line("/chunks/a") + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(connection.receive_any().status, 100);
  connection.send("hello");
  EXPECT_EQ(connection.receive_any().status, 201);
  EXPECT_EQ(client.get_chunk("a").body, "hello");
}

TEST_F(TransferConformance, ExpectContinueOfARefusedRequestGetsTheRefusal) {
  HttpConnection connection{port()};
  connection.send(put_line("/chunks/BAD") + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(is_problem(connection.receive_any(), 400));
}

TEST_F(TransferConformance, AnotherExpectationIs417) {
  HttpConnection connection{port()};
  connection.send(put_line("/chunks/a") + "Expect: gold\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_TRUE(is_problem(connection.receive(), 417));
  EXPECT_EQ(client.get_chunk("a").status, 404);
}

TEST_F(TransferConformance, AWaitingClientGetsItsContinueAfterEarlierAnswers) {
  HttpConnection connection{port()};
  connection.send(get_line("/head") + "\r\n" + put_line("/chunks/a") +
                  "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(connection.receive_any().status, 200);
  EXPECT_EQ(connection.receive_any().status, 100);
  connection.send("x");
  EXPECT_EQ(connection.receive_any().status, 201);
}

TEST_F(TransferConformance, ThousandsOfPipelinedReadsAreAnsweredInOrder) {
  constexpr int count = 5000;
  client.put_chunk("a", "x");
  std::string wire;
  for (int i = 0; i < count; ++i) wire += get_line(i % 2 == 0 ? "/chunks/a" : "/head") + "\r\n";
  HttpConnection connection{port()};
  connection.send(wire);
  for (int i = 0; i < count; ++i) {
    const auto response = connection.receive();
    ASSERT_EQ(response.status, 200) << i;
    ASSERT_EQ(response.body == "x", i % 2 == 0) << i;
  }
}

TEST_F(TransferConformance, ThousandsOfPipelinedWritesAreAnsweredInOrderAndRead) {
  constexpr int count = 3000;
  std::string wire;
  for (int i = 0; i < count; ++i) {
    const std::string id = "c" + std::to_string(i);
    wire += to_wire({.method = "PUT", .target = client.target("/chunks/" + id), .body = id});
    if (i % 100 == 99) wire += get_line("/chunks/" + id) + "\r\n";
  }
  HttpConnection connection{port()};
  connection.send(wire);
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(connection.receive().status, 201) << i;
    if (i % 100 == 99) {
      ASSERT_EQ(connection.receive().body, "c" + std::to_string(i)) << "its own write";
    }
  }
  EXPECT_EQ(client.summary()["chunks"]["count"], count);
}

TEST_F(TransferConformance, APipelinedUploadNeedsNoAnswersInBetween) {
  std::string wire;
  std::string parent{root_id};
  const int length = 200;
  for (int i = 0; i < length; ++i) {
    const auto chunk = new_uuid();
    const auto transaction = new_uuid();
    wire += to_wire({.method = "PUT", .target = client.target("/chunks/" + chunk), .body = chunk});
    wire += to_wire({.method = "PUT",
                     .target = client.target("/transactions/" + transaction),
                     .body = transaction_body(parent, {chunk})});
    wire += to_wire(
        {.method = "PUT", .target = client.target("/head"), .body = head_body(transaction)});
    wire += get_line("/head") + "\r\n";
    parent = transaction;
  }
  HttpConnection connection{port()};
  connection.send(wire);
  for (int i = 0; i < length; ++i) {
    for (const unsigned status : {201U, 201U, 204U, 200U})
      ASSERT_EQ(connection.receive().status, status);
  }
  EXPECT_EQ(client.head(), parent);
  EXPECT_EQ(client.transactions().size(), static_cast<std::size_t>(length));
}

TEST_F(TransferConformance, ARefusalInAPipelineDoesNotStopTheRest) {
  HttpConnection connection{port()};
  connection.send(get_line("/chunks/BAD") + "\r\n" + get_line("/nothing") + "\r\n" +
                  get_line("/head") + "\r\n");
  EXPECT_EQ(connection.receive().status, 400);
  EXPECT_EQ(connection.receive().status, 404);
  EXPECT_EQ(connection.receive().status, 200);
}

TEST_F(TransferConformance, AHalfClosedClientGetsAllItsAnswers) {
  HttpConnection connection{port()};
  connection.send(to_wire({.method = "PUT", .target = client.target("/chunks/a"), .body = "x"}) +
                  get_line("/chunks/a") + "\r\n");
  connection.shutdown_send();
  EXPECT_EQ(connection.receive().status, 201);
  EXPECT_EQ(connection.receive().body, "x");
  EXPECT_EQ(connection.read_to_end(), "");
}

TEST_F(TransferConformance, ABodyCutOffIsNotStored) {
  {
    HttpConnection connection{port()};
    connection.send(put_line("/chunks/a") + "Content-Length: 10\r\n\r\nhalf");
    connection.shutdown_send();
    connection.read_to_end();
  }
  {
    HttpConnection connection{port()};
    connection.send(put_line("/chunks/b") + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
    connection.shutdown_send();
    connection.read_to_end();
  }
  EXPECT_EQ(client.get_chunk("a").status, 404);
  EXPECT_EQ(client.get_chunk("b").status, 404);
}

TEST_F(TransferConformance, ConnectionCloseIsHonoured) {
  HttpConnection connection{port()};
  connection.send(get_line("/head") + "Connection: close\r\n\r\n");
  const auto response = connection.receive();
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.keep_alive);
  EXPECT_EQ(connection.read_to_end(), "");
}

TEST_F(TransferConformance, Http10ClosesUnlessAskedToKeep) {
  HttpConnection connection{port()};
  connection.send("GET " + client.target("/head") + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 200);
  connection.send("GET " + client.target("/head") + " HTTP/1.0\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 200);
  EXPECT_EQ(connection.read_to_end(), "");
}

TEST_F(TransferConformance, Http11WithoutExactlyOneHostIs400) {
  const std::string line = "GET " + client.target("/head") + " HTTP/1.1\r\n";
  for (const char* hosts : {"", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n"}) {
    HttpConnection connection{port()};
    connection.send(line + hosts + "\r\n");
    EXPECT_TRUE(is_problem(connection.receive(), 400)) << hosts;
  }
}

TEST_F(TransferConformance, WhatIsNotHttpIs400AndEndsTheConnection) {
  for (const std::string& bytes :
       {std::string{"hello\r\n\r\n"}, std::string{"GET\r\n\r\n"}, std::string{"GET /\r\n\r\n"},
        std::string{"\x16\x03\x01\x02\r\n\r\n"}, std::string{"GET / HTTP/1.1\r\nNo colon\r\n\r\n"},
        std::string{"GET / HTTP/1.1\r\nHost : x\r\n\r\n"},
        put_line("/chunks/a") + "Content-Length: abc\r\n\r\n",
        put_line("/chunks/a") + "Content-Length: -1\r\n\r\n",
        put_line("/chunks/a") + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        put_line("/chunks/a") + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        put_line("/chunks/a") + "Transfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n"}) {
    EXPECT_TRUE(is_problem(last_answer_to(bytes), 400)) << bytes;
  }
  EXPECT_EQ(client.get_chunk("a").status, 404);
}

TEST_F(TransferConformance, AnotherTransferEncodingIsRefused) {
  const auto response = last_answer_to(put_line("/chunks/a") + "Transfer-Encoding: gzip\r\n\r\nx");
  EXPECT_TRUE(response.status == 400 || response.status == 501) << response.status;
  EXPECT_EQ(client.get_chunk("a").status, 404);
}

TEST_F(TransferConformance, HeadersBeyondTheBoundAre431) {
  const auto response =
      last_answer_to(get_line("/head") + "X-Long: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_TRUE(is_problem(response, 431));
}

TEST_F(TransferConformance, AnotherHttpVersionIsRefused) {
  HttpConnection connection{port()};
  connection.send("GET / HTTP/2.0\r\nHost: x\r\n\r\n");
  const auto status = connection.receive().status;
  EXPECT_TRUE(status == 505 || status == 400) << status;
}

TEST_F(TransferConformance, ABodyOfAGetIsReadAndIgnored) {
  HttpConnection connection{port()};
  connection.send(get_line("/head") + "Content-Length: 4\r\n\r\nbody" + get_line("/head") + "\r\n");
  EXPECT_EQ(connection.receive().status, 200);
  EXPECT_EQ(connection.receive().status, 200);
}

TEST_F(TransferConformance, ASilentConnectionDisturbsNobody) {
  HttpConnection silent{port()};
  HttpConnection half{port()};
  half.send("GET / HT");
  client.commit_transaction(root_id);
  EXPECT_TRUE(silent.silent_for(milliseconds{100}));
  half.send("TP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(half.receive().status, 200);
}

}  // namespace
}  // namespace mentat_sync
