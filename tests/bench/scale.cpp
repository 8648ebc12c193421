// How cost grows: with the length of a log, with the number of users, with what only waits. Ratios
// to the smallest of the same run tell; a cost that grows with the size shows at once.
//
// Usage: bench_scale [--transactions MAX] [--users MAX] [--idle COUNT] [--idle-seconds SECONDS]
//                    [--seconds SECONDS] [--samples COUNT] [--rounds COUNT] [--directory DIR]
#include "bench/scale_idle.hpp"
#include "bench/scale_log.hpp"
#include "bench/scale_options.hpp"
#include "bench/scale_start.hpp"
#include "bench/scale_users.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace mentat_sync {
namespace {

ScaleOptions parse(int argc, char** argv) {
  ScaleOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const double number = std::atof(argv[i + 1]);
    const auto count = static_cast<std::size_t>(std::max(1.0, number));
    if (name == "--transactions") options.transactions = count;
    if (name == "--users") options.users = count;
    if (name == "--idle") options.idle = count;
    if (name == "--idle-seconds") options.idle_seconds = number;
    if (name == "--seconds") options.seconds = number;
    if (name == "--samples") options.samples = count;
    if (name == "--rounds") options.rounds = static_cast<unsigned>(count);
    if (name == "--directory") options.directory = argv[i + 1];
  }
  return options;
}

int run(const ScaleOptions& options) {
  std::filesystem::remove_all(options.stores());
  std::filesystem::create_directories(options.stores());
  std::printf("medians of %u rounds; servers on one processor, load on another\n", options.rounds);
  measure_long_logs(options);
  std::fflush(stdout);
  measure_users(options);
  std::fflush(stdout);
  measure_idle(options);
  std::fflush(stdout);
  measure_start(options);
  std::filesystem::remove_all(options.stores());
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  try {
    return mentat_sync::run(mentat_sync::parse(argc, argv));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_scale: %s\n", failure.what());
    return 1;
  }
}
