// Faults: clients that race for one user over separate connections. Exactly one wins each step, and
// the log is exactly the winners' chain.
#include "parallel.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <barrier>
#include <set>

namespace mentat_sync {
namespace {

constexpr std::size_t clients = 8;

class Race : public RunningServer {
 protected:
  SyncClient another_connection() const { return {port(), user}; }

  /// Every transaction of the log follows the one before it, and its chunks can be read.
  void expect_consistent_log() {
    std::string parent{root_id};
    std::size_t seq = 0;
    for (const auto& id : client.transactions()) {
      const auto transaction = client.get_transaction(id).json();
      EXPECT_EQ(transaction["parent"], parent);
      EXPECT_EQ(transaction["seq"], ++seq);
      for (const auto& chunk : transaction["chunks"]) {
        EXPECT_EQ(client.get_chunk(chunk.get<std::string>()).status, 200U);
      }
      parent = id;
    }
    EXPECT_EQ(client.head(), parent);
  }
};

TEST_F(Race, ExactlyOneClientAdvancesHeadInEachStep) {
  constexpr std::size_t steps = 25;
  std::barrier<> start{static_cast<std::ptrdiff_t>(clients)};
  struct Attempt {
    std::string id;
    HttpResponse response;
  };
  std::vector<std::vector<Attempt>> attempts(steps, std::vector<Attempt>(clients));
  in_parallel(clients, [&](std::size_t index) {
    StartLine line{start};
    auto mine = another_connection();
    for (auto& step : attempts) {
      step[index].id = mine.add_transaction(mine.head());
      line.wait();
      step[index].response = mine.put_head(step[index].id);
      line.wait();
    }
  });

  std::vector<std::string> winners;
  for (const auto& step : attempts) {
    for (const auto& [id, response] : step) {
      if (response.status == 204) winners.push_back(id);
    }
    ASSERT_EQ(winners.size(), static_cast<std::size_t>(&step - attempts.data()) + 1);
    for (const auto& [id, response] : step) {
      if (id == winners.back()) continue;
      EXPECT_TRUE(is_head_refusal(response, 409, winners.back()));
    }
  }
  EXPECT_EQ(client.transactions(), winners);
  expect_consistent_log();
}

TEST_F(Race, FreeRunningClientsAllGetTheirTurnByRebasing) {
  constexpr std::size_t commits_of_each = 10;
  std::vector<std::vector<std::string>> committed(clients);
  in_parallel(clients, [&](std::size_t index) {
    auto mine = another_connection();
    std::string parent = mine.head();
    while (committed[index].size() < commits_of_each) {
      const auto id = mine.add_transaction(parent);
      const auto response = mine.put_head(id);
      if (response.status == 204) {
        committed[index].push_back(id);
        parent = id;
        continue;
      }
      ASSERT_EQ(response.status, 409U) << response.body;
      parent = response.json().value("current_head", "");
    }
  });

  std::set<std::string> all;
  for (const auto& ids : committed) all.insert(ids.begin(), ids.end());
  const auto log = client.transactions();
  EXPECT_EQ(log.size(), clients * commits_of_each);
  EXPECT_EQ(std::set<std::string>(log.begin(), log.end()), all);
  expect_consistent_log();
}

TEST_F(Race, OneContentOfATransactionWins) {
  for (std::size_t i = 0; i < clients; ++i) client.put_chunk("c" + std::to_string(i), "x");
  const auto id = new_uuid();
  std::barrier<> start{static_cast<std::ptrdiff_t>(clients)};
  std::vector<unsigned> statuses(clients);
  in_parallel(clients, [&](std::size_t index) {
    StartLine line{start};
    auto mine = another_connection();
    line.wait();
    statuses[index] = mine.put_transaction(id, root_id, {"c" + std::to_string(index)}).status;
  });

  const auto winner = std::find(statuses.begin(), statuses.end(), 201U);
  ASSERT_NE(winner, statuses.end());
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 409U),
            static_cast<std::ptrdiff_t>(clients) - 1);
  ASSERT_EQ(client.put_head(id).status, 204U);
  EXPECT_EQ(client.get_transaction(id).json()["chunks"][0],
            "c" + std::to_string(winner - statuses.begin()));
}

TEST_F(Race, OneContentOfAChunkWins) {
  std::barrier<> start{static_cast<std::ptrdiff_t>(clients)};
  std::vector<unsigned> statuses(clients);
  in_parallel(clients, [&](std::size_t index) {
    StartLine line{start};
    auto mine = another_connection();
    line.wait();
    statuses[index] = mine.put_chunk("contested", std::to_string(index)).status;
  });

  const auto winner = std::find(statuses.begin(), statuses.end(), 201U);
  ASSERT_NE(winner, statuses.end());
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 409U),
            static_cast<std::ptrdiff_t>(clients) - 1);
  EXPECT_EQ(client.get_chunk("contested").body, std::to_string(winner - statuses.begin()));
}

TEST_F(Race, IdenticalUploadsAllSucceed) {
  client.put_chunk("a", "x");
  const auto id = new_uuid();
  in_parallel(clients, [&](std::size_t) {
    auto mine = another_connection();
    EXPECT_EQ(mine.put_chunk("same", "bytes").status, 201U);
    EXPECT_EQ(mine.put_transaction(id, root_id, {"a"}).status, 201U);
  });
  EXPECT_EQ(client.put_head(id).status, 204U);
}

TEST_F(Race, DeletesAmongUploadsLeaveAConsistentLog) {
  in_parallel(clients, [&](std::size_t index) {
    auto mine = another_connection();
    for (int round = 0; round < 30; ++round) {
      if (index == 0) {
        EXPECT_EQ(mine.delete_user().status, 204U);
        continue;
      }
      const auto chunk = new_uuid();
      const auto id = new_uuid();
      EXPECT_EQ(mine.put_chunk(chunk, "x").status, 201U);
      const auto linked = mine.put_transaction(id, mine.head(), {chunk}).status;
      EXPECT_TRUE(linked == 201 || linked == 404 || linked == 409) << linked;
      const auto moved = mine.put_head(id).status;
      EXPECT_TRUE(moved == 204 || moved == 409) << moved;
    }
  });
  expect_consistent_log();
  EXPECT_EQ(client.delete_user().status, 204U);
  EXPECT_EQ(client.summary()["chunks"]["count"], 0);
}

}  // namespace
}  // namespace mentat_sync
