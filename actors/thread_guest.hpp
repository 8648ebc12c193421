// ThreadGuest: what wants to run on the threads of event loops too, as the actors do: a command
// then needs no other thread on its way to the store, and its outcome goes straight back to the
// loop that waits for it.
//
// It hides CAF: nothing that includes this header sees one of CAF's.
//
// Thread-safety: both functions are called on the thread of the loop they are about.
// Ownership and lifetime: the guest outlives the loops.
#pragma once

#include <functional>

namespace mentat_sync {

class ThreadGuest {
 public:
  /// Hands a function to the loop, which calls it soon. May be called from any thread.
  using Post = std::function<void(std::function<void()>)>;

  virtual ~ThreadGuest() = default;

  /// The calling thread is about to run a loop. `post` works until thread_ends() has returned.
  virtual void thread_begins(Post post) = 0;
  /// It runs that loop no more. What was posted and not called is lost, and the guest knows.
  virtual void thread_ends() = 0;
};

}  // namespace mentat_sync
