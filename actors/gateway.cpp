// The gateway: one message for each command.
#include "actors/gateway.hpp"

#include "actors/actor_gateway.hpp"

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
    compat::anon_tell(
        directory_, LocalWatch{std::make_shared<LocalRequest<AwaitHead>>(watch, std::move(done))});
  }

  void release_watchers() override { compat::anon_tell(directory_, ReleaseWatchers{}); }

 private:
  DirectoryActor directory_;
};

}  // namespace

std::unique_ptr<Gateway> make_gateway(DirectoryActor directory) {
  return std::make_unique<ActorGateway>(std::move(directory));
}

}  // namespace mentat_sync
