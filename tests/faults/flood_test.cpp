// Faults: floods beyond a dozen limits at once, each from an address of its own, while a client
// that keeps within them is served: each of its requests, with a bound on the server's memory.
#include "flood.hpp"

#include "storage/bounds.hpp"
#include "support/cbor_log.hpp"
#include "support/process_usage.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <thread>

namespace mentat_sync {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
using bounds::KiB;
using bounds::MiB;

constexpr std::uint64_t connections = 128;
constexpr std::size_t connections_per_address = 10;
constexpr std::uint64_t largest_chunk_bytes = 64 * KiB;
constexpr std::uint64_t bodies_bytes = 2 * MiB;
constexpr std::uint64_t user_bytes = 4 * MiB;
constexpr std::chrono::seconds quiet_time{2};
constexpr std::chrono::seconds flood_time{6};
/// Of the good client: fewer requests a second than a user may make.
constexpr std::chrono::milliseconds rest{60};

ServerProcessOptions small_limits() {
  ServerProcessOptions options;
  options.arguments = {"--max-connections",
                       std::to_string(connections),
                       "--max-connections-per-address",
                       std::to_string(connections_per_address),
                       "--max-user-rate",
                       "100",
                       "--max-address-rate",
                       "200",
                       "--max-chunk-bytes",
                       "64KiB",
                       "--max-push-bytes",
                       "1MiB",
                       "--max-bodies-bytes",
                       "2MiB",
                       "--max-json-bytes",
                       "4KiB",
                       "--max-header-bytes",
                       "2KiB",
                       "--max-target-bytes",
                       "512",
                       "--max-user-bytes",
                       "4MiB",
                       "--max-pending-transactions",
                       "100",
                       "--idle-timeout",
                       "5s",
                       "--header-timeout",
                       "2s",
                       "--body-timeout",
                       "2s",
                       "--write-timeout",
                       "2s"};
  return options;
}

/// What the documented bounds add up to beside what a server without clients has: of each
/// connection a buffer to read, a body, answers gathered, one that crosses that bound, and two
/// pieces of a pull; and the bodies in all, twice, as they are decoded.
constexpr std::uint64_t memory_bound =
    connections *
        (bounds::read_buffer_bytes_max + bounds::body_reserve_bytes +
         bounds::pipelined_response_bytes + largest_chunk_bytes + 2 * bounds::log_piece_bytes) +
    2 * bodies_bytes;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
/// Freed memory that a sanitizer keeps for a while, and what it notes of each byte.
constexpr std::uint64_t sanitizer_bytes = 1024 * bounds::MiB;
#else
constexpr std::uint64_t sanitizer_bytes = 0;
#endif

std::string repeat(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string get(const std::string& of, const std::string& path, HttpHeaders headers = {}) {
  return to_wire({.target = "/0.1/" + of + path, .headers = std::move(headers)});
}

std::string put(const std::string& of, const std::string& path, const std::string& body) {
  return to_wire({.method = "PUT", .target = "/0.1/" + of + path, .body = body});
}

/// A push that goes no further: large ones and then ever smaller ones, until what all bodies may
/// hold is full to the last byte.
std::string begun_push(const std::string& of, std::size_t turn) {
  constexpr std::array<std::size_t, 10> sizes{900'000, 900'000, 200'000, 80'000, 16'000,
                                              1'000,   100,     40,      10,     1};
  return "POST /0.1/" + of + "/log HTTP/1.1\r\nHost: h\r\nContent-Type: " + std::string{log_type} +
         "\r\nContent-Length: 1000000\r\n\r\n" + std::string(sizes[turn % sizes.size()], '\xa0');
}

std::string long_poll(const std::string& of) {
  return get(of, "/head",
             {{"Prefer", "wait=3"}, {"If-None-Match", "\"" + std::string{root_id} + "\""}});
}

class Floods : public RunningServer {
 public:
  static void SetUpTestSuite() { start(small_limits()); }

 protected:
  struct Phase {
    std::vector<Milliseconds> latencies;  // Sorted in the end.
    std::uint64_t memory_bytes = 0;

    Milliseconds median() const { return latencies.at(latencies.size() / 2); }
    Milliseconds longest() const { return latencies.back(); }
  };

  void SetUp() override {
    fill(pulled_user);
    fill(read_user);
  }
  void fill(const std::string& big_user);
  std::vector<FloodPlan> plans() const;
  std::vector<FloodPlan> plans_against_connections() const;
  std::vector<FloodPlan> plans_against_rates_and_room() const;
  std::vector<FloodPlan> plans_that_read_nothing() const;

  /// The good client at work for so long.
  Phase work(std::chrono::seconds duration);
  void work_once(Phase& phase);
  void timed(Phase& phase, unsigned expected, const std::function<HttpResponse()>& request);

  pid_t pid() const { return server().process().pid(); }

  // With much to read; one for each flood that reads, for each has a rate.
  const std::string pulled_user = new_uuid();
  const std::string read_user = new_uuid();
  std::string head{root_id};
};

/// Somewhat below the quota.
void Floods::fill(const std::string& big_user) {
  SyncClient big{port(), big_user};
  CborLog log;
  for (int pushed = 0; pushed < 4; ++pushed) {
    for (int i = 0; i < 12; ++i) {
      const std::string id = "big-" + std::to_string(pushed * 12 + i);
      log.chunk(id, std::string(60'000, 'x')).transaction(new_uuid(), {id});
    }
    ASSERT_EQ(big.push(log.encode()).status, 201U);
    log = CborLog{log.head(), static_cast<std::uint64_t>(12 * (pushed + 1))};
  }
}

std::vector<FloodPlan> Floods::plans_against_connections() const {
  const std::string watched = user;
  return {
      {.name = "more connections than one address may have, all silent",
       .connections = 4 * connections_per_address,
       .refusals = {503},
       .pause = std::chrono::milliseconds{50}},
      {.name = "headers that trickle",
       .opening = [] { return "GET /0.1/"; },
       .more = [] { return "x"; },
       .refusals = {408, Flood::connection_ended},
       .pause = std::chrono::milliseconds{50}},
      {.name = "bodies half sent, beyond what all may hold",
       .opening = [of = user, turn = std::size_t{0}]() mutable { return begun_push(of, turn++); },
       .refusals = {408},
       .pause = std::chrono::milliseconds{50}},
      {.name = "event streams",
       .opening = [watched] { return get(watched, "/events"); },
       .refusals = {}},
      // One is asked; who sends on and on behind it is cut off.
      {.name = "long polls, pipelined",
       .more = [] { return repeat(long_poll(new_uuid()), bounds::pipelined_requests); },
       .refusals = {Flood::connection_ended}},
  };
}

std::vector<FloodPlan> Floods::plans_against_rates_and_room() const {
  return {
      {.name = "one user beyond its rate",
       .more = [of = new_uuid()] { return repeat(get(of, "/head"), 20); },
       .refusals = {429}},
      {.name = "one address beyond its rate, a new user each time",
       .more = [] { return get(new_uuid(), "/head") + get(new_uuid(), "/transactions"); },
       .refusals = {429}},
      {.name = "targets, headers and bodies that are too large",
       .opening =
           [turn = 0, of = new_uuid()]() mutable {
             switch (turn++ % 3) {
               case 0:
                 return get(of, "/transactions?from=" + std::string(600, '0'));
               case 1:
                 return get(of, "/head", {{"X-Long", std::string(4000, 'x')}});
               default:
                 return put(of, "/chunks/" + new_uuid(), std::string(80'000, 'x'));
             }
           },
       .refusals = {413, 414, 431},
       .pause = std::chrono::milliseconds{30}},
      {.name = "pending transactions beyond their bound",
       .more =
           [of = new_uuid()] {
             return put(of, "/transactions/" + new_uuid(), transaction_body(root_id, {}));
           },
       .refusals = {201, 507}},
      {.name = "chunks beyond the quota",
       .more =
           [of = new_uuid()] { return put(of, "/chunks/" + new_uuid(), std::string(60'000, 'x')); },
       .refusals = {201, 507},
       .pause = std::chrono::milliseconds{30}},
  };
}

std::vector<FloodPlan> Floods::plans_that_read_nothing() const {
  return {
      // Who sends nothing more is not told of the end: it comes after what is not read.
      {.name = "pulls that are not read",
       .more = [of = pulled_user] { return get(of, "/log"); },
       .reads = false,
       .refusals = {Flood::connection_ended},
       .pause = std::chrono::milliseconds{50}},
      {.name = "chunks asked for by the dozen, and not read",
       .more = [of = read_user] { return repeat(get(of, "/chunks/big-7"), 64); },
       .reads = false,
       .refusals = {Flood::connection_ended}},
  };
}

std::vector<FloodPlan> Floods::plans() const {
  std::vector<FloodPlan> all;
  for (auto part :
       {plans_against_connections(), plans_against_rates_and_room(), plans_that_read_nothing()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void Floods::timed(Phase& phase, unsigned expected, const std::function<HttpResponse()>& request) {
  const auto start = Clock::now();
  const HttpResponse response = request();
  phase.latencies.push_back(Clock::now() - start);
  ASSERT_EQ(response.status, expected) << response.body;
}

void Floods::work_once(Phase& phase) {
  const std::string id = new_uuid();
  timed(phase, 201, [&] { return client.put_chunk("c-" + id, "chunk of " + id); });
  timed(phase, 201, [&] { return client.put_transaction(id, head, {"c-" + id}); });
  timed(phase, 204, [&] { return client.put_head(id); });
  head = id;
  timed(phase, 200, [&] { return client.get("/head"); });
  EXPECT_EQ(client.head(), head);
  // A new connection finds room, too.
  timed(phase, 200, [&] { return one_shot(port(), {.target = client.target("/chunks/c-" + id)}); });
}

Floods::Phase Floods::work(std::chrono::seconds duration) {
  Phase phase;
  const auto end = Clock::now() + duration;
  while (Clock::now() < end && !HasFailure()) {
    work_once(phase);
    phase.memory_bytes = std::max(phase.memory_bytes, own_memory_bytes(pid()));
    std::this_thread::sleep_for(rest);
  }
  std::sort(phase.latencies.begin(), phase.latencies.end());
  return phase;
}

TEST_F(Floods, BeyondADozenLimitsAtOnceLeaveOthersServed) {
  Phase quiet = work(quiet_time);
  const std::size_t quiet_files = open_files(pid());
  Phase flooded;
  {
    std::deque<Flood> floods;
    int last_byte = 10;
    for (auto& plan : plans()) {
      floods.emplace_back(port(), "127.0.0." + std::to_string(last_byte++), std::move(plan));
    }
    flooded = work(flood_time);
    for (const Flood& flood : floods) {
      std::printf("%s: %s\n", flood.plan().name.c_str(), flood.summary().c_str());
      for (const unsigned refusal : flood.plan().refusals) {
        EXPECT_GT(flood.seen(refusal), 0U) << refusal << " never seen by: " << flood.plan().name;
      }
    }
  }
  std::printf("requests %zu; ms quiet: %.1f (median) %.1f (max), flooded: %.1f %.1f\n",
              quiet.latencies.size() + flooded.latencies.size(), quiet.median().count(),
              quiet.longest().count(), flooded.median().count(), flooded.longest().count());
  std::printf("memory MiB quiet: %.1f, flooded: %.1f, bound: %.1f\n",
              static_cast<double>(quiet.memory_bytes) / MiB,
              static_cast<double>(flooded.memory_bytes) / MiB,
              static_cast<double>(quiet.memory_bytes + memory_bound) / MiB);
  EXPECT_LT(flooded.median(), 50 * quiet.median() + Milliseconds{200});
  EXPECT_LT(flooded.memory_bytes, quiet.memory_bytes + memory_bound + sanitizer_bytes);

  const auto patience = Clock::now() + std::chrono::seconds{30};
  while (open_files(pid()) > quiet_files && Clock::now() < patience) work(std::chrono::seconds{1});
  EXPECT_LE(open_files(pid()), quiet_files);
}

}  // namespace
}  // namespace mentat_sync
