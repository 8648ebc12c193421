// Black-box: thousands of random requests, every answer compared with LogModel's, with restarts in
// between. MENTAT_SYNC_MODEL_SEED repeats a run, MENTAT_SYNC_MODEL_STEPS makes it longer.
#include "log_model.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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
constexpr std::size_t chunks_of_a_long_list = 1500;

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
    const std::size_t draw = below(260);
    if (draw < 40) return put_chunk(user.model);
    if (draw < 90) return put_transaction(user);
    if (draw < 120) return put_head(user);
    if (draw < 122) return {asking("DELETE", ""), user.model.delete_user()};
    if (draw < 200) return query(user.model, draw);
    if (draw < 225) return push(user);
    if (draw < 240) return find_missing(user.model);
    return pull(user.model);
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

  /// Few, and now and then very many.
  std::vector<std::string> any_chunks() {
    std::vector<std::string> chunks(below(60) == 0 ? chunks_of_a_long_list : below(3));
    for (auto& chunk : chunks) chunk = any(chunks_);
    return chunks;
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
    const auto chunks = any_chunks();
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

  Step push(User& user) {
    LogPush push{.base = below(4) == 0 ? any_transaction() : user.model.head()};
    for (std::size_t count = below(4); count > 0; --count) {
      const auto& id = any(chunks_);
      const auto known =
          std::ranges::count(push.chunks, id, &decltype(push.chunks)::value_type::first);
      if (known > 0) continue;
      const auto bytes = below(5) == 0 ? "x" : user.model.bytes_of(id).value_or("x");
      push.chunks.emplace_back(id, id == sha256_hex("") && below(9) > 0 ? "" : bytes);
    }
    for (std::size_t count = below(4); count > 0; --count) {
      push.transactions.push_back({any(transactions_), any_chunks()});
    }
    auto request = asking("POST", "/log", encoded(push, user.model));
    request.headers.emplace_back("Content-Type", log_type);
    auto expected = user.model.push(push);
    if (expected.statuses.front() < 300) user.latest = user.model.head();
    return {std::move(request), std::move(expected)};
  }

  static std::string encoded(const LogPush& push, const LogModel& model) {
    CborLog log{push.base, model.seq_of(push.base)};
    for (const auto& [id, bytes] : push.chunks) log.chunk(id, bytes);
    for (const auto& [id, chunks] : push.transactions) log.transaction(id, chunks);
    return log.encode();
  }

  Step find_missing(const LogModel& model) {
    const auto chunks = any_chunks();
    return {asking("POST", "/missing", nlohmann::json{{"chunks", chunks}}.dump()),
            model.find_missing(chunks)};
  }

  Step pull(const LogModel& model) {
    const LogPull pull{.from = below(2) == 0 ? model.head() : any_transaction(),
                       .limit = 1 + below(12),
                       .max_bytes = 1 + below(30)};
    return {asking("GET", "/log?from=" + pull.from + "&limit=" + std::to_string(pull.limit) +
                              "&max_bytes=" + std::to_string(pull.max_bytes)),
            model.pull(pull)};
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
    const bool is_text = request.method != "POST" || request.headers.empty();
    const std::string body = is_text ? request.body.substr(0, 200) : read_as_text(request.body);
    note(request.method + " " + request.target + " " + body + " -> " +
         std::to_string(response.status));
    if (const auto difference = expected.difference_from(response)) ADD_FAILURE() << *difference;
    if (response.status < 400) return;
    EXPECT_TRUE(is_problem(response, response.status));
  }

  static std::string read_as_text(const std::string& log) {
    return comparable(read_log(log)).dump().substr(0, 1000);
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
