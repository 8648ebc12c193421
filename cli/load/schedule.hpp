// Schedule: when iterations are due. Of a closed loop: whenever a device is free. Of an open one:
// at fixed times, whatever becomes of those before; what waits for a device waits in order.
//
// Thread-safety: its shard's thread. Ownership: devices that wait must outlive it, or release() be
// called. Failures: none.
#pragma once

#include "cli/load/event_loop.hpp"

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <deque>
#include <optional>

namespace mentat_sync {

class Schedule {
 public:
  using Clock = EventLoop::Clock;

  /// Nothing: a closed loop.
  explicit Schedule(std::optional<double> per_second);

  /// The first one is due then; what was due before and has not begun is dropped, and the counts
  /// begin anew.
  void begin(Clock::time_point now);
  bool open_loop() const { return interval_.count() > 0; }

  /// Done when an iteration is due for who waits; gives the time when it was due.
  class Due {
   public:
    explicit Due(Schedule& schedule) : schedule_(schedule) {}
    bool await_ready() { return schedule_.take(due_); }
    void await_suspend(std::coroutine_handle<> device) {
      schedule_.waiting_.push_back({device, &due_});
    }
    Clock::time_point await_resume() const { return due_; }

   private:
    Schedule& schedule_;
    Clock::time_point due_;
  };
  Due next() { return Due{*this}; }

  /// When to call dispatch() again: at once is `now`.
  Clock::time_point next_due() const;
  void dispatch(Clock::time_point now);
  /// Nobody waits any more.
  void release();

  /// Up to `now`.
  std::uint64_t due_count(Clock::time_point now) const;
  std::uint64_t begun_count() const { return begun_; }

 private:
  struct Waiting {
    std::coroutine_handle<> device;
    Clock::time_point* due;
  };

  bool take(Clock::time_point& due);
  Clock::time_point time_of(std::uint64_t iteration) const;

  /// Of doubles, because a rate need not divide a second.
  std::chrono::duration<double, std::nano> interval_{0};
  bool released_ = false;
  Clock::time_point began_ = Clock::time_point::max();
  std::uint64_t begun_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace mentat_sync
