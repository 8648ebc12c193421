// CompletionBox: the way of the store's outcomes to the thread whose commands they are about. The
// first of a batch wakes that thread's loop, the others travel with it; there the user actors take
// them, and answer.
//
// Thread-safety: put() from any thread, the rest from the thread that the box belongs to.
// Ownership and lifetime: held by its thread and by every command that is out in the store. After
// close() it wakes nobody: what is put goes to the user actor by the way that every other thread
// takes.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/port.hpp"
#include "actors/thread_guest.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace mentat_sync {

class CompletionBox : public std::enable_shared_from_this<CompletionBox> {
 public:
  struct Completion {
    std::shared_ptr<Port<UserActor>> to;
    Completed message;
  };

  CompletionBox(caf::actor_system& system, ThreadGuest::Post post)
      : system_(&system), post_(std::move(post)) {}

  /// The calling thread's; null: it has none, for actors do not run on it.
  static const std::shared_ptr<CompletionBox>& here();
  /// Makes it the calling thread's.
  static void settle_here(std::shared_ptr<CompletionBox> box);

  void put(Completion completion);
  /// Hands on what is left, and from then on what is put.
  void close();

 private:
  /// For want of memory it ends the process: outcomes that are lost would be waited for for ever.
  void hand_out() noexcept;

  caf::actor_system* system_;
  /// Protects what follows: the store's writer puts, the thread takes. Held for a push_back and a
  /// post at most.
  std::mutex mutex_;
  ThreadGuest::Post post_;
  bool posted_ = false;
  std::vector<Completion> completions_;
};

}  // namespace mentat_sync
