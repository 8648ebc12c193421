// The loop of a shard's thread: wait, go on with whom something has come for, now and then look for
// timeouts and add to the live figures.
#include "cli/load/shard.hpp"

#include "cli/load/load_bounds.hpp"
#include "cli/load/preparation.hpp"
#include "cli/load/random.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace mentat_sync {
namespace {

std::chrono::nanoseconds cpu_of_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

std::optional<double> rate_of(const LoadOptions& options) {
  if (!options.rate) return std::nullopt;
  return *options.rate / options.threads;
}

/// The scenarios of all connections, mixed as evenly as they can be.
std::vector<Scenario> scenarios_of(const LoadOptions& options) {
  const auto parts = options.mix.divide(options.connections);
  std::vector<std::pair<double, Scenario>> places;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t k = 0; k < parts[i]; ++k) {
      const auto place = (static_cast<double>(k) + 0.5) / static_cast<double>(parts[i]);
      places.emplace_back(place, static_cast<Scenario>(i));
    }
  }
  std::sort(places.begin(), places.end());
  std::vector<Scenario> scenarios;
  for (const auto& [place, scenario] : places) scenarios.push_back(scenario);
  return scenarios;
}

}  // namespace

Shard::Shard(const Setup& setup)
    : setup_(setup),
      users_(setup.options.seed, setup.number, setup.options.threads, setup.options.users,
             setup.options.devices),
      recorder_(setup.progress, setup.number == 0),
      schedule_(rate_of(setup.options)),
      parts_(setup.options, users_, recorder_, schedule_, loop_, setup.id_seed),
      room_(load_bounds::read_bytes),
      sweep_interval_(std::clamp<Clock::duration>(
          setup.options.timeout / 4, std::chrono::milliseconds{1}, load_bounds::sweep_interval)) {
  add_devices();
}

void Shard::add_devices() {
  const auto scenarios = scenarios_of(setup_.options);
  std::array<std::size_t, scenario_count> of_scenario{};
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    if (i % setup_.options.threads != setup_.number) continue;
    const auto number = of_scenario[static_cast<std::size_t>(scenarios[i])]++;
    const auto seed = mixed(setup_.options.seed) ^ mixed(i + 1);
    auto& connection =
        connections_.emplace_back(loop_, setup_.target, room_, setup_.options.timeout);
    devices_.emplace_back(parts_, connection, scenarios[i], number, seed, setup_.progress);
  }
}

void Shard::turn(Clock::time_point until) {
  loop_.turn(std::min({until, next_sweep_, schedule_.next_due()}));
  const auto now = Clock::now();
  schedule_.dispatch(now);
  if (now >= next_sweep_) sweep(now);
  if (now >= next_report_) report();
}

void Shard::sweep(Clock::time_point now) {
  next_sweep_ = now + sweep_interval_;
  for (auto& connection : connections_) connection.expire(now);
  parts_.server_gone = setup_.orders.server_gone;
  if (stoppable_ && setup_.orders.stop) end_early(now);
}

/// Nothing more is asked, and what was asked has not long to be answered.
void Shard::end_early(Clock::time_point now) {
  stoppable_ = false;
  parts_.stopping = true;
  for (auto& connection : connections_) {
    connection.refuse();
    connection.hurry(now + load_bounds::interrupted_patience);
  }
  loop_.wake_all();
}

void Shard::report() {
  next_report_ = Clock::now() + load_bounds::progress_interval;
  const auto connected = static_cast<std::uint64_t>(
      std::count_if(connections_.begin(), connections_.end(),
                    [](const auto& connection) { return connection.is_connected(); }));
  setup_.progress.connections += connected - connected_reported_;
  connected_reported_ = connected;
  recorder_.report();
}

template <class TaskOf>
void Shard::run_all(TaskOf task_of) {
  parts_.at_work = devices_.size();
  std::vector<Task<>> tasks;
  for (auto& device : devices_) tasks.push_back(task_of(device));
  for (auto& task : tasks) task.start();
  while (parts_.at_work > 0) {
    turn(Clock::now() + load_bounds::progress_interval);
    for (const auto& task : tasks) {
      if (task.done()) task.rethrow();
    }
  }
}

Status Shard::probe(bool& has_log) {
  auto probing = devices_.front().probe();
  probing.start();
  while (!probing.done()) {
    turn(Clock::now() + load_bounds::progress_interval);
    if (setup_.orders.stop) devices_.front().connection().interrupt();
  }
  probing.rethrow();
  has_log = parts_.has_log;
  return parts_.fault.empty() ? Status{} : Status{ErrorCode::io, parts_.fault};
}

Status Shard::prepare(bool has_log) {
  if (setup_.options.mix.weight(Scenario::read) == 0) return {};
  parts_.has_log = has_log;
  const auto share = load_bounds::prepared_users_max / setup_.options.threads + 1;
  const auto count = std::min<std::uint64_t>(users_.size(), share);
  auto preparing = preparing_devices(setup_.options, has_log);
  parts_.last_prepared = Clock::now();
  run_all([&](Device& device) {
    const bool prepares = preparing > 0;
    preparing -= prepares ? 1 : 0;
    return device.prepare(prepares ? count : 0);
  });
  return parts_.fault.empty() ? Status{} : Status{ErrorCode::io, parts_.fault};
}

void Shard::run(Clock::time_point start, Clock::time_point measured, Clock::time_point end) {
  parts_.stopping = setup_.orders.stop;
  parts_.at_work = devices_.size();
  std::vector<Task<>> tasks;
  const auto step = (measured - start) / static_cast<Clock::rep>(devices_.size());
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    tasks.push_back(devices_[i].run(start + step * static_cast<Clock::rep>(i)));
  }
  schedule_.begin(start);
  if (measured <= Clock::now()) recorder_.begin(Clock::now());
  for (auto& task : tasks) task.start();
  measure(measured, end);
  finish();
  for (const auto& task : tasks) task.rethrow();
}

void Shard::measure(Clock::time_point measured, Clock::time_point end) {
  auto cpu = cpu_of_thread();
  for (auto now = Clock::now(); now < end && !setup_.orders.stop; now = Clock::now()) {
    if (now >= measured && !recorder_.measuring()) {
      cpu = cpu_of_thread();
      // What could not begin in the ramp is no backlog.
      schedule_.begin(now);
      recorder_.begin(now);
    }
    turn(recorder_.measuring() ? end : std::min(measured, end));
  }
  if (!recorder_.measuring()) return;
  const auto now = Clock::now();
  recorder_.end(now);
  auto& result = recorder_.result();
  result.own_cpu = cpu_of_thread() - cpu;
  result.iterations_due = schedule_.due_count(now);
  result.iterations_not_begun = result.iterations_due - schedule_.begun_count();
}

/// What was asked is still answered, for the ledger; watchers wait no longer.
void Shard::finish() {
  parts_.stopping = true;
  for (auto& device : devices_) {
    if (device.only_watches()) {
      device.connection().interrupt();
    } else {
      device.connection().refuse();
    }
  }
  loop_.wake_all();
  schedule_.release();
  while (parts_.at_work > 0) turn(Clock::now() + load_bounds::progress_interval);
  for (const auto& connection : connections_) {
    recorder_.result().connections_opened += connection.opened();
  }
}

void Shard::verify() {
  stoppable_ = false;
  for (auto& connection : connections_) {
    connection.allow();
    connection.set_timeout(setup_.options.timeout);
  }
  parts_.last_verified = Clock::now();
  run_all([](Device& device) { return device.verify(); });
  report();
}

}  // namespace mentat_sync
