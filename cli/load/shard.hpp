// Shard: one thread of a load test, with a loop, users, connections and devices of its own.
//
// Thread-safety: all of it on one thread, but for the orders and the progress. Ownership: the
// setup's references must outlive it.
// Failures: Status, of the preparation; all that goes wrong later is in the result.
#pragma once

#include "cli/load/device.hpp"
#include "cli/load/load_orders.hpp"
#include "cli/load/load_progress.hpp"
#include "cli/load/load_target.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

namespace mentat_sync {

class Shard {
 public:
  using Clock = EventLoop::Clock;

  struct Setup {
    const LoadOptions& options;
    const LoadTarget& target;
    LoadProgress& progress;
    const LoadOrders& orders;
    /// Of `options.threads`.
    unsigned number;
    /// Of ids; random.
    std::uint64_t id_seed;
  };

  explicit Shard(const Setup& setup);

  /// Of the first shard: whether the server can do what is asked for.
  Status probe(bool& has_log);
  Status prepare(bool has_log);
  /// Opens the connections from `start` on, and measures from `measured` to `end`.
  void run(Clock::time_point start, Clock::time_point measured, Clock::time_point end);
  void verify();
  LoadResult& result() { return recorder_.result(); }

 private:
  void add_devices();
  /// Starts what `task_of(device)` gives for each device, and waits until all have ended.
  template <class TaskOf>
  void run_all(TaskOf task_of);
  void measure(Clock::time_point measured, Clock::time_point end);
  void turn(Clock::time_point until);
  void sweep(Clock::time_point now);
  void end_early(Clock::time_point now);
  void finish();
  void report();

  const Setup setup_;
  EventLoop loop_;
  UserPool users_;
  Recorder recorder_;
  Schedule schedule_;
  ShardParts parts_;
  std::vector<char> room_;
  std::deque<LoadConnection> connections_;
  std::deque<Device> devices_;
  Clock::time_point next_sweep_;
  Clock::time_point next_report_;
  Clock::duration sweep_interval_;
  std::uint64_t connected_reported_ = 0;
  /// An order to stop is still to be followed; it is not while it verifies.
  bool stoppable_ = true;
};

}  // namespace mentat_sync
