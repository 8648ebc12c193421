// The directory: see the header.
//
// Idle users are found by one timer for all, not by one for each: a live actor costs less so, and
// so does a command. A round over all users takes half of the time after which one is idle; who has
// not been heard of for three rounds (so for that time, and up to twice that) is asked. Near the
// bound on live users idle ones are asked whenever a new one comes.
//
// Why no message is lost or overtaken when a user actor goes away: every message for a user passes
// the directory, which counts those it sends to the present actor (Entry::sent), and that actor
// counts those it has handled. An idle actor says how many (UserIdle). If that is all that were
// sent, its mailbox holds nothing from the directory; and since the directory handles one message
// at a time, nothing can be added before it has forgotten the actor and retired it. So the actor
// hears of that after everything else, with nothing in flight, and a successor starts only after
// each earlier command of the user has ended. If the counts differ, a command is on its way to the
// actor: it stays, and its handling starts the idle timer anew.
#include "actors/directory.hpp"

#include "actors/failure_log.hpp"
#include "actors/reader_actor.hpp"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mentat_sync {
namespace {

/// In how many slices users are looked at: no slice is to keep the directory for long, nor to come
/// more often than every ten milliseconds.
std::size_t slices_of(std::chrono::nanoseconds round) {
  constexpr std::chrono::milliseconds shortest{10};
  return static_cast<std::size_t>(std::clamp<std::int64_t>(round / shortest, 1, 256));
}

/// Rounds without a message after which a user is asked whether it is idle.
constexpr std::uint32_t idle_rounds = 3;

}  // namespace

DirectoryState::~DirectoryState() {
  for (auto& [user, entry] : users_)
    compat::anon_tell(entry.actor, Passivate{Passivate::Step::retire});
  if (reader_) caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
}

DirectoryActor::behavior_type DirectoryState::start(Store& store, ActorOptions options) {
  options.counters = counters_or_own(std::move(options.counters));
  around_ = caf::make_counted<const UserSurroundings>(store, std::move(options));
  self_->set_exception_handler([this](const std::exception_ptr& failure) {
    return log_failure(around_->options.log, "directory of user actors failed", failure);
  });
  return {
      [this](PutChunk& command) { return on_command(command); },
      [this](PutTransaction& command) { return on_command(command); },
      [this](AdvanceHead& command) { return on_command(command); },
      [this](DeleteUser& command) { return on_command(command); },
      [this](Push& command) { return on_command(command); },
      [this](FindMissing& command) { return on_command(command); },
      [this](Collect& command) { return on_command(command); },
      [this](const AwaitHead& watch) { return on_await_head(watch); },
      [this](ReadHead& query) { return on_query<Head>(query); },
      [this](ReadSummary& query) { return on_query<Summary>(query); },
      [this](ListTransactions& query) { return on_query<TransactionPage>(query); },
      [this](ReadTransaction& query) { return on_query<Transaction>(query); },
      [this](ReadChunk& query) { return on_query<Chunk>(query); },
      [this](ListUsers& query) { return on_query<UserPage>(query); },
      [this](LocalCommand& message) { on_local_request(message); },
      [this](LocalWatch& message) { on_local_request(message); },
      [this](const WithdrawWatch& message) { on_withdraw_watch(message); },
      [this](ReleaseWatchers) { on_release_watchers(); },
      [this](LookForIdle) { on_look_for_idle(); },
      [this](const SetWatchTimer& message) { on_set_watch_timer(message); },
      [this](LookForDueWatches message) { on_look_for_due_watches(message); },
      [this](const UserIdle& message) { on_user_idle(message); },
      [this](const UserGone& message) { on_user_gone(message); },
  };
}

/// Who only watches may not keep others from changing anything.
template <class Message>
std::size_t DirectoryState::bound_for(const Message&) const {
  constexpr bool watches =
      std::is_same_v<Message, AwaitHead> || std::is_same_v<Message, LocalWatch>;
  return watches ? (around_->options.max_live_users + 1) / 2 : around_->options.max_live_users;
}

template <class Message>
caf::result<Outcome> DirectoryState::on_command(Message& command) {
  const UserActor* const actor = actor_for_message_to(command.user, bound_for(command));
  if (actor == nullptr) return overloaded();
  return compat::delegate(self_, *actor, UserCommand{std::move(command)});
}

caf::result<Outcome> DirectoryState::on_await_head(const AwaitHead& watch) {
  const UserActor* const actor = actor_for_message_to(watch.user, bound_for(watch));
  if (actor == nullptr) return overloaded();
  auto delegated = compat::delegate(self_, *actor, watch);
  if (watchers_released_) compat::anon_tell(*actor, EndWatch{});
  return delegated;
}

template <class Answer, class Query>
caf::result<Answer> DirectoryState::on_query(Query& query) {
  return compat::delegate(self_, reader(), std::move(query));
}

template <class Message>
void DirectoryState::on_local_request(Message& message) {
  const UserActor* const actor = actor_for_message_to(message.request->user(), bound_for(message));
  if (actor == nullptr) return message.request->answer(overloaded());
  // Without a sender: CAF answers a sender whose message made an actor fail with an error, and that
  // would end the directory too.
  compat::anon_tell(*actor, std::move(message));
  if (watchers_released_) compat::anon_tell(*actor, EndWatch{});
}

/// Not counted as sent: an actor that has the watcher does not retire, to any other it is nothing.
void DirectoryState::on_withdraw_watch(const WithdrawWatch& message) {
  const auto found = users_.find(message.user);
  if (found != users_.end()) compat::anon_tell(found->second.actor, EndWatch{message.ticket});
}

void DirectoryState::on_release_watchers() {
  watchers_released_ = true;
  for (auto& [user, entry] : users_) compat::anon_tell(entry.actor, EndWatch{});
}

void DirectoryState::look_for_idle_later() {
  looks_for_idle_ = true;
  const std::chrono::nanoseconds round = around_->options.passivate_after / 2;
  compat::tell_self_later(self_, round / slices_of(round), LookForIdle{});
}

void DirectoryState::on_look_for_idle() {
  const std::size_t slices = slices_of(around_->options.passivate_after / 2);
  const std::size_t buckets = users_.bucket_count();
  for (std::size_t i = buckets * slice_ / slices; i < buckets * (slice_ + 1) / slices; ++i) {
    for (auto entry = users_.begin(i); entry != users_.end(i); ++entry) {
      const bool quiet = round_ - entry->second.last_round >= idle_rounds;
      if (quiet) compat::anon_tell(entry->second.actor, Passivate{Passivate::Step::ask});
    }
  }
  if (++slice_ == slices) {
    slice_ = 0;
    ++round_;
  }
  looks_for_idle_ = false;
  if (!users_.empty()) look_for_idle_later();
}

/// Has about so many users leave who have nothing in flight: those who were heard of once, a while
/// ago, do not keep out who comes.
void DirectoryState::make_room(std::size_t users) {
  const std::size_t buckets = 8 * users;  // each has one user or so; or few, and then there is room
  std::size_t asked = 0;
  for (std::size_t i = 0; i < buckets && asked < users; ++i) {
    room_bucket_ = (room_bucket_ + 1) % users_.bucket_count();
    for (auto entry = users_.begin(room_bucket_); entry != users_.end(room_bucket_); ++entry) {
      compat::anon_tell(entry->second.actor, Passivate{Passivate::Step::ask});
      ++asked;
    }
  }
}

const UserActor* DirectoryState::live_actor(const UserId& user, caf::actor_id actor) const {
  const auto found = users_.find(user);
  const bool is_it = found != users_.end() && found->second.actor.id() == actor;
  return is_it ? &found->second.actor : nullptr;
}

void DirectoryState::on_set_watch_timer(const SetWatchTimer& message) {
  constexpr std::size_t few = 1024;
  watch_timers_.add(message.due, message.timer);
  if (watch_timers_.size() > std::max(few, watch_timers_kept_)) {
    watch_timers_.drop_if(
        [this](const WatchesDue& timer) { return live_actor(timer.user, timer.actor) == nullptr; });
    watch_timers_kept_ = 2 * watch_timers_.size();
  }
  look_for_due_watches_later();
}

void DirectoryState::look_for_due_watches_later() {
  const auto next = watch_timers_.next();
  if (!next || (looks_for_due_at_ && *looks_for_due_at_ <= *next)) return;
  looks_for_due_at_ = next;
  const auto wait = *next - std::chrono::steady_clock::now();
  compat::tell_self_later(self_, std::max(wait, decltype(wait)::zero()), LookForDueWatches{*next});
}

/// What is told is not counted as sent: to an actor that has no watcher any more it is nothing.
void DirectoryState::on_look_for_due_watches(LookForDueWatches message) {
  if (looks_for_due_at_ == message.at) looks_for_due_at_.reset();
  for (const WatchesDue& timer : watch_timers_.take(std::chrono::steady_clock::now())) {
    const UserActor* const actor = live_actor(timer.user, timer.actor);
    if (actor != nullptr) compat::anon_tell(*actor, timer);
  }
  look_for_due_watches_later();
}

void DirectoryState::on_user_idle(const UserIdle& message) {
  const auto found = users_.find(message.user);
  if (found == users_.end() || found->second.actor.id() != message.actor) return;
  if (found->second.sent != message.handled) return;
  compat::anon_tell(found->second.actor, Passivate{Passivate::Step::retire});
  users_.erase(found);
  log(LogLevel::debug, "user actor retired", message.user);
}

void DirectoryState::on_user_gone(const UserGone& message) {
  const auto found = users_.find(message.user);
  if (found == users_.end() || found->second.actor.id() != message.actor) return;
  users_.erase(found);
  log(LogLevel::error, "user actor failed", message.user);
}

void DirectoryState::log(LogLevel level, std::string_view event, const UserId& user) const {
  if (around_->options.log) around_->options.log(level, event, {{"user", user.to_string()}});
}

const UserActor* DirectoryState::actor_for_message_to(const UserId& user,
                                                      std::size_t max_live_users) {
  auto found = users_.find(user);
  if (found == users_.end()) {
    constexpr std::size_t for_one = 2;
    constexpr std::size_t for_many = 64;
    if (users_.size() >= max_live_users) {
      make_room(for_many);
      return nullptr;
    }
    if (users_.size() >= max_live_users - max_live_users / 8) make_room(for_one);
    found = users_.emplace(user, Entry{spawn_user(user)}).first;
    if (!looks_for_idle_) look_for_idle_later();
  }
  ++found->second.sent;
  found->second.last_round = round_;
  return &found->second.actor;
}

Outcome DirectoryState::overloaded() const {
  add(around_->options.counters->overloaded);
  return outcome_of(Verdict::overloaded, around_->options.max_live_users);
}

UserActor DirectoryState::spawn_user(const UserId& user) {
  return self_->spawn(user_actor, UserContext{user, DirectoryActor{self_}, around_});
}

const ReaderActor& DirectoryState::reader() {
  if (!reader_) reader_ = self_->spawn<caf::detached>(reader_actor, &around_->store);
  return reader_;
}

namespace {

DirectoryActor::behavior_type directory_actor(DirectoryActor::stateful_pointer<DirectoryState> self,
                                              Store* store, ActorOptions options) {
  return compat::state_of(self).start(*store, std::move(options));
}

}  // namespace

DirectoryActor spawn_directory(caf::actor_system& system, Store& store, ActorOptions options) {
  return system.spawn(directory_actor, &store, std::move(options));
}

}  // namespace mentat_sync
