// A device's life: wait until an iteration is due, run it, record it.
#include "cli/load/device.hpp"

#include "cli/load/content.hpp"
#include "cli/load/load_bounds.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {

Device::Device(ShardParts& shard, LoadConnection& connection, Scenario scenario, std::size_t number,
               std::uint64_t seed, LoadProgress& progress)
    : shard_(shard),
      connection_(connection),
      scenario_(scenario),
      number_(number),
      progress_(progress),
      random_(seed) {}

/// The first one watches what others do, if it is alone.
bool Device::only_watches() const {
  return scenario_ == Scenario::watch && number_ % load_bounds::watchers_of_a_changer != 1;
}

Task<> Device::run(Clock::time_point start) {
  if (start > Clock::now()) co_await shard_.loop.sleep_until(start);
  while (!shard_.stopping) {
    auto began = Clock::now();
    due_.reset();
    if (shard_.schedule.open_loop() && !only_watches()) {
      began = co_await shard_.schedule.next();
      due_ = began;
    }
    failed_ = false;
    connected_ = true;
    do {
      idle_ = false;
      co_await iterate();
    } while (idle_ && !shard_.stopping);
    const bool whole = !only_watches() && !failed_ && !shard_.stopping;
    if (whole) shard_.recorder.took(LoadOperation::iteration, Clock::now() - began);
    co_await rest();
  }
  --shard_.at_work;
}

/// Between two iterations.
Task<> Device::rest() {
  if (shard_.stopping) co_return;
  if (!connected_) co_await shard_.loop.sleep(load_bounds::unreachable_pause);
  const bool changes = scenario_ == Scenario::watch && !only_watches();
  if (changes && !shard_.schedule.open_loop()) {
    co_await shard_.loop.sleep(load_bounds::change_interval);
  }
}

Task<> Device::iterate() {
  switch (scenario_) {
    case Scenario::sync:
      return sync();
    case Scenario::bootstrap:
      return bootstrap();
    case Scenario::read:
      return read();
    case Scenario::write:
      return write();
    case Scenario::race:
      return race();
    case Scenario::watch:
      return watch();
    case Scenario::log:
      return log();
  }
  return sync();
}

Task<> Device::no_user_free() {
  idle_ = true;
  co_await shard_.loop.sleep(load_bounds::no_user_pause);
}

TransactionId Device::new_id() {
  return {random_uuid(shard_.ids)};
}

Device::Change Device::new_change(const TransactionId& parent, std::uint32_t chunks) {
  Change change;
  change.id = new_id();
  change.parent = parent;
  change.content = change.id;
  change.chunks = chunks;
  if (random_.chance(shard_.options.abandon_percent)) {
    change.abandoned_after = static_cast<std::uint32_t>(random_.below(chunks + 1)) + 1;
  }
  return change;
}

void Device::check(const LoadUser& user, const std::string& contradiction, std::size_t place) {
  if (!contradiction.empty()) shard_.recorder.violation(user.id, place, contradiction);
}

/// For those who watch.
void Device::note_move(LoadUser& user, const TransactionId& id) {
  if (user.watchers == 0) return;
  auto& moves = user.moves_asked;
  if (moves.size() == load_bounds::moves_kept) moves.erase(moves.begin());
  moves.emplace_back(id, Clock::now());
}

}  // namespace mentat_sync
