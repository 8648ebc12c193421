// WatchTimers: when which user's watches are to be looked at. A message that CAF sends later costs
// a kilobyte until then, and there may be one for each watcher that has come, also of those that
// have gone; here each takes some ten bytes.
//
// Thread-safety: none. Ownership: values.
#pragma once

#include "actors/interfaces.hpp"

#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace mentat_sync {

class WatchTimers {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Those of so long a span go off together, at its end.
  static constexpr std::chrono::milliseconds span{20};

  void add(TimePoint due, const WatchesDue& timer) {
    timers_[end_of_span(due)].push_back(timer);
    ++size_;
  }

  /// When the next one goes off.
  std::optional<TimePoint> next() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->first;
  }

  /// Those that have gone off until `now`.
  std::vector<WatchesDue> take(TimePoint now) {
    std::vector<WatchesDue> due;
    while (!timers_.empty() && timers_.begin()->first <= now) {
      const auto& timers = timers_.begin()->second;
      due.insert(due.end(), timers.begin(), timers.end());
      timers_.erase(timers_.begin());
    }
    size_ -= due.size();
    return due;
  }

  std::size_t size() const { return size_; }

  template <class Unwanted>
  void drop_if(Unwanted unwanted) {
    size_ = 0;
    for (auto entry = timers_.begin(); entry != timers_.end();) {
      auto& timers = entry->second;
      std::erase_if(timers, unwanted);
      timers.shrink_to_fit();
      size_ += timers.size();
      entry = timers.empty() ? timers_.erase(entry) : std::next(entry);
    }
  }

 private:
  static TimePoint end_of_span(TimePoint due) {
    const auto spans = due.time_since_epoch() / span + 1;
    return TimePoint{spans * span};
  }

  std::map<TimePoint, std::vector<WatchesDue>> timers_;
  std::size_t size_ = 0;
};

}  // namespace mentat_sync
