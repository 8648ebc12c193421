// Black-box: thousands of random requests, every answer compared with LogModel's, with restarts in
// between. MENTAT_SYNC_MODEL_SEED repeats a run, MENTAT_SYNC_MODEL_STEPS makes it longer.
#include "log_model.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <iostream>
#include <optional>
#include <random>

namespace mentat_sync {
namespace {

constexpr std::size_t default_steps = 4000;
constexpr std::size_t trace_lines = 40;
constexpr std::size_t users = 3;
constexpr std::size_t transactions_of_a_user = 24;
constexpr std::size_t most_requests_in_a_burst = 24;

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : fallback;
}

/// A request and what it must be answered with.
struct Step {
  HttpRequest request;
  ExpectedAnswer expected;
};

/// Draws requests from a space so small that repetitions and conflicts are frequent.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {
    for (std::size_t i = 0; i < users; ++i) users_.push_back({.id = seeded_uuid()});
    for (std::size_t i = 0; i < transactions_of_a_user; ++i) transactions_.push_back(seeded_uuid());
    chunks_ = {"a", "b", "c", "d-0", "e-1", "f-2", sha256_hex(""), sha256_hex("x")};
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

  Step next() {
    User& user = users_[below(users_.size())];
    user_ = user.id;
    const std::size_t draw = below(200);
    if (draw < 40) return put_chunk(user.model);
    if (draw < 90) return put_transaction(user);
    if (draw < 120) return put_head(user);
    if (draw < 122) return {asking("DELETE", ""), user.model.delete_user()};
    return query(user.model, draw);
  }

 private:
  struct User {
    std::string id;
    LogModel model = {};
    /// The transaction uploaded last: the most likely to become a parent, or HEAD.
    std::string latest{root_id};
  };

  template <class T>
  const T& any(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  std::string any_transaction() {
    return below(12) == 0 ? std::string{root_id} : any(transactions_);
  }

  std::string seeded_uuid() {
    std::string text = sha256_hex(std::to_string(random_())).substr(0, 32);
    for (const std::size_t position : {8U, 13U, 18U, 23U}) text.insert(position, "-");
    return text;
  }

  HttpRequest asking(std::string method, const std::string& path, std::string body = {}) {
    return {.method = std::move(method),
            .target = "/0.1/" + user_ + path,
            .body = std::move(body),
            .framing = BodyFraming::length};
  }

  Step put_chunk(LogModel& model) {
    const std::string bytes = any(std::vector<std::string>{"", "x", "x", "longer bytes"});
    const auto& id = any(chunks_);
    return {asking("PUT", "/chunks/" + id, bytes), model.put_chunk(id, bytes)};
  }

  Step put_transaction(User& user) {
    const auto id = any_transaction();
    const std::vector<std::string> likely{user.model.head(), user.latest, any_transaction()};
    const auto parent = any(likely);
    std::vector<std::string> chunks;
    for (std::size_t count = below(3); count > 0; --count) chunks.push_back(any(chunks_));
    auto expected = user.model.put_transaction(id, parent, chunks);
    if (expected.statuses.front() == 201) user.latest = id;
    return {asking("PUT", "/transactions/" + id, transaction_body(parent, chunks)), expected};
  }

  Step put_head(User& user) {
    const auto id = below(3) == 0 ? any_transaction() : user.latest;
    auto request = asking("PUT", "/head", head_body(id));
    std::optional<std::string> if_match;
    if (below(4) == 0) {
      if_match = below(2) == 0 ? user.model.head() : any_transaction();
      request.headers.emplace_back("If-Match", '"' + *if_match + '"');
    }
    return {std::move(request), user.model.put_head(id, if_match)};
  }

  Step query(const LogModel& model, std::size_t draw) {
    if (draw < 135) return {asking("GET", "/head"), model.get_head()};
    if (draw < 145) return {asking("GET", ""), model.get_summary()};
    if (draw < 160) {
      const auto& id = any(chunks_);
      return {asking("GET", "/chunks/" + id), model.get_chunk(id)};
    }
    const auto id = any_transaction();
    if (draw < 180) return {asking("GET", "/transactions/" + id), model.get_transaction(id)};
    const std::size_t limit = 1 + below(5);
    return {asking("GET", "/transactions?limit=" + std::to_string(limit) + "&from=" + id),
            model.list(id, limit)};
  }

  std::mt19937_64 random_;
  std::vector<User> users_;
  std::vector<std::string> transactions_;
  std::vector<std::string> chunks_;
  std::string user_;
};

class Model : public testing::Test {
 protected:
  /// Sends `count` requests at once and compares the answers, which must be as if one came after
  /// the other.
  void burst(std::size_t count) {
    std::vector<Step> steps;
    std::string wire;
    for (std::size_t i = 0; i < count; ++i) {
      steps.push_back(generator.next());
      wire += to_wire(steps.back().request);
    }
    connection->send(wire);
    for (const auto& step : steps) check(step, connection->receive());
  }

  void check(const Step& step, const HttpResponse& response) {
    const auto& [request, expected] = step;
    note(request.method + " " + request.target + " " + request.body + " -> " +
         std::to_string(response.status));
    if (const auto difference = expected.difference_from(response)) ADD_FAILURE() << *difference;
    if (response.status < 400) return;
    EXPECT_TRUE(is_problem(response, response.status));
  }

  void restart() {
    connection.reset();
    if (generator.below(2) == 0) {
      note("kill -9");
      server.kill();
    } else {
      note("SIGTERM");
      server.terminate();
    }
    server.start();
    connection.emplace(server.port());
  }

  void note(std::string line) {
    trace.push_back(std::move(line));
    if (trace.size() > trace_lines) trace.pop_front();
  }

  std::string tail() const {
    std::string text = "MENTAT_SYNC_MODEL_SEED=" + std::to_string(seed) + ", the last requests:\n";
    for (const auto& line : trace) text += line + "\n";
    return text;
  }

  const std::uint64_t seed = from_environment("MENTAT_SYNC_MODEL_SEED", std::random_device{}());
  Generator generator{seed};
  ServerProcess server;
  std::optional<HttpConnection> connection{server.port()};
  std::deque<std::string> trace;
};

TEST_F(Model, EveryAnswerIsTheModels) {
  const std::size_t steps = from_environment("MENTAT_SYNC_MODEL_STEPS", default_steps);
  const std::size_t between_restarts = steps / 4 + 1;
  std::size_t next_restart = between_restarts;
  RecordProperty("seed", std::to_string(seed));
  try {
    for (std::size_t done = 0; done < steps && !HasFailure();) {
      const std::size_t count =
          generator.below(4) == 0 ? 1 + generator.below(most_requests_in_a_burst) : 1;
      burst(count);
      done += count;
      if (done < next_restart) continue;
      restart();
      next_restart += between_restarts;
    }
  } catch (const HttpError& error) {
    ADD_FAILURE() << error.what();
  }
  if (HasFailure()) std::cerr << tail();
}

}  // namespace
}  // namespace mentat_sync
