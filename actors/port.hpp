// Port: the way by which another thread (the store's writer) tells an actor something, without
// knowing whether that actor or its system is still there.
//
// Thread-safety: post() from any thread, close() from the actor as it ends.
// Ownership and lifetime: held by the actor's state and by every handler that is out in the store.
// It keeps the actor alive until close(). After close() has returned, no post() touches the actor
// or its system any more: a handler that the store calls after the system's end finds a closed
// port.
#pragma once

#include "actors/caf_compat.hpp"

#include <mutex>
#include <utility>

namespace mentat_sync {

template <class Handle>
class Port {
 public:
  explicit Port(Handle owner) : owner_(std::move(owner)) {}

  template <class Message>
  void post(Message message) {
    std::lock_guard lock{mutex_};
    if (owner_) compat::anon_tell(owner_, std::move(message));
  }

  void close() {
    Handle released;
    std::lock_guard lock{mutex_};
    std::swap(released, owner_);
  }

 private:
  // Protects owner_, and holds the actor's end up while a post is under way. A weak handle would
  // not do: what it is turned into could outlive the system between the look and the enqueueing.
  // Two threads at most meet here, for the time of one enqueueing.
  std::mutex mutex_;
  Handle owner_;
};

}  // namespace mentat_sync
