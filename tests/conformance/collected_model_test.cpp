// Black-box: thousands of random requests while garbage is collected all the time: nothing
// committed is ever lost, no promise is broken, and every answer can be explained.
// MENTAT_SYNC_MODEL_SEED repeats a run, MENTAT_SYNC_COLLECTED_SECONDS makes it longer.
#include "collected_model.hpp"

#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <random>
#include <thread>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = CollectedModel::Clock;

constexpr std::size_t trace_lines = 60;
constexpr CollectedModel::Rules rules{.abandoned_after = milliseconds{1200},
                                      .lease = milliseconds{1500}};

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : fallback;
}

class Collected : public testing::Test {
 protected:
  static ServerProcessOptions eager() {
    ServerProcessOptions options;
    options.arguments = {"--gc-interval",        "20ms",   "--gc-grace",    "0s",
                         "--gc-abandoned-after", "1200ms", "--chunk-lease", "1500ms"};
    return options;
  }

  std::size_t below(std::size_t bound) { return random() % bound; }
  std::string any_chunk() { return "c" + std::to_string(below(40)); }
  std::vector<std::string> any_chunks(std::size_t most) {
    std::vector<std::string> ids(below(most + 1));
    for (auto& id : ids) id = any_chunk();
    return ids;
  }
  std::string any_transaction() { return transactions[below(transactions.size())]; }

  void step() {
    const std::size_t draw = below(100);
    if (draw < 20) return put_chunk();
    if (draw < 40) return put_transaction();
    if (draw < 50) return put_head();
    if (draw < 65) return push();
    if (draw < 75) return missing();
    if (draw < 95) return get_chunk();
    if (draw < 97) return check("pull", model.pulled(client.pull()));
    // So that leases and transactions come to their ends.
    std::this_thread::sleep_for(milliseconds{below(120)});
  }

  void put_chunk() {
    const auto id = any_chunk();
    const std::string bytes = below(6) == 0 ? "other" : id;
    const auto begun = Clock::now();
    const auto response = client.put_chunk(id, bytes);
    check("PUT " + id + " " + bytes + status(response),
          model.put_chunk(id, bytes, begun, response));
  }

  void put_transaction() {
    if (below(3) == 0) transactions[below(transactions.size())] = new_uuid();
    const auto id = any_transaction();
    const auto parent = below(3) == 0 ? any_transaction() : model.head();
    const CollectedModel::Transaction content{parent, any_chunks(2)};
    const auto begun = Clock::now();
    const auto response = client.put_transaction(id, parent, content.chunks);
    check(
        "PUT transaction " + id + " " + transaction_body(parent, content.chunks) + status(response),
        model.put_transaction(id, content, begun, response));
  }

  void put_head() {
    const auto id = any_transaction();
    const auto response = client.put_head(id);
    check("PUT head " + id + status(response), model.put_head(id, response));
  }

  void push() {
    std::map<std::string, std::string> brought;
    for (const auto& id : any_chunks(3)) brought[id] = below(8) == 0 ? "other" : id;
    std::vector<std::pair<std::string, std::vector<std::string>>> linked;
    for (std::size_t count = below(3); count > 0; --count) {
      linked.emplace_back(new_uuid(), any_chunks(2));
    }
    CborLog log{model.head(), model.seq()};
    for (const auto& [id, bytes] : brought) log.chunk(id, bytes);
    for (const auto& [id, chunks] : linked) log.transaction(id, chunks);
    const auto begun = Clock::now();
    const auto response = client.push(log.encode());
    check(
        "push " + nlohmann::json(brought).dump() + nlohmann::json(linked).dump() + status(response),
        model.push(brought, linked, begun, response));
  }

  void missing() {
    const auto ids = any_chunks(6);
    const auto begun = Clock::now();
    const auto response = client.missing(ids);
    check("missing " + nlohmann::json(ids).dump() + response.body,
          model.missing(ids, begun, response));
  }

  void get_chunk() {
    const auto id = any_chunk();
    const bool tells = below(2) == 0;
    const auto begun = Clock::now();
    const auto response = client.request(tells ? "HEAD" : "GET", "/chunks/" + id);
    check((tells ? "HEAD " : "GET ") + id + status(response),
          model.get_chunk(id, tells, begun, response));
  }

  static std::string status(const HttpResponse& response) {
    const auto problem = response.json();
    return " -> " + std::to_string(response.status) +
           (problem.is_object() ? " " + problem.value("type", "") : "");
  }

  void check(std::string line, const CollectedModel::Wrong& wrong) {
    const auto at = std::chrono::duration_cast<milliseconds>(Clock::now() - began).count();
    trace.push_back(std::to_string(at) + " ms " + std::move(line));
    if (trace.size() > trace_lines) trace.pop_front();
    if (wrong) ADD_FAILURE() << *wrong;
  }

  const std::uint64_t seed = from_environment("MENTAT_SYNC_MODEL_SEED", std::random_device{}());
  const Clock::time_point began = Clock::now();
  std::mt19937_64 random{seed};
  CollectedModel model{rules};
  std::vector<std::string> transactions = std::vector<std::string>(8, new_uuid());
  ServerProcess server{eager()};
  SyncClient client{server.port(), new_uuid()};
  std::deque<std::string> trace;
};

TEST_F(Collected, EveryAnswerCanBeExplainedAndNothingCommittedIsLost) {
  const auto end = began + seconds{from_environment("MENTAT_SYNC_COLLECTED_SECONDS", 12)};
  RecordProperty("seed", std::to_string(seed));
  while (Clock::now() < end && !HasFailure()) step();
  check("pull at the end", model.pulled(client.pull()));
  server.kill();
  server.start();
  check("pull after kill -9", model.pulled(SyncClient{server.port(), client.user()}.pull()));
  EXPECT_GT(model.seq(), 50U) << "too little was committed for this to mean much";
  if (!HasFailure()) return;
  std::cerr << "MENTAT_SYNC_MODEL_SEED=" << seed << ", the last requests:\n";
  for (const auto& line : trace) std::cerr << line << "\n";
}

}  // namespace
}  // namespace mentat_sync
