// The user actor: serialises one user's commands on their way to the store.
//
// It submits each command as it arrives and never waits for those before it, so that one busy
// device fills the store's group commits as many devices do. It decides no outcome except
// `overloaded`: correctness lives in the store's command.
//
// It keeps the user's watchers, and tells them of a HEAD that the store says is on disk. Where HEAD
// is when the first one comes, it asks; from then on it knows, for every change passes it. It asks
// again when a watcher knows of a HEAD that it has not been told of.
//
// Thread-safety: an actor.
// Ownership and lifetime: the store must outlive the actor's system. It ends when the directory has
// retired it and nothing is in flight.
// Failures: when it ends before its time (killed, or an exception), each command in flight is
// answered `unavailable`; what the store says of it later is dropped.
#pragma once

#include "actors/counters.hpp"
#include "actors/in_flight.hpp"
#include "actors/interfaces.hpp"
#include "actors/user_surroundings.hpp"
#include "actors/watchers.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace mentat_sync {

/// Where a user actor belongs.
struct UserContext {
  UserId user;
  DirectoryActor directory;
  SharedSurroundings around;
};

class UserState {
 public:
  static constexpr const char* name = "mentat-sync.user";

  explicit UserState(UserActor::pointer self) : self_(self) {}
  ~UserState();
  UserState(const UserState&) = delete;
  UserState& operator=(const UserState&) = delete;

  UserActor::behavior_type start(UserContext context);

 private:
  caf::result<Outcome> on_command(UserCommand& message);
  void on_local_command(LocalCommand& message);
  void on_completed(Completed& message);
  caf::result<Outcome> on_await_head(const AwaitHead& watch);
  void on_local_watch(LocalWatch& message);
  void on_end_watch(EndWatch message);
  void on_watches_due(const WatchesDue& message);
  void on_passivate(Passivate message);

  static HeadEffect head_effect_of(const Command& command);
  void submit(Command command, OutcomeHandler answer);
  ActorCounters& counters() const { return *context_.around->options.counters; }
  void note_done(std::uint64_t bytes, Verdict verdict);
  void count_end();
  void note_head(HeadEffect effect, const Outcome& outcome);
  /// The bound that `bytes` more would exceed.
  std::optional<std::uint64_t> exceeded_bound(std::uint64_t bytes) const;
  Watchers& watchers();
  void watch(const AwaitHead& watch, WatchTicket ticket, OutcomeHandler answer);
  void set_timer();
  /// Asks where HEAD is, if a watcher wants it and it is not asked already.
  void learn_head();
  void leave_if_done();

  UserActor::pointer self_;
  UserContext context_;
  /// null: nothing is.
  std::unique_ptr<InFlight> in_flight_;
  /// Messages had from the directory; see UserIdle.
  std::uint32_t handled_ = 0;
  bool head_is_asked_ = false;
  bool retired_ = false;
  /// null: there has been none.
  std::unique_ptr<Watchers> watchers_;
};

/// To be spawned by the directory.
UserActor::behavior_type user_actor(UserActor::stateful_pointer<UserState> self,
                                    UserContext context);

}  // namespace mentat_sync
