// LocalRequest: a question with the handler of its outcome, for those who are no actors.
//
// Wherever such a request is dropped (the actor has ended, its mailbox is closed), it answers for
// itself: so a handler is called exactly once, whatever becomes of the actors.
//
// Thread-safety: none; it has one owner at a time, as a message has.
// Failures: dropped without an outcome, it answers `unavailable` (repeating is safe) on the thread
// that drops it.
#pragma once

#include "storage/outcome.hpp"
#include "storage/store.hpp"

#include <utility>

namespace mentat_sync {

/// `Question`: a Command or an AwaitHead.
template <class Question>
class LocalRequest {
 public:
  LocalRequest(Question question, OutcomeHandler done)
      : question_(std::move(question)), done_(std::move(done)) {}
  ~LocalRequest() { answer(Outcome{}); }
  LocalRequest(const LocalRequest&) = delete;
  LocalRequest& operator=(const LocalRequest&) = delete;

  UserId user() const { return user_of(question_); }

  /// The question, once.
  Question take() { return std::move(question_); }

  /// Calls the handler unless it was called before.
  void answer(Outcome outcome) {
    if (auto done = std::exchange(done_, nullptr)) done(std::move(outcome));
  }

 private:
  Question question_;
  OutcomeHandler done_;
};

}  // namespace mentat_sync
