// EventLoop: what a shard's thread waits with: sockets and points in time.
//
// It is epoll itself, edge-triggered, and no library around it: a request is one send, one recv and
// a share of one wait, and what a library does beside these could be seen in the figures.
//
// Thread-safety: one thread. Ownership: sources and sleeping coroutines must outlive their waiting.
// Failures: throws std::system_error when the kernel gives no epoll.
// Source: epoll(7), epoll_pwait2(2).
#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <queue>
#include <vector>

namespace mentat_sync {

class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;

  /// Who is told that a descriptor may be read, or written, or has failed. It may be told too much:
  /// it has to try. `hung_up`: the peer will send nothing more than what can be read.
  class Source {
   public:
    virtual void on_ready(bool hung_up) = 0;

   protected:
    ~Source() = default;
  };

  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Until the descriptor is closed.
  void watch(int descriptor, Source& source);

  class Sleep {
   public:
    Sleep(EventLoop& loop, Clock::time_point until) : loop_(loop), until_(until) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> sleeper) { loop_.add(until_, sleeper); }
    void await_resume() const noexcept {}

   private:
    EventLoop& loop_;
    Clock::time_point until_;
  };
  Sleep sleep_until(Clock::time_point time) { return {*this, time}; }
  Sleep sleep(Clock::duration time) { return {*this, Clock::now() + time}; }
  /// Whoever sleeps wakes in the next turn.
  void wake_all() { waking_ = true; }

  /// Waits for something, at most until then, and does what has come.
  void turn(Clock::time_point until);

 private:
  struct Sleeper {
    Clock::time_point until;
    std::coroutine_handle<> coroutine;
    friend bool operator<(const Sleeper& a, const Sleeper& b) { return a.until > b.until; }
  };

  void add(Clock::time_point until, std::coroutine_handle<> sleeper) {
    sleepers_.push({until, sleeper});
  }
  int wait(Clock::time_point until);
  void wake_due();

  int epoll_;
  bool waking_ = false;
  bool precise_ = true;
  std::priority_queue<Sleeper> sleepers_;
};

}  // namespace mentat_sync
