// A server of its own for each round: memory that is left over from another would hide what is new.
#include "bench/scale_idle.hpp"

#include "bench/each_user.hpp"
#include "bench/figures.hpp"
#include "bench/idle_connections.hpp"
#include "bench/pinned_server.hpp"
#include "support/process_usage.hpp"
#include "support/sync_client.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

/// Files that this process, and the server, have open besides the connections.
constexpr std::size_t other_files = 200;
/// What the first ones make room for once is no cost of each.
constexpr std::size_t first_ones = 100;
/// How often as many other users come and go, for what stays of each to add up.
constexpr std::size_t further_crowds = 4;

void settle() {
  std::this_thread::sleep_for(std::chrono::milliseconds{500});
}

double memory(PinnedServer& server) {
  settle();
  return static_cast<double>(own_memory_bytes(server.pid()));
}

/// In percent of one processor.
double idle_percent(PinnedServer& server, double seconds) {
  settle();
  const auto before = processor_time(server.pid());
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>{seconds});
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return 100 * (processor_time(server.pid()) - before).count() / time.count();
}

struct ConnectionFigures {
  std::vector<double> alone_percent = {};
  std::vector<double> percent = {};
  std::vector<double> bytes_each = {};
  std::vector<double> left_each = {};
};

void open(IdleConnections& connections, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    connections.open("/0.1/" + new_uuid() + "/head", "\"}");
  }
}

void measure_connections(const ScaleOptions& options, std::size_t count,
                         ConnectionFigures& figures) {
  const std::string allowed = std::to_string(count + other_files);
  PinnedServer server{
      options.stores() / "idle-connections",
      {"--max-connections", allowed, "--max-connections-per-address", "0", "--idle-timeout", "1h"}};
  figures.alone_percent.push_back(idle_percent(server, options.idle_seconds));
  IdleConnections connections{server.port()};
  open(connections, first_ones);
  connections.close_all();
  const double before = memory(server);
  open(connections, count);
  const auto number = static_cast<double>(count);
  figures.bytes_each.push_back((memory(server) - before) / number);
  figures.percent.push_back(idle_percent(server, options.idle_seconds));
  connections.close_all();
  figures.left_each.push_back((memory(server) - before) / number);
  server.end();
}

/// How many user actors the server has.
std::size_t live_users(PinnedServer& server) {
  const std::string metrics = one_shot(server.port(), {.target = "/metrics"}).body;
  constexpr std::string_view name = "\nmentat_sync_actors_live_users ";
  const auto at = metrics.find(name);
  if (at == std::string::npos) throw std::runtime_error{"no such metric: " + metrics};
  return static_cast<std::size_t>(std::stod(metrics.substr(at + name.size(), 20)));
}

/// Long enough for `count` users to do something before the first of them is passivated.
std::chrono::milliseconds passivation_of(std::size_t count) {
  return std::chrono::milliseconds{1'500 + count / 2};
}

/// One durable PUT of each of `count` new users.
void wake(PinnedServer& server, std::size_t count) {
  std::vector<std::string> users(count);
  std::ranges::generate(users, new_uuid);
  for_each_user(server.port(), users,
                [](LeanClient& client) { client.put("/chunks/a", "a", 201); });
}

void await_passivation(PinnedServer& server, std::size_t count) {
  const auto end = std::chrono::steady_clock::now() + 10 * passivation_of(count);
  while (live_users(server) != 0) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error{"actors do not leave"};
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
}

struct ActorFigures {
  std::vector<double> bytes_each = {};
  /// After the first users, and what each of others after them added.
  std::vector<double> left_each = {};
  std::vector<double> added_each = {};
};

/// Bytes of memory while the actors of `count` new users live.
double memory_with_actors(PinnedServer& server, std::size_t count) {
  wake(server, count);
  const double bytes = memory(server);
  if (live_users(server) != count) throw std::runtime_error{"some actors left too early"};
  return bytes;
}

void measure_actors(const ScaleOptions& options, ActorFigures& figures) {
  const std::string passivation = std::to_string(passivation_of(options.idle).count()) + "ms";
  PinnedServer server{options.stores() / "idle-actors", {"--passivate-after", passivation}};
  wake(server, first_ones);
  await_passivation(server, options.idle);
  const auto number = static_cast<double>(options.idle);
  const double before = memory(server);
  figures.bytes_each.push_back((memory_with_actors(server, options.idle) - before) / number);
  await_passivation(server, options.idle);
  const double after = memory(server);
  figures.left_each.push_back((after - before) / number);
  for (std::size_t i = 0; i < further_crowds; ++i) {
    wake(server, options.idle);
    await_passivation(server, options.idle);
  }
  figures.added_each.push_back((memory(server) - after) / number / further_crowds);
  server.end();
}

/// Of many, once: as many users as `options.actors`, all alive at the same time.
double bytes_of_each_of_many(const ScaleOptions& options) {
  // Far from the bound, where those who do nothing would leave for who comes.
  const std::string count = std::to_string(2 * (options.actors + first_ones));
  PinnedServer server{options.stores() / "many-actors",
                      {"--passivate-after", "24h", "--max-live-users", count}};
  wake(server, first_ones);
  const double before = memory(server);
  wake(server, options.actors);
  const double bytes = memory(server);
  if (live_users(server) != options.actors + first_ones) {
    throw std::runtime_error{"some actors left too early"};
  }
  server.end();
  return (bytes - before) / static_cast<double>(options.actors);
}

void print_bytes(const char* name, const std::vector<double>& bytes) {
  std::printf("  %-60s %9.0f bytes each\n", name,
              std::round(median(bytes)) + 0.0);  // + 0.0: no "-0"
}

void print_percent(const char* name, const std::vector<double>& percent) {
  std::printf("  %-60s %9.2f %% of a processor\n", name, median(percent));
}

std::size_t connections_allowed(const ScaleOptions& options) {
  const std::size_t files = raise_open_files_to(options.idle + other_files);
  const std::size_t count = std::min(options.idle, files - other_files);
  if (count < options.idle) std::printf("only %zu files may be open\n", files);
  return count;
}

}  // namespace

void measure_idle(const ScaleOptions& options) {
  const std::size_t count = connections_allowed(options);
  ConnectionFigures connections;
  ActorFigures actors;
  for (unsigned round = 0; round < options.rounds; ++round) {
    measure_connections(options, count, connections);
    measure_actors(options, actors);
  }
  std::printf("\n3. Memory of the server's own: %zu idle connections, %zu idle user actors\n",
              count, options.idle);
  print_bytes("a kept-alive connection between two requests", connections.bytes_each);
  print_bytes("... of it not given back when all are closed", connections.left_each);
  print_bytes("a user actor after one PUT", actors.bytes_each);
  print_bytes("... of it not given back when all are passivated", actors.left_each);
  print_bytes("... added by each of four times as many users after them", actors.added_each);
  if (options.actors > 0) {
    const std::string name = "each of " + std::to_string(options.actors) + " at the same time";
    print_bytes(name.c_str(), {bytes_of_each_of_many(options)});
  }
  std::printf("\n4. Processor time while nothing happens, over %.1f s (told in steps of 10 ms)\n",
              options.idle_seconds);
  print_percent("no connection", connections.alone_percent);
  print_percent((std::to_string(count) + " kept-alive connections").c_str(), connections.percent);
}

}  // namespace mentat_sync
