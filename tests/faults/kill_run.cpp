// Kills at moments of three kinds, and what must be true afterwards.
#include "kill_run.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <thread>

namespace mentat_sync {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t uploaders = 4;
constexpr std::size_t pushers = 4;
constexpr std::size_t longest_load_ms = 350;
constexpr std::size_t longest_start_ms = 60;
constexpr std::size_t longest_after_answer_us = 5'000;
constexpr std::size_t rounds_between_checks = 10;
constexpr std::size_t rounds_between_reports = 20;

/// A collector that takes all it may, as soon as it may.
ServerProcessOptions options() {
  const std::string kept = std::to_string(uncommitted_kept.count()) + "s";
  ServerProcessOptions options;
  options.arguments = {"--gc-interval",        "50ms", "--gc-grace",    "0s",
                       "--gc-abandoned-after", kept,   "--chunk-lease", kept,
                       "--passivate-after",    "100ms"};
  return options;
}

void print(const KillRun::Figures& figures) {
  std::printf(
      "%zu kills (%zu while starting, %zu within 5 ms of an answer), %zu checks; %zu acknowledged, "
      "%zu verified; of the pushes in flight %zu were applied, %zu were not\n",
      figures.kills, figures.kills_while_starting, figures.kills_after_an_answer, figures.checks,
      figures.acknowledged, figures.verified, figures.applied_in_flight, figures.lost_in_flight);
  std::fflush(stdout);
}

}  // namespace

KillRun::KillRun(std::uint64_t seed) : random_(seed), server_(options()) {
  for (std::size_t i = 0; i < uploaders; ++i) uploads_.emplace_back(random_());
  for (std::size_t i = 0; i < pushers; ++i) pushes_.emplace_back(random_());
}

void KillRun::round() {
  ++rounds_;
  let_devices_work_and_kill();
  if (rounds_ % 4 == 0) kill_while_starting();
  if (rounds_ % rounds_between_checks == 0) check_the_files();
  server_.start();
  verify();
}

void KillRun::let_devices_work_and_kill() {
  std::vector<std::jthread> devices;
  for (auto& ledger : uploads_) {
    devices.emplace_back([&ledger, port = server_.port()] { ledger.upload(port); });
  }
  for (auto& ledger : pushes_) {
    devices.emplace_back([&ledger, port = server_.port()] { ledger.push_until_gone(port); });
  }
  await_the_moment();
  server_.kill();
  ++figures_.kills;
}

/// Any moment, or one just after an answer: what it acknowledges is the youngest there is.
void KillRun::await_the_moment() {
  std::this_thread::sleep_for(milliseconds{random_() % longest_load_ms});
  if (rounds_ % 2 == 0) return;
  const std::size_t before = acknowledged();
  const auto patience = Clock::now() + std::chrono::seconds{5};
  while (acknowledged() == before && Clock::now() < patience) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::microseconds{random_() % longest_after_answer_us});
  ++figures_.kills_after_an_answer;
}

/// Between its first instruction and its first request.
void KillRun::kill_while_starting() {
  std::vector<std::string> arguments{"serve", "--listen", "127.0.0.1:0", "--data",
                                     server_.data().string()};
  for (auto& argument : options().arguments) arguments.push_back(std::move(argument));
  ChildProcess starting{{.command = program_command(std::move(arguments)),
                         .environment = {},
                         .working_directory = {}}};
  std::this_thread::sleep_for(milliseconds{random_() % longest_start_ms});
  starting.kill();
  ++figures_.kills;
  ++figures_.kills_while_starting;
}

void KillRun::check_the_files() {
  ChildProcess::Options check;
  check.command = program_command({"check", "--data", server_.data().string()});
  const Finished finished = run_to_end(check, std::chrono::minutes{2});
  EXPECT_EQ(finished.status.code, 0) << finished.out << finished.err;
  ++figures_.checks;
}

void KillRun::verify() {
  for (auto& ledger : uploads_) ledger.verify(server_.port());
  for (auto& ledger : pushes_) ledger.verify(server_.port());
}

std::size_t KillRun::acknowledged() const {
  std::size_t sum = 0;
  for (const auto& ledger : uploads_) sum += ledger.acknowledged();
  for (const auto& ledger : pushes_) sum += ledger.acknowledged();
  return sum;
}

KillRun::Figures KillRun::figures() const {
  Figures figures = figures_;
  figures.acknowledged = acknowledged();
  for (const auto& ledger : uploads_) figures.verified += ledger.verified();
  for (const auto& ledger : pushes_) {
    figures.verified += ledger.verified();
    figures.applied_in_flight += ledger.applied_in_flight();
    figures.lost_in_flight += ledger.lost_in_flight();
  }
  return figures;
}

bool run_kills(std::size_t kills, std::chrono::seconds at_least) {
  const std::uint64_t seed = std::random_device{}();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  KillRun run{seed};
  const auto start = Clock::now();
  for (std::size_t round = 1; !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    run.round();
    if (round % rounds_between_reports == 0) print(run.figures());
    if (run.figures().kills >= kills && Clock::now() - start >= at_least) break;
  }
  print(run.figures());
  return !testing::Test::HasFailure();
}

}  // namespace mentat_sync
