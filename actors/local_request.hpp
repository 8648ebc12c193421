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

#ifdef __SANITIZE_THREAD__
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace mentat_sync {

/// `Question`: a Command or an AwaitHead.
template <class Question>
class LocalRequest {
 public:
  LocalRequest(Question question, OutcomeHandler done)
      : question_(std::move(question)), done_(std::move(done)) {
    note_made();
  }
  ~LocalRequest() { answer(Outcome{}); }
  LocalRequest(const LocalRequest&) = delete;
  LocalRequest& operator=(const LocalRequest&) = delete;

  UserId user() {
    note_received();
    return user_of(question_);
  }

  /// The question, once.
  Question take() {
    note_received();
    return std::move(question_);
  }

  /// Calls the handler unless it was called before.
  void answer(Outcome outcome) {
    note_received();
    if (auto done = std::exchange(done_, nullptr)) done(std::move(outcome));
  }

 private:
  // What one thread has made another may use: CAF's mailboxes see to it, but ThreadSanitizer cannot
  // see those of a libcaf that is not built with it.
#ifdef __SANITIZE_THREAD__
  void note_made() {
    __tsan_release(this);
  }
  void note_received() {
    __tsan_acquire(this);
  }
#else
  void note_made() {}
  void note_received() {}
#endif

  Question question_;
  OutcomeHandler done_;
};

}  // namespace mentat_sync
