// The user actor: see the header, and directory.cpp for why no message is lost when it goes away.
#include "actors/user_actor.hpp"

#include "actors/failure_log.hpp"
#include "storage/bounds.hpp"
#include "storage/commands.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

using Clock = Watchers::Clock;

/// How long the store may take to say where HEAD is.
constexpr std::chrono::seconds learn_head_timeout{30};

}  // namespace

UserState::~UserState() {
  // From here on the writer reaches nobody; whoever still waits is told so.
  if (context_.around) count_end();
  in_flight_.reset();
  if (!retired_ && context_.directory) {
    compat::anon_tell(context_.directory, UserGone{context_.user, self_->id()});
  }
}

UserActor::behavior_type UserState::start(UserContext context) {
  context_ = std::move(context);
  add(counters().live_users);
  self_->set_exception_handler([this](const std::exception_ptr& failure) {
    return log_failure(context_.around->options.log, "user actor threw", failure,
                       {{"user", context_.user.to_string()}});
  });
  return {
      [this](UserCommand& message) { return on_command(message); },
      [this](LocalCommand& message) { on_local_command(message); },
      [this](const AwaitHead& watch) { return on_await_head(watch); },
      [this](LocalWatch& message) { on_local_watch(message); },
      [this](EndWatch message) { on_end_watch(message); },
      [this](const WatchesDue& message) { on_watches_due(message); },
      [this](Completed& message) { on_completed(message); },
      [this](Passivate message) { on_passivate(message); },
  };
}

caf::result<Outcome> UserState::on_command(UserCommand& message) {
  auto promise = self_->make_response_promise<Outcome>();
  submit(std::move(message.command),
         [promise](Outcome outcome) mutable { promise.deliver(std::move(outcome)); });
  return promise;
}

void UserState::on_local_command(LocalCommand& message) {
  auto request = std::move(message.request);
  auto command = request->take();
  submit(std::move(command),
         [request = std::move(request)](Outcome outcome) { request->answer(std::move(outcome)); });
}

HeadEffect UserState::head_effect_of(const Command& command) {
  if (std::holds_alternative<DeleteUser>(command)) return HeadEffect::forgets;
  const bool advances =
      std::holds_alternative<AdvanceHead>(command) || std::holds_alternative<Push>(command);
  return advances ? HeadEffect::advances : HeadEffect::none;
}

void UserState::submit(Command command, OutcomeHandler answer) {
  ++handled_;
  const std::uint64_t bytes = bytes_of(command);
  if (const auto bound = exceeded_bound(bytes)) {
    add(counters().overloaded);
    answer(outcome_of(Verdict::overloaded, *bound));
    return;
  }
  if (!in_flight_) in_flight_ = std::make_unique<InFlight>(UserActor{self_});
  add(counters().commands_in_flight);
  add(counters().bytes_in_flight, bytes);
  // Before the store has it: a command refused at the door completes before submit() returns.
  auto done = in_flight_->add({std::move(answer), bytes, head_effect_of(command)});
  context_.around->store.submit(std::move(command), std::move(done));
}

std::optional<std::uint64_t> UserState::exceeded_bound(std::uint64_t bytes) const {
  const auto& options = context_.around->options;
  if (!in_flight_) return std::nullopt;
  if (in_flight_->commands() >= options.max_user_commands) return options.max_user_commands;
  if (in_flight_->bytes() + bytes > options.max_user_bytes) return options.max_user_bytes;
  return std::nullopt;
}

void UserState::on_completed(Completed& message) {
  auto entry = in_flight_ ? in_flight_->take(message.ticket) : std::nullopt;
  if (!entry) return;
  if (in_flight_->commands() == 0) in_flight_.reset();
  note_done(entry->bytes, message.outcome.verdict);
  note_head(entry->head, message.outcome);
  entry->answer(std::move(message.outcome));
  leave_if_done();
}

void UserState::note_done(std::uint64_t bytes, Verdict verdict) {
  subtract(counters().commands_in_flight);
  subtract(counters().bytes_in_flight, bytes);
  if (verdict == Verdict::overloaded) add(counters().overloaded);
}

/// What was in flight is answered, and never completed.
void UserState::count_end() {
  subtract(counters().live_users);
  if (!in_flight_) return;
  subtract(counters().commands_in_flight, in_flight_->commands());
  subtract(counters().bytes_in_flight, in_flight_->bytes());
}

void UserState::note_head(HeadEffect effect, const Outcome& outcome) {
  if (!watchers_ || outcome.verdict != Verdict::applied) return;
  if (effect == HeadEffect::forgets) return watchers_->forgotten();
  if (effect == HeadEffect::advances) watchers_->moved({outcome.current_head, outcome.current_seq});
}

// --- Watching ----------------------------------------------------------------------------------

caf::result<Outcome> UserState::on_await_head(const AwaitHead& question) {
  auto promise = self_->make_response_promise<Outcome>();
  watch(question, new_watch_ticket(),
        [promise](Outcome outcome) mutable { promise.deliver(std::move(outcome)); });
  return promise;
}

void UserState::on_local_watch(LocalWatch& message) {
  auto request = std::move(message.request);
  const AwaitHead question = request->take();
  watch(question, message.ticket,
        [request = std::move(request)](Outcome outcome) { request->answer(std::move(outcome)); });
}

Watchers& UserState::watchers() {
  if (!watchers_) watchers_ = std::make_unique<Watchers>();
  return *watchers_;
}

void UserState::watch(const AwaitHead& watch, WatchTicket ticket, OutcomeHandler answer) {
  ++handled_;
  const Head known{watch.known, watch.known_seq};
  if (watchers().refuses(known)) add(counters().overloaded);
  constexpr std::uint64_t longest_ms = std::chrono::milliseconds{bounds::watch_wait_max}.count();
  const std::chrono::milliseconds wait{std::min(watch.wait_ms, longest_ms)};
  if (!watchers().add(ticket, known, Clock::now() + wait, std::move(answer))) return;
  learn_head();
  set_timer();
}

/// One for all watchers, not one for each: those that are withdrawn would leave theirs behind.
void UserState::set_timer() {
  const auto timer = watchers().next_timer();
  if (!timer) return;
  compat::anon_tell(context_.directory,
                    SetWatchTimer{timer->due, {context_.user, self_->id(), timer->number}});
}

void UserState::learn_head() {
  if (!watchers().should_ask() || std::exchange(head_is_asked_, true)) return;
  watchers().asking();
  compat::ask(self_, context_.directory, learn_head_timeout, ReadHead{context_.user})
      .then(
          [this](const Head& head) {
            head_is_asked_ = false;
            watchers().found(head);
            learn_head();  // for whoever has come since it was asked
          },
          [this](const caf::error&) {
            head_is_asked_ = false;
            watchers().fail_all();
          });
}

void UserState::on_end_watch(EndWatch message) {
  if (!watchers_) return;
  if (message.ticket == 0) {
    watchers_->expire_all();
  } else {
    watchers_->withdraw(message.ticket);
  }
}

void UserState::on_watches_due(const WatchesDue& message) {
  watchers().timer_has_gone_off(message.timer, Clock::now());
  set_timer();
}

void UserState::on_passivate(Passivate message) {
  if (message.step == Passivate::Step::retire) {
    retired_ = true;
    return leave_if_done();
  }
  const bool idle = !in_flight_ && (!watchers_ || watchers_->empty());
  if (idle) compat::anon_tell(context_.directory, UserIdle{context_.user, self_->id(), handled_});
}

void UserState::leave_if_done() {
  if (retired_ && !in_flight_) self_->quit();
}

UserActor::behavior_type user_actor(UserActor::stateful_pointer<UserState> self,
                                    UserContext context) {
  return compat::state_of(self).start(std::move(context));
}

}  // namespace mentat_sync
