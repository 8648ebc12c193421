// How cost grows: with the length of a log, with the number of users, with what only waits. Ratios
// to the smallest of the same run tell; a cost that grows with the size shows at once.
//
// Usage: bench_scale [--transactions MAX] [--users MAX] [--idle COUNT] [--idle-seconds SECONDS]
//                    [--seconds SECONDS] [--samples COUNT] [--rounds COUNT] [--directory DIR]
//                    [--store-bytes BYTES] [--actors COUNT]
#include "bench/bench_directory.hpp"
#include "bench/bench_options.hpp"
#include "bench/scale_idle.hpp"
#include "bench/scale_log.hpp"
#include "bench/scale_options.hpp"
#include "bench/scale_start.hpp"
#include "bench/scale_users.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace mentat_sync {
namespace {

ScaleOptions scale_options(const BenchOptions& given) {
  ScaleOptions options;
  // Of nothing there is nothing to measure.
  const auto at_least_one = [&given](const char* name, std::size_t by_default) {
    return std::max<std::size_t>(given.count(name, by_default), 1);
  };
  options.transactions = at_least_one("--transactions", options.transactions);
  options.users = at_least_one("--users", options.users);
  options.store_bytes = at_least_one("--store-bytes", options.store_bytes);
  options.idle = at_least_one("--idle", options.idle);
  options.actors = given.count("--actors", options.actors);
  options.idle_seconds = given.number("--idle-seconds", options.idle_seconds);
  options.seconds = given.number("--seconds", options.seconds);
  options.samples = at_least_one("--samples", options.samples);
  options.rounds = static_cast<unsigned>(at_least_one("--rounds", options.rounds));
  options.directory = given.directory();
  return options;
}

int run(const BenchOptions& given) {
  const auto options = scale_options(given);
  const BenchDirectory stores{options.stores()};
  std::printf("medians of %u rounds; servers on one processor, load on another\n", options.rounds);
  measure_long_logs(options);
  std::fflush(stdout);
  measure_users(options);
  std::fflush(stdout);
  measure_idle(options);
  std::fflush(stdout);
  measure_start(options);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  return mentat_sync::run_bench("bench_scale", argc, argv, mentat_sync::run);
}
