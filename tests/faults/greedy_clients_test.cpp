// Faults: clients that ask for more than they take, or ask and go away.
#include "support/cbor_log.hpp"
#include "support/process_usage.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

constexpr std::uint64_t MiB = 1024 * 1024;

class GreedyClients : public RunningServer {
 protected:
  std::string long_poll(const std::string& head) const {
    return to_wire({.target = "/0.1/" + user + "/head",
                    .headers = {{"Prefer", "wait=50"}, {"If-None-Match", "\"" + head + "\""}}});
  }
};

TEST_F(GreedyClients, WhoPipelinesPullsAndReadsNoneHasButAFewOfThemMade) {
  const std::string big(4 * MiB, 'x');
  ASSERT_EQ(
      client.push(CborLog{}.chunk("big", big).transaction(new_uuid(), {"big"}).encode()).status,
      201U);
  std::string pulls;
  for (int i = 0; i < 64; ++i) pulls += to_wire({.target = "/0.1/" + user + "/log"});
  const auto before = own_memory_bytes(server().process().pid());
  std::vector<HttpConnection> greedy;
  for (int i = 0; i < 4; ++i) {
    greedy.emplace_back(port());
    greedy.back().send(pulls);
  }
  std::this_thread::sleep_for(std::chrono::seconds{1});
  EXPECT_EQ(client.get("/head").status, 200U) << "others are served";
  const auto after = own_memory_bytes(server().process().pid());
  // Each connection may hold some pieces of 4 MiB; 64 each would be a gigabyte.
  EXPECT_LT(after - std::min(before, after), 200 * MiB);
}

TEST_F(GreedyClients, ALongPollEndsWithTheClientThatAskedForIt) {
  HttpConnection gone{port()};
  gone.send(long_poll(std::string{root_id}));
  ASSERT_TRUE(gone.silent_for(std::chrono::milliseconds{300}));
  gone.shutdown_send();
  EXPECT_EQ(gone.read_to_end(), "") << "closed at once, long before the wait is over";
}

TEST_F(GreedyClients, AnEventStreamEndsWithTheClientThatAskedForIt) {
  for (const char* connection : {"keep-alive", "close"}) {
    HttpConnection gone{port()};
    gone.send(
        to_wire({.target = "/0.1/" + user + "/events", .headers = {{"Connection", connection}}}));
    gone.shutdown_send();
    EXPECT_NE(gone.read_to_end().find("event: head"), std::string::npos) << connection;
  }
}

}  // namespace
}  // namespace mentat_sync
