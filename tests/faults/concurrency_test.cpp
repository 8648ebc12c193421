// Faults: many users at once, and connections that only take up room.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace mentat_sync {
namespace {

constexpr std::size_t connections = 64;
constexpr int transactions_of_each = 10;

std::string bytes_of(const std::string& chunk, int index) {
  return chunk + std::string(static_cast<std::size_t>(index) * 500, 'x');
}

/// One user's upload over a connection of its own.
struct Upload {
  std::string user = new_uuid();
  std::vector<std::string> transactions = {};

  void run(std::uint16_t port) {
    SyncClient client{port, user};
    std::string parent{root_id};
    for (int i = 0; i < transactions_of_each; ++i) {
      const auto chunk = new_uuid();
      EXPECT_EQ(client.put_chunk(chunk, bytes_of(chunk, i)).status, 201U);
      transactions.push_back(new_uuid());
      EXPECT_EQ(client.put_transaction(transactions.back(), parent, {chunk}).status, 201U);
      EXPECT_EQ(client.put_head(transactions.back()).status, 204U);
      parent = transactions.back();
    }
  }

  void expect_readable(std::uint16_t port) const {
    SyncClient client{port, user};
    EXPECT_EQ(client.transactions(), transactions);
    for (int i = 0; i < transactions_of_each; ++i) {
      const auto id = transactions[static_cast<std::size_t>(i)];
      const auto chunk = client.get_transaction(id).json()["chunks"][0].get<std::string>();
      EXPECT_EQ(client.get_chunk(chunk).body, bytes_of(chunk, i));
    }
  }
};

class Concurrency : public RunningServer {};

TEST_F(Concurrency, EverythingAcknowledgedToManyConnectionsIsReadable) {
  std::vector<Upload> uploads(connections);
  {
    std::vector<std::jthread> threads;
    for (auto& upload : uploads) {
      threads.emplace_back([&upload] {
        try {
          upload.run(port());
        } catch (const HttpError& error) {
          ADD_FAILURE() << error.what();
        }
      });
    }
  }
  for (const auto& upload : uploads) upload.expect_readable(port());
}

TEST_F(Concurrency, HundredsOfSilentConnectionsDisturbNobody) {
  std::vector<HttpConnection> silent;
  for (int i = 0; i < 400; ++i) silent.emplace_back(port());
  for (auto& connection : silent) connection.send("PUT /0.1/");
  const auto first = client.commit_transaction(root_id);
  EXPECT_EQ(client.head(), first);
}

TEST_F(Concurrency, ManyShortConnectionsInARow) {
  client.put_chunk("a", "x");
  const HttpRequest request{.target = client.target("/chunks/a")};
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(one_shot(port(), request).body, "x") << i;
}

TEST_F(Concurrency, AClientThatNeverReadsDisturbsNobody) {
  client.put_chunk("large", std::string(std::size_t{1} << 20, 'x'));
  HttpConnection greedy{port(), std::chrono::milliseconds{500}};
  std::string wire;
  for (int i = 0; i < 100; ++i) {
    wire += to_wire({.target = client.target("/chunks/large")});
  }
  // 100 MiB of answers to a client that takes none of them: they must not pile up.
  ASSERT_TRUE(greedy.send(wire));
  for (int i = 0; i < 20; ++i) client.add_transaction(root_id);
  EXPECT_EQ(client.get_chunk("large").status, 200U);
}

TEST_F(Concurrency, ManyUsersTakeTurnsOnOneConnection) {
  HttpConnection connection{port()};
  std::vector<std::string> users;
  std::string wire;
  for (int i = 0; i < 500; ++i) {
    users.push_back(new_uuid());
    wire += to_wire(
        {.method = "PUT", .target = "/0.1/" + users.back() + "/chunks/a", .body = users.back()});
  }
  connection.send(wire);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(connection.receive().status, 201U);
  for (const auto& id : users) ASSERT_EQ((SyncClient{port(), id}.get_chunk("a").body), id);
}

}  // namespace
}  // namespace mentat_sync
