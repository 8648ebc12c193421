// Watch: one who waits for HEAD to move, and may give up waiting. A long poll asks once, an event
// stream once for each event.
//
// Thread-safety: ask() by one thread at a time; withdraw() from any, also while ask() runs.
// Ownership and lifetime: the gateway must outlive it. Failures: withdrawn, it asks nobody. For
// want of memory a question may not be withdrawn; it ends with its wait then.
#pragma once

#include "actors/gateway.hpp"

#include <atomic>
#include <limits>
#include <new>
#include <utility>

namespace mentat_sync {

class Watch {
 public:
  Watch(Gateway& gateway, UserId user) : gateway_(gateway), user_(user) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// As Gateway::watch(); after withdraw() the answer is `unavailable`.
  void ask(const AwaitHead& question, OutcomeHandler done) {
    if (ticket_ == withdrawn) return done(Outcome{});
    const WatchTicket ticket = gateway_.watch(question, std::move(done));
    // It may be answered by now. To withdraw what was answered is nothing.
    if (ticket_.exchange(ticket) != withdrawn) return;
    ticket_ = withdrawn;
    withdraw(ticket);
  }

  /// Nobody wants the answer any more, nor any later one.
  void withdraw() noexcept {
    const WatchTicket ticket = ticket_.exchange(withdrawn);
    if (ticket != none && ticket != withdrawn) withdraw(ticket);
  }

 private:
  static constexpr WatchTicket none = 0;
  static constexpr WatchTicket withdrawn = std::numeric_limits<WatchTicket>::max();

  void withdraw(WatchTicket ticket) noexcept {
    try {
      gateway_.withdraw(user_, ticket);
    } catch (const std::bad_alloc&) {
    }
  }

  Gateway& gateway_;
  const UserId user_;
  std::atomic<WatchTicket> ticket_ = none;
};

}  // namespace mentat_sync
