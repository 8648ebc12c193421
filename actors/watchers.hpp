// Watchers: who of one user waits for HEAD to be somewhere else, and what is known of HEAD.
//
// A watcher is told once and then forgotten; one that wants to go on asks again with what it knows
// by then. So nothing is ever queued for a slow one.
//
// What is known here comes from the outcomes of commands, which take a moment from the disk to
// here. A watcher that has read HEAD itself may be ahead of that, or may know a log that was
// deleted: it is in doubt, until the store has been asked anew where HEAD is.
//
// Thread-safety: none; it belongs to a user actor.
// Failures: destroyed, it answers those who still wait with `unavailable`.
#pragma once

#include "actors/await_head.hpp"
#include "storage/bounds.hpp"
#include "storage/ids.hpp"
#include "storage/queries.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace mentat_sync {

class Watchers {
 public:
  using Clock = std::chrono::steady_clock;
  using TimePoint = Clock::time_point;

  explicit Watchers(std::size_t max = bounds::watchers_per_user) : max_(max) {}
  ~Watchers();
  Watchers(const Watchers&) = delete;
  Watchers& operator=(const Watchers&) = delete;

  /// Answers at once when HEAD is known to be elsewhere, or when there are too many; otherwise it
  /// waits, and this is true. `known.seq` may be 0, for not known. No two have the same ticket.
  bool add(WatchTicket ticket, const Head& known, TimePoint until, OutcomeHandler answer);
  /// Nobody waits for the answer any more: `unavailable`, unless it was answered before.
  void withdraw(WatchTicket ticket);

  /// A timer that the owner is to set now; nothing while the one that is set will do.
  struct Timer {
    std::uint64_t number = 0;
    TimePoint due;
  };
  std::optional<Timer> next_timer();
  /// Ends the waits that are over. While a watcher is in doubt its wait goes on: nobody is told
  /// that HEAD is where it may not be. An earlier timer's is nothing.
  void timer_has_gone_off(std::uint64_t number, TimePoint now);
  /// The waits of all are over, also while nothing is known of HEAD.
  void expire_all();
  /// The machinery failed: all are answered `unavailable`.
  void fail_all();

  bool empty() const { return waiting_.empty(); }
  /// Whether add() would answer that there are too many.
  bool refuses(const Head& known) const { return waiting_.size() >= max_ && !is_behind(known); }

  /// A command has moved HEAD there.
  void moved(const Head& head);
  /// The user's log was deleted.
  void forgotten();

  /// Whether somebody is in doubt, and the store is not being asked on their behalf.
  bool should_ask() const { return open_doubts_ > 0; }
  /// The store is being asked where HEAD is, from now on.
  void asking();
  /// What the store has answered to that.
  void found(const Head& head);

 private:
  enum class Doubt : std::uint8_t { none, open, asked };

  struct Watcher {
    Head known;
    TimePoint until;
    OutcomeHandler answer;
    Doubt doubt = Doubt::none;
    bool expired = false;
  };
  using Waiting = std::unordered_map<WatchTicket, Watcher>;

  /// Whether HEAD is known to have moved on from there.
  bool is_behind(const Head& known) const {
    return head_ && head_->head != known.head && head_->seq > known.seq;
  }
  Waiting take_all();
  Watcher take(Waiting::iterator watcher);
  void expire(WatchTicket ticket);
  template <class IsTold>
  void tell(const Head& head, IsTold is_told);
  Outcome unchanged(const Watcher& watcher) const;

  const std::size_t max_;
  /// Nothing until a command or the store has told of it.
  std::optional<Head> head_;
  Waiting waiting_;
  std::size_t open_doubts_ = 0;
  /// A deletion has come while the store was asked: it may not have known.
  bool answer_is_void_ = false;
  /// Of those whose wait is not over.
  std::set<std::pair<TimePoint, WatchTicket>> ends_;
  /// The one that is set; those set before it were for later.
  std::optional<Timer> timer_;
  std::uint64_t timers_ = 0;
};

}  // namespace mentat_sync
