// An embedder: a CAF application with an actor of its own that syncs a user's log by messages
// alone, through a directory in the same actor system. The same source builds with CAF 0.17.6
// and 1.x.
//
// Exits with 0 when the log came back as it was sent.
#include "actors/directory.hpp"
#include "actors/messages.hpp"
#include "storage/lmdb_store.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace mentat_sync;

const auto user = *UserId::parse("0e3f9a2c-7f0e-4f0b-9c56-0d6c2b1f3a4d");
const auto transaction = *TransactionId::parse("5b1e0c7a-2a53-4b71-8a3c-9b2d4f6e8a01");
const std::vector chunks{*ChunkId::parse("first"), *ChunkId::parse("second")};

/// The embedder's actor: one request after the other, then it reports.
class Device {
 public:
  Device(caf::event_based_actor* self, SyncActor server, std::promise<std::string> report)
      : self_(self), server_(std::move(server)), report_(std::move(report)) {}

  void put_chunk(std::size_t index) {
    if (index == chunks.size()) return put_transaction();
    command(PutChunk{user, chunks[index], bytes(index)}, [this, index] { put_chunk(index + 1); });
  }

 private:
  static std::string bytes(std::size_t index) { return "bytes " + std::to_string(index); }

  void put_transaction() {
    command(PutTransaction{user, transaction, TransactionId::root(), chunks},
            [this] { advance_head(); });
  }

  void advance_head() {
    command(AdvanceHead{user, transaction, std::nullopt}, [this] { list(); });
  }

  void list() {
    query<TransactionPage>(ListTransactions{user, TransactionId::root(), 10},
                           [this](const TransactionPage& page) {
                             if (page.transactions != std::vector{transaction}) {
                               return finish("the listing differs");
                             }
                             read_transaction();
                           });
  }

  void read_transaction() {
    query<Transaction>(ReadTransaction{user, transaction}, [this](const Transaction& found) {
      if (!found.found || found.chunks != chunks) return finish("the transaction differs");
      read_chunk(0);
    });
  }

  void read_chunk(std::size_t index) {
    if (index == chunks.size()) return finish("");
    query<Chunk>(ReadChunk{user, chunks[index]}, [this, index](const Chunk& chunk) {
      if (!chunk.found || chunk.bytes != bytes(index)) return finish("a chunk differs");
      read_chunk(index + 1);
    });
  }

  template <class Message>
  void command(Message message, std::function<void()> next) {
    query<Outcome>(std::move(message), [this, next = std::move(next)](const Outcome& outcome) {
      if (!succeeded(outcome.verdict)) return finish(std::string{to_string(outcome.verdict)});
      next();
    });
  }

  template <class Answer, class Message>
  void query(Message message, std::function<void(const Answer&)> next) {
    compat::ask(self_, server_, std::chrono::seconds{20}, std::move(message))
        .then([next = std::move(next)](const Answer& answer) { next(answer); },
              [this](const caf::error&) { finish("a request failed"); });
  }

  void finish(std::string problem) { report_.set_value(std::move(problem)); }

  caf::event_based_actor* self_;
  SyncActor server_;
  std::promise<std::string> report_;
};

std::string sync(Store& store) {
  init_messages();
  caf::actor_system_config config;
  add_messages(config);
  caf::actor_system system{config};

  const auto directory = spawn_directory(system, store);
  std::promise<std::string> report;
  auto problem = report.get_future();
  // It ends by itself, when nothing more is asked.
  system.spawn([&](caf::event_based_actor* self) {
    auto device = std::make_shared<Device>(self, SyncActor{directory}, std::move(report));
    device->put_chunk(0);
    self->attach_functor([device](const caf::error&) {});
  });
  auto result = problem.get();
  caf::anon_send_exit(directory, caf::exit_reason::user_shutdown);
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::filesystem::remove_all(argv[1]);
  LmdbStoreOptions options;
  options.directory = argv[1];
  auto store = LmdbStore::open(options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().message().c_str());
    return 1;
  }
  const auto problem = sync(**store);
  std::fprintf(stderr, "%s\n", problem.empty() ? "synced" : problem.c_str());
  return problem.empty() ? 0 : 1;
}
