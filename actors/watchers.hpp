// Watchers: who of one user waits for HEAD to be somewhere else, and what is known of HEAD.
//
// A watcher is told once and then forgotten; one that wants to go on asks again with what it knows
// by then. So nothing is ever queued for a slow one.
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
  /// ticket to expire() later.
  std::optional<Ticket> add(TransactionId known, OutcomeHandler answer);
  /// The wait of this one is over, unless it was answered before. While nothing is known of HEAD it
  /// goes on to the first head_is(): nobody is told that HEAD is where it may not be.
  void expire(Ticket ticket);
  /// The waits of all are over, also while nothing is known of HEAD.
  void expire_all();
  /// The machinery failed: all are answered `unavailable`.
  void fail_all();

  bool empty() const { return waiting_.empty(); }
  /// Whether add() would answer that there are too many.
  bool refuses(const TransactionId& known) const {
    return waiting_.size() >= max_ && (!head_ || head_->head == known);
  }

  /// Nothing until the first head_is().
  const std::optional<Head>& head() const { return head_; }
  void head_is(const Head& head);

 private:
  struct Watcher {
    TransactionId known;
    OutcomeHandler answer;
    bool expired = false;
  };
  using Waiting = std::unordered_map<Ticket, Watcher>;

  Outcome unchanged(const Watcher& watcher) const;

  const std::size_t max_;
  std::optional<Head> head_;
  Waiting waiting_;
  Ticket next_ticket_ = 0;
};

}  // namespace mentat_sync
