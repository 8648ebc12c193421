// A store larger than memory: what clients who ask for little notice of one that reads what is not
// in memory. The server's memory is bounded by a control group, so that a store of some hundred MiB
// does; whoever may make no such group gets no figures.
//
// Usage: bench_cold [--store-bytes BYTES] [--chunk-bytes BYTES] [--memory-bytes BYTES]
//                   [--users COUNT] [--seconds SECONDS] [--rounds COUNT] [--directory DIR]
#include "bench/bench_directory.hpp"
#include "bench/bench_options.hpp"
#include "bench/cold_load.hpp"
#include "bench/figures.hpp"
#include "bench/memory_group.hpp"
#include "bench/store_filling.hpp"
#include "support/process_usage.hpp"
#include "support/server_process.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

constexpr double MiB = 1024 * 1024;

struct Options {
  StoreFilling filling;
  std::uint64_t memory_bytes;
  double seconds;
  unsigned rounds;
};

Options options_of(const BenchOptions& given) {
  Options options{.filling = {.directory = given.directory() / "bench-cold",
                              .users = std::max<std::size_t>(given.count("--users", 1'000), 1),
                              .chunk_bytes = given.count("--chunk-bytes", 64 << 10)},
                  .memory_bytes = given.count("--memory-bytes", 192 << 20),
                  // Of each kind of request there must be some.
                  .seconds = std::max(given.number("--seconds", 3), 0.05),
                  .rounds = std::max(given.rounds(), 1U)};
  StoreFilling& filling = options.filling;
  filling.chunk_bytes = std::max<std::size_t>(filling.chunk_bytes, 1);
  filling.chunks =
      std::max<std::size_t>(given.count("--store-bytes", 1 << 30) / filling.chunk_bytes, 1);
  return options;
}

/// What is told of one way of asking, over the rounds.
struct Series {
  HotLatencies latencies;
  std::vector<double> cold_reads_a_second;
  std::vector<double> major_faults_a_second;
  std::vector<double> disk_bytes_a_second;
};

class Measurement {
 public:
  Measurement(const Options& options, std::uint16_t port, pid_t server)
      : options_(options), port_(port), server_(server) {}

  void measure_quiet() {
    watch_disk(quiet_, [this] { ask(quiet_); });
  }

  void measure_beside_cold(unsigned round) {
    watch_disk(beside_, [this, round] {
      const auto start = std::chrono::steady_clock::now();
      ColdReader reader{port_, options_.filling, round};
      ask(beside_);
      const auto chunks = static_cast<double>(reader.stop());
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
      beside_.cold_reads_a_second.push_back(chunks / time.count());
    });
  }

  void print_all() const {
    print_both("GET head", &HotLatencies::head);
    print_both("GET chunk of 100 bytes", &HotLatencies::chunk);
    print_both("PUT chunk of 100 bytes", &HotLatencies::put);
    const double cold_reads = median(beside_.cold_reads_a_second);
    const auto chunk_bytes = static_cast<double>(options_.filling.chunk_bytes);
    std::printf("  cold reads: %.0f /s, %.1f MiB/s, for which the disk was asked for %.1f MiB/s\n",
                cold_reads, cold_reads * chunk_bytes / MiB,
                median(beside_.disk_bytes_a_second) / MiB);
    std::printf("  major faults: %.0f /s, quiet %.0f /s\n", median(beside_.major_faults_a_second),
                median(quiet_.major_faults_a_second));
  }

 private:
  void ask(Series& series) const {
    ask_hot(port_, options_.filling.users, std::chrono::duration<double>{options_.seconds},
            series.latencies);
  }

  template <class Work>
  void watch_disk(Series& series, Work work) const {
    const auto faults = major_faults(server_);
    const auto bytes = disk_bytes_read(server_);
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    const auto a_second = [&](std::uint64_t count) {
      return static_cast<double>(count) / time.count();
    };
    series.major_faults_a_second.push_back(a_second(major_faults(server_) - faults));
    series.disk_bytes_a_second.push_back(a_second(disk_bytes_read(server_) - bytes));
  }

  void print_both(const std::string& name, Latencies HotLatencies::*kind) const {
    const Latencies& quiet = quiet_.latencies.*kind;
    print(name + ", quiet", quiet, quiet);
    print("... beside cold reads", beside_.latencies.*kind, quiet);
  }

  const Options& options_;
  const std::uint16_t port_;
  const pid_t server_;
  Series quiet_;
  Series beside_;
};

void measure(const Options& options, const MemoryGroup& group, const char* title,
             std::vector<std::string> arguments) {
  drop_from_page_cache(options.filling.directory);
  ServerProcessOptions server_options;
  server_options.data = options.filling.directory;
  server_options.arguments = std::move(arguments);
  ServerProcess server{server_options};
  group.add(server.process().pid());
  Measurement measurement{options, server.port(), server.process().pid()};
  for (unsigned round = 0; round < options.rounds; ++round) {
    measurement.measure_quiet();
    measurement.measure_beside_cold(round);
  }
  std::printf("\n%s; ratios to quiet\n", title);
  measurement.print_all();
  std::fflush(stdout);
  server.terminate();
}

void fill(const StoreFilling& filling) {
  Timing timing;
  timing.time([&] {
    fill_store(filling);
    add_small_logs(filling.directory, filling.users, hot_readers + hot_writers, hot_chunk_bytes);
  });
  std::printf("a store of %.0f MiB: %zu users, %zu chunks of %zu bytes; filled in %.1f s\n",
              static_cast<double>(filling.bytes()) / MiB, filling.users, filling.chunks,
              filling.chunk_bytes, timing.ms.front() / 1000);
}

int run(const BenchOptions& given) {
  const Options options = options_of(given);
  std::string why_not;
  const auto group = MemoryGroup::make(options.memory_bytes, why_not);
  if (!group) {
    std::printf("passed over, for it takes a control group for memory (%s)\n", why_not.c_str());
    return EXIT_SUCCESS;
  }
  const BenchDirectory directory{options.filling.directory};
  fill(options.filling);
  std::printf(
      "the server may have %.0f MiB in memory, of that store too; the disk reads %zu KiB ahead\n",
      static_cast<double>(options.memory_bytes) / MiB, read_ahead_kib(options.filling.directory));
  std::printf("medians of %u rounds of %.1f s\n", options.rounds, options.seconds);
  measure(options, *group, "one I/O thread for each processor", {});
  measure(options, *group, "one I/O thread", {"--threads", "1"});
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  return mentat_sync::run_bench("bench_cold", argc, argv, mentat_sync::run);
}
