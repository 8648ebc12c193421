// Gateway: how code that is not an actor (an HTTP session) hands commands to the user actors.
//
// It hides CAF: nothing that includes this header sees one of CAF's.
//
// Thread-safety: submit() may be called from any thread.
// Ownership and lifetime: refers to the actors; whoever made both destroys the gateway's users
// first. Failures: as Store::submit: a command always ends in exactly one Outcome.
#pragma once

#include "actors/await_head.hpp"
#include "storage/commands.hpp"
#include "storage/store.hpp"

namespace mentat_sync {

class Gateway {
 public:
  virtual ~Gateway() = default;

  /// Sends `command` to its user's actor. `done` is called once, on a thread on which actors run,
  /// with the outcome after it is on disk; it must be short, must not block and must not throw. A
  /// refusal (`overloaded`, or `unavailable` when the actors have ended) may come before submit()
  /// returns.
  /// Order: one caller's commands for one user are applied in the order of its calls.
  virtual void submit(Command command, OutcomeHandler done) = 0;

  /// Asks the user's actor to say when HEAD is elsewhere. `done` is called once, as in submit(),
  /// after `watch.wait_ms` at the latest.
  virtual WatchTicket watch(AwaitHead watch, OutcomeHandler done) = 0;

  /// Nobody waits for that watch of `user` any more: it is answered now, as `unavailable`, unless
  /// it was answered before. From any thread.
  virtual void withdraw(UserId user, WatchTicket ticket) = 0;

  /// Has all watchers answered now, and from now on none wait: before the server drains.
  virtual void release_watchers() = 0;
};

}  // namespace mentat_sync
