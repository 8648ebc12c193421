// ActorRuntime: the actor system of the server program, with the directory in it. An embedder who
// has an actor system of his own uses spawn_directory() (actors/directory.hpp) instead.
//
// Thread-safety: made and destroyed by one thread; the gateway as Gateway.
// Ownership and lifetime: the store must outlive it, and whoever uses the gateway must be gone
// before it. The destructor ends the directory, waits until the store has ended each command in
// flight and these are answered, and stops the threads. After it nothing that the store still calls
// touches an actor. Failures: those of starting threads, as exceptions of the standard library.
#pragma once

#include "actors/gateway.hpp"
#include "actors/options.hpp"
#include "actors/thread_guest.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <memory>

namespace mentat_sync {

struct ActorRuntimeOptions {
  /// Threads of the actors' own, for what happens on no loop's thread. The handlers are short;
  /// more than two seldom help.
  std::size_t threads = 1;
  ActorOptions actors;
  CollectorOptions collector;
};

class ActorRuntime {
 public:
  explicit ActorRuntime(Store& store, ActorRuntimeOptions options = {});
  ~ActorRuntime();
  ActorRuntime(const ActorRuntime&) = delete;
  ActorRuntime& operator=(const ActorRuntime&) = delete;

  /// Lives as long as the runtime.
  Gateway& gateway();

  /// Has the actors run on the threads of loops whenever these call the gateway. May be left out:
  /// they run on their own threads then, as they always do with CAF 1.x.
  ThreadGuest& guest();

  /// Has the garbage of all users collected now; returns at once.
  void collect_now();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mentat_sync
