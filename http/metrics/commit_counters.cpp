// See commit_counters.hpp.
#include "http/metrics/commit_counters.hpp"

namespace mentat_sync {
namespace {

constexpr std::uint64_t us = 1'000;
constexpr std::uint64_t ms = 1'000 * us;
constexpr std::uint64_t s = 1'000 * ms;
constexpr double ns_of_second = 1e9;

std::uint64_t nanoseconds(std::chrono::nanoseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

}  // namespace

const CommitCounters::Commands::Bounds CommitCounters::command_bounds{
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, bounds::batch_commands};

const CommitCounters::Durations::Bounds CommitCounters::duration_bounds{
    50 * us, 100 * us, 250 * us, 500 * us, 1 * ms,   2'500 * us, 5 * ms, 10 * ms,
    25 * ms, 50 * ms,  100 * ms, 250 * ms, 500 * ms, 1 * s,      5 * s,  10 * s};

void CommitCounters::count(const CommitReport& report) noexcept {
  // A step of the purge has no commands, and none that waited.
  if (report.commands > 0) {
    commands_.observe(command_bounds, report.commands);
    waited_.observe(duration_bounds, nanoseconds(report.waited));
  }
  applied_.observe(duration_bounds, nanoseconds(report.applied));
  committed_.observe(duration_bounds, nanoseconds(report.committed));
  bytes_.fetch_add(report.bytes, std::memory_order_relaxed);
  if (!report.succeeded) failed_.fetch_add(1, std::memory_order_relaxed);
}

void CommitCounters::tell(Families& families) const {
  families
      .histogram("store_commit_commands",
                 "Commands in one write transaction; steps of the purge are left out.")
      .add(commands_.sample(command_bounds, 1));
  families
      .histogram("store_commit_wait_seconds",
                 "How long the oldest command of a write transaction had waited for it.")
      .add(waited_.sample(duration_bounds, ns_of_second));
  families.histogram("store_apply_seconds", "Applying the commands of a write transaction.")
      .add(applied_.sample(duration_bounds, ns_of_second));
  families
      .histogram("store_sync_seconds",
                 "LMDB's commit: writing the pages and syncing them to the disk.")
      .add(committed_.sample(duration_bounds, ns_of_second));
  families.counter("store_commit_bytes_total", "Bytes of the commands in write transactions.")
      .add(as_number(bytes_.load(std::memory_order_relaxed)));
  families
      .counter("store_commits_failed_total",
               "Write transactions that failed; after a failed commit the store refuses writes.")
      .add(as_number(failed_.load(std::memory_order_relaxed)));
}

}  // namespace mentat_sync
