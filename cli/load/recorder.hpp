// Recorder: adds what one shard sees to its LoadResult, while it is measured.
//
// Thread-safety: its shard's thread. Ownership: the progress must outlive it. Failures: none.
#pragma once

#include "cli/load/load_connection.hpp"
#include "cli/load/load_progress.hpp"
#include "cli/load/load_result.hpp"
#include "storage/ids.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mentat_sync {

class Recorder {
 public:
  using Clock = EventLoop::Clock;

  /// Of the first shard: its latencies are the live line's.
  Recorder(LoadProgress& progress, bool first) : progress_(progress), first_(first) {}

  void begin(Clock::time_point now);
  void end(Clock::time_point now);
  bool measuring() const { return measuring_; }

  /// An answer as it should be; `began`: when the request was due or sent.
  void answered(LoadOperation operation, const Answer& answer, Clock::time_point began);
  void conflict() { result_.conflicts += measuring_ ? 1 : 0; }
  void failed(std::string_view kind);
  /// hear_of_change and iteration.
  void took(LoadOperation operation, Clock::duration time);
  /// Counted also when nothing is measured. What is said again of a user and a place of its log,
  /// but for ids and numbers, is the same violation once more.
  void violation(const UserId& user, std::size_t place, const std::string& sentence);

  /// Adds to the live figures what has come since.
  void report();
  LoadResult& result() { return result_; }

 private:
  LoadSecond& second_of(Clock::time_point now);

  LoadProgress& progress_;
  const bool first_;
  bool measuring_ = false;
  Clock::time_point began_;
  Clock::time_point second_ends_;
  std::uint64_t requests_ = 0;
  std::uint64_t errors_ = 0;
  std::uint64_t requests_reported_ = 0;
  std::uint64_t errors_reported_ = 0;
  std::uint64_t conflicts_reported_ = 0;
  LoadResult result_;
  /// By user, place and kind: which of the result's it is, if that lists it.
  std::unordered_map<std::string, std::size_t> violations_;
};

}  // namespace mentat_sync
