// The user actor: see the header, and directory.cpp for why no message is lost when it goes away.
#include "actors/user_actor.hpp"

#include "actors/completion_box.hpp"
#include "storage/bounds.hpp"
#include "storage/commands.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

/// How long the store may take to say where HEAD is.
constexpr std::chrono::seconds learn_head_timeout{30};

}  // namespace

UserState::~UserState() {
  // From here on the writer reaches nobody; whoever still waits is told so.
  if (port_) port_->close();
  for (auto& [ticket, pending] : pending_) pending.answer(Outcome{});
  if (context_.options) count_end();
  if (!retired_ && context_.directory) {
    compat::anon_tell(context_.directory, UserGone{context_.user, self_->id()});
  }
}

UserActor::behavior_type UserState::start(UserContext context) {
  context_ = std::move(context);
  add(counters().live_users);
  port_ = std::make_shared<Port<UserActor>>(UserActor{self_});
  return {
      [this](PutChunk& command) { return on_command(std::move(command)); },
      [this](PutTransaction& command) { return on_command(std::move(command)); },
      [this](AdvanceHead& command) { return on_command(std::move(command)); },
      [this](DeleteUser& command) { return on_command(std::move(command)); },
      [this](Push& command) { return on_command(std::move(command)); },
      [this](FindMissing& command) { return on_command(std::move(command)); },
      [this](Collect& command) { return on_command(std::move(command)); },
      [this](LocalCommand& message) { on_local_command(message); },
      [this](const AwaitHead& watch) { return on_await_head(watch); },
      [this](LocalWatch& message) { on_local_watch(message); },
      [this](WatchExpired message) { on_watch_expired(message); },
      [this](ReleaseWatchers) { on_release_watchers(); },
      [this](Completed& message) { on_completed(message); },
      [this](IdleCheck) { on_idle_check(); },
      [this](Retire) { on_retire(); },
  };
}

caf::result<Outcome> UserState::on_command(Command command) {
  auto promise = self_->make_response_promise<Outcome>();
  submit(std::move(command),
         [promise](Outcome outcome) mutable { promise.deliver(std::move(outcome)); });
  return promise;
}

void UserState::on_local_command(LocalCommand& message) {
  auto request = std::move(message.request);
  auto command = request->take();
  submit(std::move(command),
         [request = std::move(request)](Outcome outcome) { request->answer(std::move(outcome)); });
}

UserState::HeadEffect UserState::head_effect_of(const Command& command) {
  if (std::holds_alternative<DeleteUser>(command)) return HeadEffect::forgets;
  const bool advances =
      std::holds_alternative<AdvanceHead>(command) || std::holds_alternative<Push>(command);
  return advances ? HeadEffect::advances : HeadEffect::none;
}

void UserState::submit(Command command, OutcomeHandler answer) {
  ++handled_;
  note_work();
  const std::uint64_t bytes = bytes_of(command);
  if (const auto bound = exceeded_bound(bytes)) {
    add(counters().overloaded);
    answer(outcome_of(Verdict::overloaded, *bound));
    return;
  }
  const auto ticket = next_ticket_++;
  // One way for all that is in flight, so that it ends here in the order in which the store ends
  // it.
  if (pending_.empty()) box_ = CompletionBox::here();
  // Before the store has it: a command refused at the door completes before submit() returns.
  pending_.emplace(ticket, Pending{std::move(answer), bytes, head_effect_of(command)});
  bytes_in_flight_ += bytes;
  add(counters().commands_in_flight);
  add(counters().bytes_in_flight, bytes);
  context_.store->submit(std::move(command), [port = port_, box = box_, ticket](Outcome outcome) {
    Completed completed{ticket, std::move(outcome)};
    if (box) return box->put({port, std::move(completed)});
    port->post(std::move(completed));
  });
}

std::optional<std::uint64_t> UserState::exceeded_bound(std::uint64_t bytes) const {
  const auto& options = *context_.options;
  if (pending_.size() >= options.max_user_commands) return options.max_user_commands;
  if (!pending_.empty() && bytes_in_flight_ + bytes > options.max_user_bytes) {
    return options.max_user_bytes;
  }
  return std::nullopt;
}

void UserState::on_completed(Completed& message) {
  auto node = pending_.extract(message.ticket);
  if (node.empty()) return;
  note_done(node.mapped().bytes, message.outcome.verdict);
  note_work();
  note_head(node.mapped().head, message.outcome);
  node.mapped().answer(std::move(message.outcome));
  leave_if_done();
}

void UserState::note_done(std::uint64_t bytes, Verdict verdict) {
  bytes_in_flight_ -= bytes;
  subtract(counters().commands_in_flight);
  subtract(counters().bytes_in_flight, bytes);
  if (verdict == Verdict::overloaded) add(counters().overloaded);
}

/// What was in flight is answered, and never completed.
void UserState::count_end() {
  subtract(counters().live_users);
  subtract(counters().commands_in_flight, pending_.size());
  subtract(counters().bytes_in_flight, bytes_in_flight_);
}

void UserState::note_head(HeadEffect effect, const Outcome& outcome) {
  if (outcome.verdict != Verdict::applied) return;
  if (effect == HeadEffect::forgets) return watchers_.forgotten();
  if (effect == HeadEffect::advances) watchers_.moved({outcome.current_head, outcome.current_seq});
}

// --- Watching ----------------------------------------------------------------------------------

caf::result<Outcome> UserState::on_await_head(const AwaitHead& question) {
  auto promise = self_->make_response_promise<Outcome>();
  watch(question, [promise](Outcome outcome) mutable { promise.deliver(std::move(outcome)); });
  return promise;
}

void UserState::on_local_watch(LocalWatch& message) {
  auto request = std::move(message.request);
  const AwaitHead question = request->take();
  watch(question,
        [request = std::move(request)](Outcome outcome) { request->answer(std::move(outcome)); });
}

void UserState::watch(const AwaitHead& watch, OutcomeHandler answer) {
  ++handled_;
  note_work();
  const Head known{watch.known, watch.known_seq};
  if (watchers_.refuses(known)) add(counters().overloaded);
  const auto ticket = watchers_.add(known, std::move(answer));
  if (!ticket) return;
  learn_head();
  constexpr std::uint64_t longest_ms = std::chrono::milliseconds{bounds::watch_wait_max}.count();
  const std::chrono::milliseconds wait{std::min(watch.wait_ms, longest_ms)};
  compat::tell_self_later(self_, wait, WatchExpired{*ticket});
}

void UserState::learn_head() {
  if (!watchers_.should_ask() || std::exchange(head_is_asked_, true)) return;
  watchers_.asking();
  compat::ask(self_, context_.directory, learn_head_timeout, ReadHead{context_.user})
      .then(
          [this](const Head& head) {
            head_is_asked_ = false;
            watchers_.found(head);
            learn_head();  // for whoever has come since it was asked
          },
          [this](const caf::error&) {
            head_is_asked_ = false;
            watchers_.fail_all();
          });
}

void UserState::on_watch_expired(WatchExpired message) {
  watchers_.expire(message.ticket);
  note_work();
}

void UserState::on_release_watchers() {
  watchers_.expire_all();
}

void UserState::note_work() {
  last_work_ = Clock::now();
  check_idle_after(context_.options->passivate_after);
}

void UserState::check_idle_after(std::chrono::nanoseconds delay) {
  // One timer is enough, however many commands there are: the check looks at the time of the last.
  if (retired_ || std::exchange(idle_check_is_due_, true)) return;
  compat::tell_self_later(self_, delay, IdleCheck{});
}

void UserState::on_idle_check() {
  idle_check_is_due_ = false;
  const auto passivate_after = context_.options->passivate_after;
  const auto idle_for = Clock::now() - last_work_;
  if (!pending_.empty() || !watchers_.empty()) {
    check_idle_after(passivate_after);
  } else if (idle_for < passivate_after) {
    check_idle_after(passivate_after - idle_for);
  } else {
    compat::anon_tell(context_.directory, UserIdle{context_.user, self_->id(), handled_});
  }
}

void UserState::on_retire() {
  retired_ = true;
  leave_if_done();
}

void UserState::leave_if_done() {
  if (retired_ && pending_.empty()) self_->quit();
}

UserActor::behavior_type user_actor(UserActor::stateful_pointer<UserState> self,
                                    UserContext context) {
  return compat::state_of(self).start(std::move(context));
}

}  // namespace mentat_sync
