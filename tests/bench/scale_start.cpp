// From before the fork until the log says that the server listens, as it is seen by looking ten
// times a millisecond. The files are in the page cache, so that what is timed is the program and
// not the disk; but for the largest store once more without that, as after a boot.
#include "bench/scale_start.hpp"

#include "bench/figures.hpp"
#include "bench/processors.hpp"
#include "bench/scale_log.hpp"
#include "bench/scale_users.hpp"
#include "bench/store_filling.hpp"
#include "bench/text_plot.hpp"
#include "support/child_process.hpp"
#include "support/server_process.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

constexpr std::chrono::seconds patience{60};
constexpr double MiB = 1024 * 1024;

/// Blocks that a directory's files take, for a store's file may have holes.
double bytes_on_disk(const std::filesystem::path& directory) {
  constexpr double block_bytes = 512;
  double bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator{directory}) {
    struct stat status {};
    if (::stat(file.path().c_str(), &status) == 0) {
      bytes += static_cast<double>(status.st_blocks) * block_bytes;
    }
  }
  return bytes;
}

void await_listening(ChildProcess& server) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (logged_field(server.err(), "listening", "address").empty()) {
    if (!server.running() || std::chrono::steady_clock::now() > end) {
      throw std::runtime_error{"the server does not start: " + server.err()};
    }
    std::this_thread::sleep_for(std::chrono::microseconds{100});
  }
}

/// A store, and how long a start with it took.
struct Start {
  std::filesystem::path store;
  Timing timing;
  bool in_memory = true;

  void measure() {
    if (!in_memory) drop_from_page_cache(store);
    pin_to(0);
    std::unique_ptr<ChildProcess> server;
    timing.time([&] {
      server = std::make_unique<ChildProcess>(ChildProcess::Options{
          .command = program_command(
              {"serve", "--listen", "127.0.0.1:0", "--data", store.string(), "--threads", "1"}),
          .environment = {},
          .working_directory = {}});
      pin_to(1);
      await_listening(*server);
    });
    server->signal(SIGTERM);
    if (!server->wait()) throw std::runtime_error{"the server does not end"};
  }
};

/// Large chunks, so that it is made soon: what a start reads does not depend on them.
std::filesystem::path make_large_store(const ScaleOptions& options) {
  constexpr std::size_t chunk_bytes = 1024 * 1024;
  constexpr std::size_t users = 1'000;
  StoreFilling filling{options.stores() / "large", users, 0, chunk_bytes};
  filling.chunks = std::max<std::size_t>(options.store_bytes / chunk_bytes, 1);
  Timing timing;
  timing.time([&] { fill_store(filling); });
  std::printf("filling a store with %zu chunks of %zu bytes: %.1f s\n", filling.chunks, chunk_bytes,
              timing.ms.front() / 1000);
  return filling.directory;
}

std::vector<Start> all_starts(const ScaleOptions& options) {
  std::vector<Start> starts;
  starts.push_back({options.stores() / "empty", {"an empty store"}});
  starts.push_back({long_logs_store(options),
                    {"users with logs of up to " + std::to_string(options.transactions)}});
  for (const std::size_t users : user_steps(options)) {
    starts.push_back({users_store(options, users), {std::to_string(users) + " users"}});
  }
  const auto large = make_large_store(options);
  starts.push_back({large, {"large chunks"}});
  starts.push_back({large, {"... of which nothing is in memory"}, false});
  return starts;
}

/// Of those whose store is in memory.
std::string plot_of(const std::vector<Start>& starts) {
  std::vector<PlotPoint> points;
  for (const Start& start : starts) {
    if (!start.in_memory) continue;
    const double mib = std::max(1.0, bytes_on_disk(start.store) / MiB);
    points.push_back({static_cast<std::size_t>(mib),
                      median(start.timing.ms) / median(starts.front().timing.ms)});
  }
  std::ranges::sort(points, {}, &PlotPoint::size);
  return text_plot("MiB on disk; the time until it listens, in terms of an empty store's", points);
}

}  // namespace

void measure_start(const ScaleOptions& options) {
  std::printf("\n5. From the start until it listens, and the store's size on disk\n");
  std::vector<Start> starts = all_starts(options);
  for (Start& start : starts) start.measure();  // makes the empty one, and fetches what is read
  for (Start& start : starts) start.timing.ms.clear();
  for (unsigned round = 0; round < options.rounds; ++round) {
    for (Start& start : starts) start.measure();
  }
  for (const Start& start : starts) {
    const double ms = median(start.timing.ms);
    std::printf("  %-44s %8.1f ms %6.2f x %10.1f MiB\n", start.timing.name.c_str(), ms,
                ms / median(starts.front().timing.ms), bytes_on_disk(start.store) / MiB);
  }
  std::printf("%s", plot_of(starts).c_str());
}

}  // namespace mentat_sync
