// Group commit, shown: durable PUTs of many users a second beside the disk's own fdatasync rate, in
// alternating rounds of one run; medians and ratios are printed.
#include "bench/disk.hpp"
#include "bench/http_load.hpp"
#include "bench/processors.hpp"
#include "support/server_process.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {
namespace {

struct Options {
  double seconds = 3;
  unsigned rounds = 5;
  std::filesystem::path directory = std::filesystem::current_path();
};

/// One thing that is measured, round after round.
struct Series {
  std::string name;
  std::vector<double> values;
  std::vector<double> p50_ms = {};
  std::vector<double> p99_ms = {};
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--seconds") options.seconds = std::atof(argv[i + 1]);
    if (name == "--rounds") options.rounds = static_cast<unsigned>(std::atoi(argv[i + 1]));
    if (name == "--directory") options.directory = argv[i + 1];
  }
  return options;
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

void print(const Series& series, double yardstick) {
  const double value = median(series.values);
  std::printf("%-44s %10.0f /s   %6.2f x", series.name.c_str(), value, value / yardstick);
  if (!series.p50_ms.empty()) {
    std::printf("   p50 %.1f ms, p99 %.1f ms", median(series.p50_ms), median(series.p99_ms));
  }
  std::printf("\n");
}

int run(const Options& options) {
  // Beside each other on one file system, so that both pay the same disk.
  const auto directory = options.directory / "bench-group-commit";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);

  pin_to(0);
  ServerProcessOptions server_options;
  server_options.data = directory / "data";
  server_options.arguments = {"--threads", "1"};
  ServerProcess server{server_options};
  pin_to(1);

  Series disk{"fdatasync of 4 KiB, appended", {}};
  Series one{"durable PUT of 100 B, 1 connection", {}};
  Series few{"durable PUT of 100 B, 64 connections", {}};
  Series many{"durable PUT of 100 B, 256 connections", {}};
  for (unsigned round = 0; round < options.rounds; ++round) {
    disk.values.push_back(
        fdatasyncs_a_second(directory, std::chrono::duration<double>{options.seconds / 3}));
    measure_puts(one, server.port(), 1, options.seconds / 3);
    measure_puts(few, server.port(), 64, options.seconds);
    measure_puts(many, server.port(), 256, options.seconds);
  }
  server.terminate();
  std::filesystem::remove_all(directory);

  std::printf(
      "medians of %u rounds; server on one processor, load on another; ratios to the disk\n",
      options.rounds);
  const double yardstick = median(disk.values);
  for (const Series* series : {&disk, &one, &few, &many}) print(*series, yardstick);
  return 0;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  try {
    return mentat_sync::run(mentat_sync::parse(argc, argv));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_group_commit: %s\n", failure.what());
    return 1;
  }
}
