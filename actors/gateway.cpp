// The gateway: one message for each command.
#include "actors/gateway.hpp"

#include "actors/actor_gateway.hpp"
#include "storage/bounds.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace mentat_sync {
namespace {

class ActorGateway final : public Gateway {
 public:
  explicit ActorGateway(DirectoryActor directory) : directory_(std::move(directory)) {}

  void submit(Command command, OutcomeHandler done) override {
    // When the directory is no more, CAF destroys the message, and the request answers for itself.
    compat::anon_tell(directory_, LocalCommand{std::make_shared<LocalRequest<Command>>(
                                      std::move(command), std::move(done))});
  }

  void watch(AwaitHead watch, OutcomeHandler done) override {
    if (watches_->fetch_add(1) >= bounds::watches_in_all) {
      watches_->fetch_sub(1);
      return done(outcome_of(Verdict::overloaded, bounds::watches_in_all));
    }
    auto counted = [watches = watches_, done = std::move(done)](Outcome outcome) {
      watches->fetch_sub(1);
      done(std::move(outcome));
    };
    compat::anon_tell(directory_, LocalWatch{std::make_shared<LocalRequest<AwaitHead>>(
                                      watch, std::move(counted))});
  }

  void release_watchers() override { compat::anon_tell(directory_, ReleaseWatchers{}); }

 private:
  DirectoryActor directory_;
  /// Not answered yet. Shared with their handlers, which may outlive this.
  std::shared_ptr<std::atomic<std::size_t>> watches_ =
      std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace

std::unique_ptr<Gateway> make_gateway(DirectoryActor directory) {
  return std::make_unique<ActorGateway>(std::move(directory));
}

}  // namespace mentat_sync
