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

#include "storage/bounds.hpp"
#include "storage/ids.hpp"
#include "storage/queries.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace mentat_sync {

class Watchers {
 public:
  using Ticket = std::uint64_t;

  explicit Watchers(std::size_t max = bounds::watchers_per_user) : max_(max) {}
  ~Watchers();
  Watchers(const Watchers&) = delete;
  Watchers& operator=(const Watchers&) = delete;

  /// Answers at once when HEAD is known to be elsewhere, or when there are too many; otherwise the
  /// ticket to expire() later. `known.seq` may be 0, for not known.
  std::optional<Ticket> add(const Head& known, OutcomeHandler answer);
  /// The wait of this one is over, unless it was answered before. While it is in doubt it goes on:
  /// nobody is told that HEAD is where it may not be.
  void expire(Ticket ticket);
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
    OutcomeHandler answer;
    Doubt doubt = Doubt::none;
    bool expired = false;
  };
  using Waiting = std::unordered_map<Ticket, Watcher>;

  /// Whether HEAD is known to have moved on from there.
  bool is_behind(const Head& known) const {
    return head_ && head_->head != known.head && head_->seq > known.seq;
  }
  Waiting take_all();
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
  Ticket next_ticket_ = 0;
};

}  // namespace mentat_sync
