// Iteration n is due at n intervals from the beginning: errors do not add up.
#include "cli/load/schedule.hpp"

#include <utility>

namespace mentat_sync {

Schedule::Schedule(std::optional<double> per_second) {
  if (per_second) interval_ = std::chrono::duration<double>{1 / *per_second};
}

void Schedule::begin(Clock::time_point now) {
  began_ = now;
  begun_ = 0;
}

Schedule::Clock::time_point Schedule::time_of(std::uint64_t iteration) const {
  const auto since = interval_ * static_cast<double>(iteration);
  return began_ + std::chrono::duration_cast<Clock::duration>(since);
}

bool Schedule::take(Clock::time_point& due) {
  const auto now = Clock::now();
  if (!open_loop() || released_) {
    due = now;
    return true;
  }
  if (!waiting_.empty() || began_ > now || time_of(begun_) > now) return false;
  due = time_of(begun_++);
  return true;
}

Schedule::Clock::time_point Schedule::next_due() const {
  const bool nothing = waiting_.empty() || began_ == Clock::time_point::max();
  return nothing ? Clock::time_point::max() : time_of(begun_);
}

void Schedule::dispatch(Clock::time_point now) {
  while (!waiting_.empty() && began_ <= now && time_of(begun_) <= now) {
    const auto next = waiting_.front();
    waiting_.pop_front();
    *next.due = time_of(begun_++);
    next.device.resume();
  }
}

void Schedule::release() {
  released_ = true;
  for (const auto& one : std::exchange(waiting_, {})) {
    *one.due = Clock::now();
    one.device.resume();
  }
}

std::uint64_t Schedule::due_count(Clock::time_point now) const {
  if (!open_loop() || now < began_) return 0;
  return static_cast<std::uint64_t>((now - began_) / interval_) + 1;
}

}  // namespace mentat_sync
