// The directory: finds the actor of a user, spawns it on first use, lets it go when it is idle, and
// replaces one that failed.
//
// Thread-safety: spawn_directory() from any thread; the directory is an actor.
// Ownership and lifetime: the store must outlive the actor system. The directory ends as any actor
// does, by an exit message; its user actors then finish what is in flight, each answered as the
// store says, and end too. A user without work costs nothing here once its actor has gone.
// Failures: a command that reaches the directory after its end: a request is bounced with a
// caf::error, a LocalCommand answers `unavailable`.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/options.hpp"
#include "actors/user_actor.hpp"
#include "actors/user_surroundings.hpp"
#include "actors/watch_timers.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace mentat_sync {

class DirectoryState {
 public:
  static constexpr const char* name = "mentat-sync.directory";

  explicit DirectoryState(DirectoryActor::pointer self) : self_(self) {}
  ~DirectoryState();
  DirectoryState(const DirectoryState&) = delete;
  DirectoryState& operator=(const DirectoryState&) = delete;

  DirectoryActor::behavior_type start(Store& store, ActorOptions options);

 private:
  struct Entry {
    UserActor actor;
    /// Messages sent to it; see UserIdle.
    std::uint32_t sent = 0;
    /// The round of looking for idle users in which the last one was sent.
    std::uint32_t last_round = 0;
  };

  template <class Message>
  caf::result<Outcome> on_command(Message& command);
  caf::result<Outcome> on_await_head(const AwaitHead& watch);
  template <class Answer, class Query>
  caf::result<Answer> on_query(Query& query);
  /// A LocalCommand or a LocalWatch.
  template <class Message>
  void on_local_request(Message& message);
  void on_withdraw_watch(const WithdrawWatch& message);
  void on_release_watchers();
  void on_look_for_idle();
  void on_set_watch_timer(const SetWatchTimer& message);
  void on_look_for_due_watches(LookForDueWatches message);
  void on_user_idle(const UserIdle& message);
  void on_user_gone(const UserGone& message);

  /// The user's actor, counted as being sent one message; nullptr when there are too many already.
  const UserActor* actor_for_message_to(const UserId& user, std::size_t max_live_users);
  /// How many user actors there may be for `message` to have one spawned.
  template <class Message>
  std::size_t bound_for(const Message& message) const;
  Outcome overloaded() const;
  UserActor spawn_user(const UserId& user);
  void look_for_idle_later();
  void make_room(std::size_t users);
  void look_for_due_watches_later();
  /// The user's actor, if it is still that with this id.
  const UserActor* live_actor(const UserId& user, caf::actor_id actor) const;
  const ReaderActor& reader();
  void log(LogLevel level, std::string_view event, const UserId& user) const;

  DirectoryActor::pointer self_;
  SharedSurroundings around_;
  std::unordered_map<UserId, Entry> users_;
  /// Users are looked at in rounds, a slice of them at a time, while there are any.
  std::uint32_t round_ = 0;
  std::size_t slice_ = 0;
  bool looks_for_idle_ = false;
  /// Where in `users_` room was looked for last.
  std::size_t room_bucket_ = 0;
  WatchTimers watch_timers_;
  /// How many of them there may be before those of actors that have gone are dropped.
  std::size_t watch_timers_kept_ = 0;
  /// The earliest time for which LookForDueWatches is on its way.
  std::optional<WatchTimers::TimePoint> looks_for_due_at_;
  /// Spawned by the first query: a server that only speaks HTTP never has one.
  ReaderActor reader_;
  /// The process is about to end: no watcher is to wait any more.
  bool watchers_released_ = false;
};

/// In the embedder's own actor system, whose configuration has had add_messages().
DirectoryActor spawn_directory(caf::actor_system& system, Store& store, ActorOptions options = {});

}  // namespace mentat_sync
