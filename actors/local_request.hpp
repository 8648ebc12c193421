// LocalRequest: a command with the handler of its outcome, for those who are no actors.
//
// Wherever such a request is dropped (the actor has ended, its mailbox is closed), it answers for
// itself: so a handler is called exactly once, whatever becomes of the actors.
//
// Thread-safety: none; it has one owner at a time, as a message has.
// Failures: dropped without an outcome, it answers `unavailable` (repeating is safe) on the thread
// that drops it.
#pragma once

#include "storage/commands.hpp"
#include "storage/store.hpp"

#include <utility>

namespace mentat_sync {

class LocalRequest {
 public:
  LocalRequest(Command command, OutcomeHandler done)
      : command_(std::move(command)), done_(std::move(done)) {}
  ~LocalRequest() { answer(Outcome{}); }
  LocalRequest(const LocalRequest&) = delete;
  LocalRequest& operator=(const LocalRequest&) = delete;

  UserId user() const { return user_of(command_); }

  /// The command, once.
  Command take_command() { return std::move(command_); }

  /// Calls the handler unless it was called before.
  void answer(Outcome outcome) {
    if (auto done = std::exchange(done_, nullptr)) done(std::move(outcome));
  }

 private:
  Command command_;
  OutcomeHandler done_;
};

}  // namespace mentat_sync
