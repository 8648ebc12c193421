// The user actor: see the header, and directory.cpp for why no message is lost when it goes away.
#include "actors/user_actor.hpp"

#include "storage/commands.hpp"

#include <utility>

namespace mentat_sync {
UserState::~UserState() {
  // From here on the writer reaches nobody; whoever still waits is told so.
  if (port_) port_->close();
  for (auto& [ticket, pending] : pending_) pending.answer(Outcome{});
  if (!retired_ && context_.directory) {
    compat::anon_tell(context_.directory, UserGone{context_.user, self_->id()});
  }
}

UserActor::behavior_type UserState::start(UserContext context) {
  context_ = std::move(context);
  port_ = std::make_shared<Port<UserActor>>(UserActor{self_});
  return {
      [this](PutChunk& command) { return on_command(std::move(command)); },
      [this](PutTransaction& command) { return on_command(std::move(command)); },
      [this](AdvanceHead& command) { return on_command(std::move(command)); },
      [this](DeleteUser& command) { return on_command(std::move(command)); },
      [this](LocalCommand& message) { on_local_command(message); },
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
  auto command = request->take_command();
  submit(std::move(command),
         [request = std::move(request)](Outcome outcome) { request->answer(std::move(outcome)); });
}

void UserState::submit(Command command, OutcomeHandler answer) {
  ++handled_;
  note_work();
  const std::uint64_t bytes = bytes_of(command);
  if (const auto bound = exceeded_bound(bytes)) {
    answer(outcome_of(Verdict::overloaded, *bound));
    return;
  }
  const auto ticket = next_ticket_++;
  // Before the store has it: a command refused at the door completes before submit() returns.
  pending_.emplace(ticket, Pending{std::move(answer), bytes});
  bytes_in_flight_ += bytes;
  context_.store->submit(std::move(command), [port = port_, ticket](Outcome outcome) {
    port->post(Completed{ticket, std::move(outcome)});
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
  bytes_in_flight_ -= node.mapped().bytes;
  note_work();
  node.mapped().answer(std::move(message.outcome));
  leave_if_done();
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
  if (!pending_.empty()) {
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
