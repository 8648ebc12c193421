// ActorOptions: what can be set of the directory and its user actors.
//
// Thread-safety: a value type.
#pragma once

#include "actors/counters.hpp"
#include "storage/bounds.hpp"
#include "storage/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mentat_sync {

struct ActorOptions {
  /// One user's commands in flight; what goes beyond is answered `overloaded`.
  std::size_t max_user_commands = bounds::user_queue_commands;
  /// Their bytes. A single command may be larger when nothing else is in flight.
  std::uint64_t max_user_bytes = bounds::user_queue_bytes;
  /// User actors at a time; commands for further users are answered `overloaded`.
  std::size_t max_live_users = bounds::live_users;
  /// A user actor without work for this long goes away, at the latest after twice as long.
  std::chrono::nanoseconds passivate_after = bounds::passivate_after;
  /// What the directory and its user actors count; null: nothing.
  std::shared_ptr<ActorCounters> counters;
  Log log;
};

struct CollectorOptions {
  /// Between the end of a pass over all users and the beginning of the next; 0: only when asked.
  std::chrono::milliseconds interval = bounds::collect_interval;
  /// After a step, how many times as long as it took nothing is collected, and the least of that.
  int rest_factor = bounds::collect_rest_factor;
  std::chrono::milliseconds rest_min = bounds::collect_rest_min;
  /// What the collector counts; null: nothing.
  std::shared_ptr<ActorCounters> counters;
  Log log;
};

}  // namespace mentat_sync
