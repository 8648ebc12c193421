// Interrupter: ends what a client waits for, from a signal handler or another thread.
//
// Thread-safety: interrupt() may be called from any thread and from a signal handler.
// Ownership and lifetime: must outlive the clients that were given it.
// Failures: the constructor throws std::system_error when there are no descriptors left.
// Source: eventfd(2), signal-safety(7).
#pragma once

#include <chrono>

namespace mentat_sync {

class Interrupter {
 public:
  Interrupter();
  ~Interrupter();
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

  /// For good: what waits ends, and what begins after it ends at once.
  void interrupt() noexcept;
  bool interrupted() const;
  /// Waits; true when interrupted, false when the time is over.
  bool wait_for(std::chrono::milliseconds time) const;

  /// Readable once interrupted, for poll(2).
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

}  // namespace mentat_sync
