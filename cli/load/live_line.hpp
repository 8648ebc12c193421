// LiveLine: what a load test is at, in one line that is drawn over itself, while it runs on other
// threads; and the one who hears of Ctrl-C meanwhile.
//
// Thread-safety: make and destroy it on one thread; it has a thread of its own between that.
// Ownership and lifetime: all that it is given must outlive it; the destructor removes the line.
// Failures: none; what cannot be drawn is not.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/load_progress.hpp"
#include "http/client/interrupter.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <thread>

namespace mentat_sync {

/// Figures of one moment, and what became of them since the last.
struct LiveFigures {
  LoadProgress::Phase phase = LoadProgress::Phase::preparing;
  /// Of the phase.
  std::chrono::milliseconds time_left{0};
  /// Nothing: a second has not gone by yet.
  std::optional<double> requests_per_second;
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p99{0};
  std::uint64_t errors = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t connections = 0;
  std::uint64_t users_verified = 0;
  std::uint64_t users = 0;
};

/// "8 s left  12,345 requests/s  p50 1.23 ms  p99 4.56 ms  0 errors  …", without an end of line.
std::string live_text(const LiveFigures& figures);

class LiveLine {
 public:
  /// `drawn`: whether there is a terminal. `on_interrupt` is called once, on the line's thread.
  LiveLine(const LoadOptions& options, const LoadProgress& progress, const Interrupter& interrupter,
           std::function<void()> on_interrupt, std::ostream& out, bool drawn);
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void rest();
  void draw();
  LiveFigures figures();
  void enter(LoadProgress::Phase phase, Clock::time_point now);
  std::chrono::milliseconds time_left();
  void count_requests(Clock::time_point now);

  const LoadOptions& options_;
  const LoadProgress& progress_;
  const Interrupter& interrupter_;
  const std::function<void()> on_interrupt_;
  std::ostream& out_;
  const bool drawn_;
  bool interrupted_ = false;
  LoadProgress::Phase phase_ = LoadProgress::Phase::preparing;
  Clock::time_point phase_began_ = Clock::now();
  Clock::time_point counted_at_ = Clock::now();
  std::uint64_t counted_ = 0;
  std::optional<double> rate_;
  std::atomic<bool> ending_{false};
  /// Last: it uses all of the others.
  std::thread thread_;
};

}  // namespace mentat_sync
