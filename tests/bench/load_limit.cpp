// How many requests the load generator's own connections can drive, against a server that does
// nothing: one that it starts, or any that answers GET on this machine.
//
// Usage: bench_load_limit [--port PORT] [--seconds SECONDS] [--connections COUNT]
#include "cli/load/load_bounds.hpp"
#include "cli/load/load_connection.hpp"
#include "cli/load/recorder.hpp"
#include "cli/load/task.hpp"
#include "support/child_process.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace mentat_sync;
using Clock = EventLoop::Clock;

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

Task<> ask_until(LoadConnection& connection, Recorder& recorder, Clock::time_point end) {
  Clock::time_point now;
  do {
    connection.begin_head("GET") += "00000000-0000-0000-0000-00000000000a/head";
    connection.end_head();
    const Answer& answer = co_await connection.exchange();
    if (answer.status == 200) {
      recorder.answered(LoadOperation::get_head, answer, answer.began);
    } else {
      recorder.failed(name_of(answer.failure));
    }
    now = answer.ended;
  } while (now < end);
}

int run(const std::string& port, double seconds, std::size_t count) {
  const auto server = ServerUrl::parse("http://127.0.0.1:" + port).value();
  const std::atomic<bool> never{false};
  const auto target = LoadTarget::find(server, {}, never);
  if (!target) throw std::runtime_error{target.status().message()};
  EventLoop loop;
  LoadProgress progress;
  Recorder recorder{progress, true};
  std::vector<char> room(load_bounds::read_bytes);
  std::deque<LoadConnection> connections;
  std::deque<Task<>> tasks;
  const auto begin = Clock::now();
  const auto end =
      begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
  recorder.begin(begin);
  const double cpu = cpu_seconds();
  for (std::size_t i = 0; i < count; ++i) {
    auto& connection = connections.emplace_back(loop, *target, room, std::chrono::seconds{30});
    tasks.push_back(ask_until(connection, recorder, end));
    tasks.back().start();
  }
  while (!tasks.empty()) {
    loop.turn(Clock::now() + load_bounds::sweep_interval);
    while (!tasks.empty() && tasks.front().done()) tasks.pop_front();
  }
  const double used = cpu_seconds() - cpu;
  recorder.end(Clock::now());
  const auto& result = recorder.result();
  const auto requests = static_cast<double>(result.requests());
  const double elapsed = std::chrono::duration<double>{result.elapsed}.count();
  std::printf(
      "%.0f requests/s, %.0f for each second of its own CPU (%.0f %% busy), p99 %.0f us\n",
      requests / elapsed, requests / used, used / elapsed * 100,
      static_cast<double>(result.of(LoadOperation::get_head).latencies.at(0.99).count()) / 1e3);
  return result.errors.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// The port that a bare server prints once it listens.
std::string printed_port(const ChildProcess& process) {
  for (int i = 0; i < 200; ++i) {
    const auto out = process.out();
    if (out.ends_with('\n')) return out.substr(0, out.size() - 1);
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  throw std::runtime_error{"the bare server does not say where it listens"};
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::map<std::string, std::string> options{{"--seconds", "1"}, {"--connections", "64"}};
    for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
    std::optional<ChildProcess> bare;
    if (!options.contains("--port")) {
      bare.emplace(ChildProcess::Options{.command = {MENTAT_SYNC_CONSTANT_SERVER, "0", "100"},
                                         .environment = {},
                                         .working_directory = {}});
      options["--port"] = printed_port(*bare);
    }
    return run(options["--port"], std::stod(options["--seconds"]),
               std::stoul(options["--connections"]));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_load_limit: %s\n", failure.what());
    return EXIT_FAILURE;
  }
}
