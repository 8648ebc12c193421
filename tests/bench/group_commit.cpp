// Group commit, shown: durable PUTs of many users a second beside the disk's own fdatasync rate,
// LMDB by itself, and the same server without actors, in alternating rounds of one run; medians and
// ratios are printed. Then the same again as if the disk synced more seldom (slow_disk.cpp).
#include "bench/bench_options.hpp"
#include "bench/disk.hpp"
#include "bench/figures.hpp"
#include "bench/http_load.hpp"
#include "bench/printed_port.hpp"
#include "bench/processors.hpp"
#include "bench/raw_lmdb.hpp"
#include "support/server_process.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace mentat_sync {
namespace {

struct Options {
  double seconds;
  unsigned rounds;
  std::filesystem::path directory;
  std::size_t slow_sync_us;
};

constexpr const char* slow_disk_variable = "SLOW_DISK_SYNC_US";

/// One thing that is measured, round after round.
struct Series {
  std::string name;
  std::vector<double> values;
  std::vector<double> p50_ms = {};
  std::vector<double> p99_ms = {};
};

Options options_of(const BenchOptions& given) {
  return {.seconds = given.number("--seconds", 3),
          .rounds = given.rounds(),
          .directory = given.directory(),
          .slow_sync_us = given.count("--slow-sync-us", 500)};
}

/// This program again, it and all that it starts on a slow disk. Comes back when it is that
/// already.
void run_again_on_slow_disk(std::size_t sync_us, char** argv) {
  if (sync_us == 0 || std::getenv(slow_disk_variable) != nullptr) return;
  setenv(slow_disk_variable, std::to_string(sync_us).c_str(), 1);
  setenv("LD_PRELOAD", MENTAT_SYNC_SLOW_DISK, 1);
  std::fflush(stdout);
  execv("/proc/self/exe", argv);
  throw std::system_error{errno, std::generic_category(), "execv"};
}

void print_heading(unsigned rounds) {
  std::printf("medians of %u rounds; server on one processor, load on another", rounds);
  if (const char* us = std::getenv(slow_disk_variable)) {
    std::printf("; as if each sync of this disk took %s us or longer", us);
  }
  std::printf("\n");
}

void measure_puts(Series& series, std::uint16_t port, std::size_t connections, double seconds) {
  const PutFigures figures = put_chunks({.port = port,
                                         .connections = connections,
                                         .chunk_bytes = 100,
                                         .time = std::chrono::duration<double>{seconds}});
  series.values.push_back(figures.acknowledged_a_second);
  series.p50_ms.push_back(figures.p50.count());
  series.p99_ms.push_back(figures.p99.count());
}

void print(const Series& series, const Series& disk, const Series& without_actors) {
  const double value = median(series.values);
  std::printf("%-46s %8.0f /s %6.2f x the disk %6.2f x without actors", series.name.c_str(), value,
              value / median(disk.values), value / median(without_actors.values));
  if (!series.p50_ms.empty()) {
    std::printf("   p50 %.1f ms, p99 %.1f ms", median(series.p50_ms), median(series.p99_ms));
  }
  std::printf("\n");
}

ServerProcessOptions server_options(const std::filesystem::path& data) {
  ServerProcessOptions options;
  options.data = data;
  options.arguments = {"--threads", "1"};
  return options;
}

ChildProcess::Options without_actors_options(const std::filesystem::path& data) {
  ChildProcess::Options options;
  options.command = {MENTAT_SYNC_SERVER_WITHOUT_ACTORS, data.string()};
  return options;
}

/// On the processor that the servers have otherwise.
double raw_puts(const std::filesystem::path& directory, std::size_t in_a_commit, double seconds) {
  pin_to(0);
  const double rate = lmdb_puts_a_second(directory / "raw", in_a_commit, 100,
                                         std::chrono::duration<double>{seconds});
  pin_to(1);
  return rate;
}

int run(const Options& options) {
  // Beside each other on one file system, so that all pay the same disk.
  const auto directory = options.directory / "bench-group-commit";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);

  pin_to(0);
  ServerProcess server{server_options(directory / "data")};
  const ChildProcess bare{without_actors_options(directory / "bare")};
  const std::uint16_t bare_port = printed_port(bare);
  pin_to(1);

  Series disk{"fdatasync of 4 KiB, appended", {}};
  Series raw64{"LMDB itself, 64 puts in a commit", {}};
  Series raw256{"LMDB itself, 256 puts in a commit", {}};
  Series bare64{"without actors, 64 connections", {}};
  Series bare256{"without actors, 256 connections", {}};
  Series one{"durable PUT of 100 B, 1 connection", {}};
  Series few{"durable PUT of 100 B, 64 connections", {}};
  Series many{"durable PUT of 100 B, 256 connections", {}};
  for (unsigned round = 0; round < options.rounds; ++round) {
    disk.values.push_back(
        fdatasyncs_a_second(directory, std::chrono::duration<double>{options.seconds / 3}));
    raw64.values.push_back(raw_puts(directory, 64, options.seconds / 3));
    raw256.values.push_back(raw_puts(directory, 256, options.seconds / 3));
    measure_puts(one, server.port(), 1, options.seconds / 3);
    measure_puts(bare64, bare_port, 64, options.seconds);
    measure_puts(few, server.port(), 64, options.seconds);
    measure_puts(bare256, bare_port, 256, options.seconds);
    measure_puts(many, server.port(), 256, options.seconds);
  }
  server.terminate();
  std::filesystem::remove_all(directory);

  print_heading(options.rounds);
  for (const Series* series : {&disk, &raw64, &bare64, &few, &one}) print(*series, disk, bare64);
  for (const Series* series : {&raw256, &bare256, &many}) print(*series, disk, bare256);
  std::printf("256 connections beside 64: %.2f x\n", median(many.values) / median(few.values));
  return 0;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  using namespace mentat_sync;
  return run_bench("bench_group_commit", argc, argv, [argv](const BenchOptions& given) {
    const Options options = options_of(given);
    const int code = run(options);
    run_again_on_slow_disk(options.slow_sync_us, argv);
    return code;
  });
}
