// A store and a server for each number of users, all on one processor; who is not asked takes none
// of it. They are loaded in turn, round after round.
#include "bench/scale_users.hpp"

#include "bench/each_user.hpp"
#include "bench/figures.hpp"
#include "bench/get_load.hpp"
#include "bench/http_load.hpp"
#include "bench/pinned_server.hpp"
#include "bench/text_plot.hpp"
#include "storage/cbor_log.hpp"
#include "support/sync_client.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>
#include <string>

namespace mentat_sync {
namespace {

/// Who is asked for, at most: each of the load's connections keeps a list of them.
constexpr std::size_t asked_at_most = 16'384;
constexpr std::size_t chunk_bytes = 100;

/// A transaction of one chunk, as a push.
std::string small_log() {
  const auto id = TransactionId::parse(new_uuid()).value();
  const auto chunk = ChunkId::parse(new_uuid()).value();
  std::string log;
  append_cbor(log, LogHeader{{}, id});
  append_cbor(log, LogChunk{chunk, std::string(chunk_bytes, 'x')});
  append_cbor(log, LogTransaction{id, 1, {}, {chunk}});
  append_cbor(log,
              LogTrailer{.next = id, .transactions = 1, .chunks = 1, .chunk_bytes = chunk_bytes});
  return log;
}

std::vector<std::string> fill(const std::filesystem::path& store, std::size_t count) {
  // So many users at once would be refused: those who are done must leave.
  PinnedServer server{store, {"--passivate-after", "1s"}};
  std::vector<std::string> users(count);
  std::ranges::generate(users, new_uuid);
  Timing filling;
  filling.time([&] {
    for_each_user(server.port(), users,
                  [](LeanClient& client) { client.post_log(small_log(), 201); });
  });
  std::printf("filling a store by a push of each of %zu users: %.1f s\n", count,
              filling.ms.front() / 1000);
  server.end();
  return users;
}

/// Spread over all of `users`, in no order.
std::vector<std::string> choose(const std::vector<std::string>& users) {
  const std::size_t count = std::min(users.size(), asked_at_most);
  std::vector<std::string> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(users[i * users.size() / count]);
  std::ranges::shuffle(chosen, std::mt19937_64{1});
  return chosen;
}

/// One kind of request, round after round.
struct Series {
  std::vector<double> a_second = {};
  std::vector<double> p50_ms = {};
  std::vector<double> p99_ms = {};

  template <class Figures>
  void add(double answers_a_second, const Figures& figures) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    a_second.push_back(answers_a_second);
    p50_ms.push_back(Milliseconds{figures.p50}.count());
    p99_ms.push_back(Milliseconds{figures.p99}.count());
  }
};

class Crowd {
 public:
  Crowd(const ScaleOptions& options, std::size_t users)
      : users_(users), asked_(choose(fill(users_store(options, users), users))) {
    // Another process than the one that was filled: with the memory of that, it would not begin
    // as the others do.
    server_ = std::make_unique<PinnedServer>(users_store(options, users));
  }

  void measure(std::chrono::duration<double> time) {
    const PutFigures put = put_chunks(
        {.port = server_->port(), .chunk_bytes = chunk_bytes, .time = time, .users = asked_});
    puts_.add(put.acknowledged_a_second, put);
    GetLoad load;
    load.port = server_->port();
    load.time = time;
    for (const auto& user : asked_) load.targets.push_back("/0.1/" + user + "/head");
    const GetFigures got = get_all(load);
    gets_.add(got.answers_a_second, got);
  }

  std::size_t users() const { return users_; }
  const Series& puts() const { return puts_; }
  const Series& gets() const { return gets_; }
  void end() { server_->end(); }

 private:
  std::size_t users_;
  std::vector<std::string> asked_;
  std::unique_ptr<PinnedServer> server_;
  Series puts_;
  Series gets_;
};

void print_table(const char* title, const std::vector<Crowd>& crowds,
                 const Series& (Crowd::*series)() const) {
  std::printf("%s; ratios to %zu users\n", title, crowds.front().users());
  std::vector<PlotPoint> points;
  const double yardstick = median((crowds.front().*series)().a_second);
  for (const Crowd& crowd : crowds) {
    const Series& own = (crowd.*series)();
    const double value = median(own.a_second);
    std::printf("  %9zu users %10.0f /s %6.2f x    p50 %8.3f ms    p99 %8.3f ms\n", crowd.users(),
                value, value / yardstick, median(own.p50_ms), median(own.p99_ms));
    points.push_back({crowd.users(), yardstick / value});
  }
  // As everywhere, a longer bar is a higher cost.
  std::printf("%s", text_plot("users; the time that one takes, as a ratio", points).c_str());
}

}  // namespace

void measure_users(const ScaleOptions& options) {
  std::printf("\n2. The number of users: 64 connections, %.1f s each in a round\n",
              options.seconds);
  std::vector<Crowd> crowds;
  for (const std::size_t users : user_steps(options)) crowds.emplace_back(options, users);
  for (unsigned round = 0; round < options.rounds; ++round) {
    for (Crowd& crowd : crowds) crowd.measure(std::chrono::duration<double>{options.seconds});
  }
  print_table("durable PUT of chunks of 100 bytes, of users all over the store", crowds,
              &Crowd::puts);
  print_table("GET of head, of users all over the store", crowds, &Crowd::gets);
  for (Crowd& crowd : crowds) crowd.end();
}

}  // namespace mentat_sync
