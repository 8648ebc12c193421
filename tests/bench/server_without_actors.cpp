// The server's own connections, handlers and store, without actors between them: what a command
// costs that goes straight to the store's writer. It shows what the actors cost, and has no watches
// and no bound for one user, which are theirs.
//
// Usage: bench_server_without_actors DIRECTORY     prints the port; a signal ends it
#include "actors/gateway.hpp"
#include "http/handlers.hpp"
#include "http/server.hpp"
#include "storage/lmdb_store.hpp"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

class DirectGateway final : public Gateway {
 public:
  explicit DirectGateway(Store& store) : store_(store) {}

  void submit(Command command, OutcomeHandler done) override {
    store_.submit(std::move(command), std::move(done));
  }
  WatchTicket watch(AwaitHead, OutcomeHandler done) override {
    done(outcome_of(Verdict::unavailable));
    return new_watch_ticket();
  }
  void withdraw(UserId, WatchTicket) override {}
  void release_watchers() override {}

 private:
  Store& store_;
};

int fail(const Status& status) {
  std::fprintf(stderr, "bench_server_without_actors: %s\n", status.message().c_str());
  return EXIT_FAILURE;
}

int run(const char* directory) {
  LmdbStoreOptions store_options;
  store_options.directory = directory;
  const auto store = LmdbStore::open(std::move(store_options));
  if (!store) return fail(store.status());
  DirectGateway gateway{**store};
  Handlers handlers{**store, gateway, {}};
  ServerOptions options;
  options.port = 0;
  options.threads = 1;
  const auto server = Server::start(std::move(options), handlers);
  if (!server) return fail(server.status());
  std::printf("%u\n", (*server)->port());
  std::fflush(stdout);
  for (;;) pause();
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  if (argc != 2) return EXIT_FAILURE;
  return mentat_sync::run(argv[1]);
}
