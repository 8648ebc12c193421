// The gateway: one message for each command.
#include "actors/gateway.hpp"

#include "actors/actor_gateway.hpp"
#include "actors/completion_box.hpp"
#include "actors/counters.hpp"
#include "storage/bounds.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace mentat_sync {
namespace {

class ActorGateway final : public Gateway {
 public:
  ActorGateway(DirectoryActor directory, std::shared_ptr<ActorCounters> counters)
      : directory_(std::move(directory)), counters_(counters_or_own(std::move(counters))) {}

  void submit(Command command, OutcomeHandler done) override {
    // When the directory is no more, CAF destroys the message, and the request answers for itself.
    tell(
        LocalCommand{std::make_shared<LocalRequest<Command>>(std::move(command), std::move(done))});
  }

  WatchTicket watch(AwaitHead watch, OutcomeHandler done) override {
    const WatchTicket ticket = new_watch_ticket();
    if (counters_->watches.fetch_add(1, std::memory_order_relaxed) >= bounds::watches_in_all) {
      subtract(counters_->watches);
      add(counters_->overloaded);
      done(outcome_of(Verdict::overloaded, bounds::watches_in_all));
      return ticket;
    }
    auto counted = [counters = counters_, done = std::move(done)](Outcome outcome) {
      subtract(counters->watches);
      done(std::move(outcome));
    };
    tell(LocalWatch{std::make_shared<LocalRequest<AwaitHead>>(watch, std::move(counted)), ticket});
    return ticket;
  }

  void withdraw(UserId user, WatchTicket ticket) override { tell(WithdrawWatch{user, ticket}); }

  void release_watchers() override { tell(ReleaseWatchers{}); }

 private:
  /// On a loop's thread the directory and the user's actor have done their part when it returns,
  /// unless another thread is running one of them just then: that one goes on with it.
  template <class Message>
  void tell(Message message) {
    if (!CompletionBox::here()) return compat::anon_tell(directory_, std::move(message));
    const compat::LentThread lent{directory_->home_system()};
    compat::anon_tell(directory_, std::move(message));
  }

  DirectoryActor directory_;
  /// Shared with the handlers of watches, which may outlive this.
  std::shared_ptr<ActorCounters> counters_;
};

}  // namespace

std::unique_ptr<Gateway> make_gateway(DirectoryActor directory,
                                      std::shared_ptr<ActorCounters> counters) {
  return std::make_unique<ActorGateway>(std::move(directory), std::move(counters));
}

}  // namespace mentat_sync
