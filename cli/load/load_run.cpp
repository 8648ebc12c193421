// Threads: one for each shard. They wait for one another before what is measured, so that all
// measure the same time.
#include "cli/load/load_run.hpp"

#include "cli/load/load_bounds.hpp"
#include "cli/load/shard.hpp"

#include <algorithm>
#include <barrier>
#include <exception>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

using Clock = EventLoop::Clock;

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

/// What the threads share until they have ended.
struct Stage {
  const LoadOptions& options;
  LoadProgress& progress;
  bool has_log = false;
  Clock::time_point start = {};
  std::vector<Status> statuses = {};
  std::vector<std::exception_ptr> failures = {};

  bool failed() const {
    const auto is_failure = [](const Status& status) { return !status.ok(); };
    return std::any_of(statuses.begin(), statuses.end(), is_failure) || thrown();
  }
  bool thrown() const {
    return std::any_of(failures.begin(), failures.end(), [](const auto& one) { return !!one; });
  }
  void enter(LoadProgress::Phase phase) const { progress.phase = phase; }
};

/// Runs `work`; what it throws is for the thread that has called.
template <class Work>
void guarded(std::exception_ptr& failure, Work work) {
  try {
    work();
  } catch (...) {
    failure = std::current_exception();
  }
}

template <class Barrier>
void run_shard(Shard& shard, unsigned number, Stage& stage, Barrier& barrier) {
  auto& failure = stage.failures[number];
  guarded(failure, [&] { stage.statuses[number] = shard.prepare(stage.has_log); });
  barrier.arrive_and_wait();
  if (stage.failed()) return;
  const auto& options = stage.options;
  guarded(failure, [&] {
    const auto measured = stage.start + options.ramp;
    shard.run(stage.start, measured, measured + options.duration);
  });
  barrier.arrive_and_wait();
  if (stage.thrown() || !options.verify) return;
  guarded(failure, [&] { shard.verify(); });
}

Result<LoadResult> merged(const std::vector<std::unique_ptr<Shard>>& shards, const Stage& stage) {
  for (const auto& failure : stage.failures) {
    if (failure) std::rethrow_exception(failure);
  }
  for (const auto& status : stage.statuses) {
    if (!status.ok()) return status;
  }
  LoadResult result;
  for (const auto& shard : shards) result.merge(shard->result());
  return result;
}

}  // namespace

Result<LoadResult> LoadRun::run() {
  auto target = LoadTarget::find(server_, options_.access, orders_.stop);
  if (!target && orders_.interrupted()) return LoadResult{};
  if (!target) return target.status();
  std::vector<std::unique_ptr<Shard>> shards;
  const auto seed = random_seed();
  for (unsigned i = 0; i < options_.threads; ++i) {
    const Shard::Setup setup{options_, *target, progress_, orders_, i, mixed(seed + i)};
    shards.push_back(std::make_unique<Shard>(setup));
  }
  Stage stage{options_, progress_};
  stage.statuses.resize(options_.threads);
  stage.failures.resize(options_.threads);
  if (Status status = shards.front()->probe(stage.has_log); !status.ok()) {
    if (orders_.interrupted()) return LoadResult{};
    return Status{status.code(), server_.to_string() + ": " + status.message()};
  }
  bool measured = false;
  std::barrier barrier{static_cast<std::ptrdiff_t>(options_.threads), [&]() noexcept {
                         stage.start = Clock::now();
                         const auto first = options_.ramp.count() > 0
                                                ? LoadProgress::Phase::ramping
                                                : LoadProgress::Phase::measuring;
                         stage.enter(measured ? LoadProgress::Phase::verifying : first);
                         measured = true;
                       }};
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < options_.threads; ++i) {
      threads.emplace_back([&, i] { run_shard(*shards[i], i, stage, barrier); });
    }
  }
  stage.enter(LoadProgress::Phase::ended);
  return merged(shards, stage);
}

}  // namespace mentat_sync
