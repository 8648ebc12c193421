// Soak: devices at work for minutes or hours, beside a collector that takes all it may. In the end
// every log is what its device says, the store is sound, and neither the memory nor the open files
// of the server have grown.
//
// Or, with --kills: kill -9 of the server so many times, see faults/kill_run.hpp. What it is asked
// for: soak_arguments.hpp.
#include "faults/kill_run.hpp"
#include "soak/device.hpp"
#include "soak/soak_arguments.hpp"
#include "support/process_usage.hpp"
#include "support/server_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned devices = 6;
constexpr std::size_t users_of_each = 40;
constexpr std::chrono::seconds shortest_run{8};
/// What memory may differ by between the middle and the last third of the run.
constexpr double growth_allowed = 1.1;
constexpr double bytes_allowed = 8.0 * 1024 * 1024;
constexpr int exit_code_of_misuse = 2;

struct Sample {
  std::uint64_t memory_bytes = 0;
  std::uint64_t file_bytes = 0;
  std::size_t open_files = 0;
};

Sample take_sample(ServerProcess& server) {
  const auto pid = server.process().pid();
  Sample sample;
  sample.memory_bytes = own_memory_bytes(pid);
  sample.file_bytes = std::filesystem::file_size(server.data() / "data.mdb");
  sample.open_files = open_files(pid);
  return sample;
}

/// The devices' threads, until they are told to end or one of them finds something wrong.
class Fleet {
 public:
  explicit Fleet(std::uint16_t port) {
    for (unsigned i = 0; i < devices; ++i) {
      devices_.push_back(std::make_unique<SoakDevice>(port, i, users_of_each));
    }
    for (const auto& device : devices_) {
      threads_.emplace_back([this, &device = *device] { run(device); });
    }
  }

  bool failed() const { return failed_; }
  void end() {
    ending_ = true;
    for (std::thread& thread : threads_) thread.join();
    for (const auto& device : devices_) {
      std::printf("%llu acts, %llu transactions\n", static_cast<unsigned long long>(device->acts()),
                  static_cast<unsigned long long>(device->transactions()));
    }
  }

 private:
  void run(SoakDevice& device) {
    try {
      while (!ending_ && !failed_) device.act();
    } catch (const std::exception& wrong) {
      std::fprintf(stderr, "soak: %s\n", wrong.what());
      failed_ = true;
    }
  }

  std::atomic<bool> ending_{false};
  std::atomic<bool> failed_{false};
  std::vector<std::unique_ptr<SoakDevice>> devices_;
  std::vector<std::thread> threads_;
};

double mean_memory(const std::vector<Sample>& samples, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += static_cast<double>(samples[i].memory_bytes);
  return sum / static_cast<double>(std::max<std::size_t>(1, to - from));
}

bool is_flat(const std::vector<Sample>& samples) {
  const std::size_t third = samples.size() / 3;
  const double middle = mean_memory(samples, third, 2 * third);
  const double last = mean_memory(samples, 2 * third, samples.size());
  std::printf("memory: %.1f MiB in the middle third, %.1f MiB in the last one\n", middle / 1048576,
              last / 1048576);
  return last <= middle * growth_allowed + bytes_allowed &&
         samples.back().open_files <= samples[third].open_files + devices;
}

std::vector<Sample> soak(ServerProcess& server, Fleet& fleet, Clock::duration duration) {
  std::vector<Sample> samples;
  const auto end = Clock::now() + duration;
  const auto pause = std::max<Clock::duration>(duration / 60, std::chrono::seconds{1});
  while (Clock::now() < end && !fleet.failed()) {
    std::this_thread::sleep_for(std::min(pause, end - Clock::now()));
    samples.push_back(take_sample(server));
    const Sample& now = samples.back();
    std::printf("%3zu %%  memory %6.1f MiB  file %7.1f MiB  open files %zu\n",
                samples.size() * 100 / 60, static_cast<double>(now.memory_bytes) / 1048576,
                static_cast<double>(now.file_bytes) / 1048576, now.open_files);
    std::fflush(stdout);
  }
  return samples;
}

bool store_is_sound(const ServerProcess& server) {
  ChildProcess::Options options;
  options.command = program_command({"check", "--data", server.data().string()});
  const Finished check = run_to_end(options, std::chrono::minutes{5});
  std::printf("check: %s%s\n", check.out.c_str(), check.err.c_str());
  return check.status.code == 0;
}

int run(std::size_t minutes) {
  ServerProcessOptions options;
  // The idle time-out: devices have more connections than they use within the usual one.
  options.arguments = {"--gc-interval",        "1s", "--gc-grace",     "1s",
                       "--gc-abandoned-after", "5s", "--chunk-lease",  "5s",
                       "--passivate-after",    "2s", "--idle-timeout", "24h"};
  ServerProcess server{options};
  Fleet fleet{server.port()};
  const Clock::duration duration =
      minutes == 0 ? Clock::duration{shortest_run} : Clock::duration{std::chrono::minutes{minutes}};
  const auto samples = soak(server, fleet, duration);
  fleet.end();
  const auto ended = server.terminate();
  if (fleet.failed()) {
    std::fprintf(stderr, "soak: the server's log:\n%s", server.process().err().c_str());
    return EXIT_FAILURE;
  }
  if (!ended || ended->code != 0) {
    std::fprintf(stderr, "soak: the server did not end as it should\n");
    return EXIT_FAILURE;
  }
  if (!store_is_sound(server)) return EXIT_FAILURE;
  if (minutes > 0 && !is_flat(samples)) {
    std::fprintf(stderr, "soak: memory or open files have grown\n");
    return EXIT_FAILURE;
  }
  std::printf("all is well\n");
  return EXIT_SUCCESS;
}

int kill_again_and_again(std::size_t kills) {
  testing::InitGoogleTest();
  const bool well = run_kills(kills, std::chrono::seconds{0});
  std::puts(well ? "all is well" : "soak: something that was acknowledged is not as it should be");
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

int run_as_told(const std::vector<std::string_view>& given) {
  const auto arguments = SoakArguments::parse(given);
  if (!arguments) {
    std::fprintf(stderr, "soak: that cannot be asked for\n%s", soak_usage);
    return exit_code_of_misuse;
  }
  if (arguments->help) {
    std::fputs(soak_usage, stdout);
    return EXIT_SUCCESS;
  }
  return arguments->kills ? kill_again_and_again(*arguments->kills) : run(arguments->minutes);
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  try {
    return mentat_sync::run_as_told({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "soak: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
