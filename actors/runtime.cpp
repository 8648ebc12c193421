// ActorRuntime: wires configuration, system, directory and gateway, and takes them down in reverse.
#include "actors/runtime.hpp"

#include "actors/actor_gateway.hpp"
#include "actors/caf_compat.hpp"
#include "actors/collector.hpp"
#include "actors/completion_box.hpp"
#include "actors/directory.hpp"

#include <utility>

namespace mentat_sync {
namespace {

/// CAF 1.x wants the types known before a configuration is made.
struct MessagesReady {
  MessagesReady() { init_messages(); }
};

struct Configuration : private MessagesReady, public caf::actor_system_config {
  explicit Configuration(std::size_t threads) {
    add_messages(*this);
    // CAF's default, work stealing, polls: 1.5 % of a core when idle, against none.
    compat::use_lending_scheduler(*this, threads);
  }
};

/// Gives each loop's thread a box, which is what has the gateway lend the thread to the actors.
class LoopGuest final : public ThreadGuest {
 public:
  explicit LoopGuest(caf::actor_system& system) : system_(system) {}

  void thread_begins(Post post) override {
    if constexpr (!compat::lends_threads) return;
    CompletionBox::settle_here(std::make_shared<CompletionBox>(system_, std::move(post)));
  }
  void thread_ends() override {
    if (const auto box = CompletionBox::here()) box->close();
    CompletionBox::settle_here(nullptr);
  }

 private:
  caf::actor_system& system_;
};

}  // namespace

class ActorRuntime::Impl {
 public:
  Impl(Store& store, ActorRuntimeOptions options)
      : configuration_(options.threads),
        system_(configuration_),
        directory_(spawn_directory(system_, store, options.actors)),
        collector_(spawn_collector(system_, SyncActor{directory_}, std::move(options.collector))),
        gateway_(make_gateway(directory_, std::move(options.actors.counters))),
        guest_(system_) {}

  ~Impl() {
    caf::anon_send_exit(collector_, caf::exit_reason::user_shutdown);
    collector_ = nullptr;
    caf::anon_send_exit(directory_, caf::exit_reason::user_shutdown);
    directory_ = nullptr;
    // For the directory and each user actor, that is, for the store's completions. Whom they answer
    // may still use the gateway.
    system_.await_all_actors_done();
  }

  Gateway& gateway() { return *gateway_; }
  ThreadGuest& guest() { return guest_; }
  void collect_now() { compat::anon_tell(collector_, CollectNow{}); }

 private:
  Configuration configuration_;
  caf::actor_system system_;
  DirectoryActor directory_;
  CollectorActor collector_;
  std::unique_ptr<Gateway> gateway_;
  LoopGuest guest_;
};

ActorRuntime::ActorRuntime(Store& store, ActorRuntimeOptions options)
    : impl_(std::make_unique<Impl>(store, std::move(options))) {}

ActorRuntime::~ActorRuntime() = default;

void ActorRuntime::collect_now() {
  impl_->collect_now();
}

Gateway& ActorRuntime::gateway() {
  return impl_->gateway();
}

ThreadGuest& ActorRuntime::guest() {
  return impl_->guest();
}

}  // namespace mentat_sync
