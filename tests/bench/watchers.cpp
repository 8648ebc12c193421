// What an idle event stream costs: memory beside that of an idle kept-alive connection, processor
// time while nothing happens, and how soon a thousand watchers hear of a change.
#include "bench/bench_options.hpp"
#include "bench/figures.hpp"
#include "bench/idle_connections.hpp"
#include "bench/lean_client.hpp"
#include "bench/processors.hpp"
#include "support/process_usage.hpp"
#include "support/server_process.hpp"
#include "support/sync_client.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <thread>

namespace mentat_sync {
namespace {

/// Files that this process, and the server, have open besides the connections.
constexpr std::size_t other_files = 200;

struct Options {
  std::size_t streams;
  std::size_t hearers;
  double idle_seconds;
  unsigned rounds;
  std::filesystem::path directory;
};

Options options_of(const BenchOptions& given) {
  return {.streams = given.count("--streams", 20'000),
          .hearers = given.count("--hearers", 1'000),
          .idle_seconds = given.number("--idle-seconds", 10),
          .rounds = given.rounds(),
          .directory = given.directory()};
}

/// A server of its own for each measurement, so that no memory is left over from another.
class BenchServer {
 public:
  explicit BenchServer(const std::filesystem::path& directory, std::size_t connections)
      : data_(directory / "bench-watchers") {
    std::filesystem::remove_all(data_);
    pin_to(0);
    ServerProcessOptions options;
    options.data = data_;
    options.arguments = {"--threads",
                         "1",
                         "--max-connections",
                         std::to_string(connections),
                         "--max-connections-per-address",
                         "0"};
    server_.emplace(options);
    pin_to(1);
  }
  ~BenchServer() {
    server_.reset();
    std::filesystem::remove_all(data_);
  }
  BenchServer(const BenchServer&) = delete;
  BenchServer& operator=(const BenchServer&) = delete;

  std::uint16_t port() const { return server_->port(); }
  pid_t pid() { return server_->process().pid(); }

 private:
  std::filesystem::path data_;
  std::optional<ServerProcess> server_;
};

void settle() {
  std::this_thread::sleep_for(std::chrono::seconds{1});
}

/// Bytes of the server's for each of `count` connections that asked for `path` and wait.
double memory_for_each(BenchServer& server, IdleConnections& connections, std::size_t count,
                       const std::string& path, std::string_view expected) {
  // What the first ones make room for once is no cost of each.
  {
    IdleConnections first{server.port()};
    for (int i = 0; i < 100; ++i) first.open("/0.1/" + new_uuid() + path, expected);
  }
  settle();
  const auto before = own_memory_bytes(server.pid());
  for (std::size_t i = 0; i < count; ++i) {
    connections.open("/0.1/" + new_uuid() + path, expected);
  }
  settle();
  const auto after = own_memory_bytes(server.pid());
  std::printf("%zu x GET %s: the server has %.1f MiB, %.1f MiB before\n", count, path.c_str(),
              static_cast<double>(after) / (1024 * 1024),
              static_cast<double>(before) / (1024 * 1024));
  return (static_cast<double>(after) - static_cast<double>(before)) / static_cast<double>(count);
}

/// In thousandths of one processor.
double idle_permille(BenchServer& server, double seconds) {
  const auto before = processor_time(server.pid());
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>{seconds});
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return 1000 * (processor_time(server.pid()) - before).count() / time.count();
}

void time_until_all_hear(const Options& options, BenchServer& server, std::size_t idle) {
  const auto user = new_uuid();
  IdleConnections hearers{server.port()};
  for (std::size_t i = 0; i < options.hearers; ++i) {
    hearers.open("/0.1/" + user + "/events", "}\n\n");
  }
  LeanClient client{server.port(), user};
  LeanClient other{server.port(), new_uuid()};
  Timing unheard{"a HEAD that nobody watches: PUT until 204"};
  Timing heard{std::to_string(options.hearers) + " watchers: PUT until the last has heard"};
  std::string parent{root_id};
  std::string others_parent{root_id};
  for (unsigned round = 0; round < options.rounds; ++round) {
    const auto id = new_uuid();
    other.put("/transactions/" + id, transaction_body(others_parent, {}), 201);
    unheard.time([&] { other.put("/head", head_body(id), 204); });
    client.put("/transactions/" + id, transaction_body(parent, {}), 201);
    heard.time([&] {
      client.put("/head", head_body(id), 204);
      hearers.await_on_all(id);
    });
    parent = others_parent = id;
  }
  std::printf("beside %zu idle streams, medians of %u rounds\n", idle, options.rounds);
  print(unheard, unheard);
  print(heard, unheard);
}

int run(const Options& options) {
  const std::size_t wanted = options.streams + options.hearers + other_files;
  const std::size_t files = raise_open_files_to(wanted);
  std::size_t streams = options.streams;
  if (files < wanted) {
    streams = files - options.hearers - other_files;
    std::printf("only %zu files may be open: %zu streams\n", files, streams);
  }
  double keep_alive_bytes = 0;
  {
    BenchServer server{options.directory, wanted};
    IdleConnections connections{server.port()};
    keep_alive_bytes = memory_for_each(server, connections, streams, "/head", "\"}");
    std::printf("%-52s %10.2f permille of a processor\n", "idle kept-alive connections",
                idle_permille(server, options.idle_seconds));
  }
  BenchServer server{options.directory, wanted};
  IdleConnections connections{server.port()};
  const double stream_bytes = memory_for_each(server, connections, streams, "/events", "}\n\n");
  std::printf("%-52s %10.2f permille of a processor\n", "idle event streams, with their heartbeats",
              idle_permille(server, options.idle_seconds));
  std::printf("%-52s %10.0f bytes   %8.2f x\n", "an idle kept-alive connection", keep_alive_bytes,
              1.0);
  std::printf("%-52s %10.0f bytes   %8.2f x\n", "an idle event stream of a user of its own",
              stream_bytes, stream_bytes / std::max(keep_alive_bytes, 1.0));
  time_until_all_hear(options, server, streams);
  return 0;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  using namespace mentat_sync;
  return run_bench("bench_watchers", argc, argv,
                   [](const BenchOptions& given) { return run(options_of(given)); });
}
