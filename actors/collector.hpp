// The collector: has the garbage of all users collected in the background.
//
// A pass asks for the users that have something to look at, a page at a time, and sends each user's
// actor one Collect after another until its log has been looked at whole. After each step it rests
// several times as long as that took, so that writers hardly notice; what a step takes includes
// waiting behind them, so that it gives way to load. It remembers nothing that matters: after a
// restart a pass begins anew.
//
// Thread-safety: spawn_collector() from any thread; the collector is an actor.
// Ownership and lifetime: ends by an exit message, and when the directory does not answer any more
// its passes fail until then.
// Failures: a step that is not answered, or is refused, ends the pass; the next one tries again.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/options.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace mentat_sync {

class CollectorState {
 public:
  static constexpr const char* name = "mentat-sync.collector";

  explicit CollectorState(CollectorActor::pointer self) : self_(self) {}
  CollectorState(const CollectorState&) = delete;
  CollectorState& operator=(const CollectorState&) = delete;

  CollectorActor::behavior_type start(SyncActor directory, CollectorOptions options);

 private:
  using Clock = std::chrono::steady_clock;

  void on_collect_now();
  void on_begin_pass();
  void on_next_step();
  void on_page(UserPage& page);
  void on_outcome(Outcome& outcome);
  void on_failure(const char* what);

  void begin_pass();
  void ask_for_page();
  void collect_step();
  void note_collected(const Collected& collected);
  void rest();
  /// Of a pass that looked at all users.
  void count_pass();
  void end_pass();
  void begin_pass_later();

  CollectorActor::pointer self_;
  SyncActor directory_;
  CollectorOptions options_;

  bool in_pass_ = false;
  bool pass_is_due_ = false;
  /// Somebody waits for this pass: no rests.
  bool hurry_ = false;
  /// Somebody asked while a pass was under way: what it has passed may be garbage by now.
  bool again_ = false;

  /// Users of the present page that are not done, and where the next page begins.
  std::deque<UserId> users_;
  std::optional<UserId> next_page_;
  std::string resume_at_;
  Clock::time_point step_began_;
  Clock::time_point pass_began_;

  Collected total_;
  std::uint64_t users_looked_at_ = 0;
};

/// `directory` must outlive it, or its messages go nowhere.
CollectorActor spawn_collector(caf::actor_system& system, SyncActor directory,
                               CollectorOptions options = {});

}  // namespace mentat_sync
