// What the client asks for, and what its answers promise.
#include "server_scenario.hpp"

#include "actors/runtime.hpp"
#include "http/handlers.hpp"
#include "http/server.hpp"
#include "invariants.hpp"
#include "storage/lmdb_store.hpp"
#include "support/cbor_log.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <utility>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;

const std::string writer = "75000000-0000-0000-0000-000000000001";
const std::string pusher = "75000000-0000-0000-0000-000000000002";
const std::string leaver = "75000000-0000-0000-0000-000000000003";

std::string transaction(int n) {
  return "74000000-0000-0000-0000-00000000000" + std::to_string(n);
}

UserId user_id(const std::string& text) {
  return UserId::parse(text).value();
}
TransactionId transaction_id(const std::string& text) {
  return {Uuid::parse(text).value()};
}
ChunkId chunk_id(const std::string& text) {
  return ChunkId::parse(text).value();
}

LmdbStoreOptions options_of(const std::filesystem::path& directory) {
  LmdbStoreOptions options;
  options.directory = directory;
  options.initial_map_bytes = 256 * bounds::KiB;
  options.max_map_bytes = 64 * bounds::MiB;
  return options;
}

/// 5xx but for 507, and no answer at all, leave it open whether the change was made.
Verdict verdict_of(unsigned status) {
  if (status / 100 == 2) return Verdict::applied;
  if (status == 507 || status / 100 == 4) return Verdict::storage_full;
  return Verdict::unavailable;
}

}  // namespace

ServerScenario::ServerScenario(std::filesystem::path directory)
    : directory_(std::move(directory)) {}

/// Twice, for a fault may keep it from starting, and so that a start after others is tried too.
void ServerScenario::run() {
  serve_once();
  serve_once();
}

bool ServerScenario::serve_once() {
  auto store = LmdbStore::open(options_of(directory_));
  if (!store) return false;
  ActorRuntime actors{**store};
  Handlers handlers{**store, actors.gateway(), {}};
  ServerOptions options;
  options.port = 0;
  options.threads = 1;
  const auto server = Server::start(options, handlers);
  if (!server) return false;
  talk((*server)->port());
  ledger_.expect_agreement(**store);
  return true;
}

void ServerScenario::talk(std::uint16_t port) {
  SyncClient of_writer{port, writer};
  upload(of_writer);
  publish(of_writer);
  SyncClient of_pusher{port, pusher};
  push(of_pusher);
  read(of_writer);
  read(of_pusher);
  SyncClient of_leaver{port, leaver};
  note(PutChunk{user_id(leaver), chunk_id("gone"), "x"},
       [&] { return of_leaver.put_chunk("gone", "x"); });
  note(DeleteUser{user_id(leaver)}, [&] { return of_leaver.delete_user(); });
}

template <class Request>
void ServerScenario::note(const Command& command, Request request) {
  unsigned status = 0;
  try {
    status = request().status;
  } catch (const HttpError&) {  // closed: as if it had not been answered
  }
  Outcome outcome;
  outcome.verdict = verdict_of(status);
  if (const auto* advance = std::get_if<AdvanceHead>(&command))
    outcome.current_head = advance->head;
  if (const auto* pushed = std::get_if<Push>(&command)) {
    outcome.current_head = pushed->transactions.back().id;
  }
  ledger_.note(command, outcome);
  succeeded_ += status / 100 == 2 ? 1 : 0;
}

void ServerScenario::upload(SyncClient& client) {
  const std::pair<std::string, std::size_t> chunks[] = {
      {"a", 10}, {"b", 4096}, {"large", 600 * bounds::KiB}, {"a", 10}};
  for (const auto& [id, size] : chunks) {
    const std::string bytes(size, id.front());
    note(PutChunk{user_id(writer), chunk_id(id), bytes},
         [&] { return client.put_chunk(id, bytes); });
  }
}

void ServerScenario::publish(SyncClient& client) {
  const auto put = [&](int n, const std::string& parent, const std::vector<std::string>& chunks) {
    PutTransaction command{
        user_id(writer), transaction_id(transaction(n)), transaction_id(parent), {}};
    for (const auto& id : chunks) command.chunks.push_back(chunk_id(id));
    note(command, [&] { return client.put_transaction(transaction(n), parent, chunks); });
  };
  put(1, std::string{root_id}, {"a", "b"});
  put(2, transaction(1), {"large"});
  note(AdvanceHead{user_id(writer), transaction_id(transaction(2)), {}},
       [&] { return client.put_head(transaction(2)); });
}

void ServerScenario::push(SyncClient& client) {
  const CborLog log = CborLog{}.chunk("p", "pushed").transaction(transaction(5), {"p"});
  const Push command{user_id(pusher),
                     {},
                     {{chunk_id("p"), "pushed"}},
                     {{transaction_id(transaction(5)), {chunk_id("p")}}}};
  for (int i = 0; i < 2; ++i) {
    note(command, [&] { return client.push(log.encode()); });
  }
}

/// Whatever is answered is well-formed; whether it is true, the store itself is asked.
void ServerScenario::read(SyncClient& client) {
  const std::vector<std::string> chunks = {"a", "nowhere"};
  const std::vector<std::function<HttpResponse()>> requests = {
      [&] { return client.get(""); },
      [&] { return client.get("/head"); },
      [&] { return client.get("/transactions"); },
      [&] { return client.get_transaction(transaction(1)); },
      [&] { return client.get_chunk("large"); },
      [&] { return client.missing(chunks); },
      [&] { return client.pull(); }};
  for (const auto& request : requests) {
    try {
      const unsigned status = request().status;
      EXPECT_TRUE(status == 200 || status == 404 || status / 100 == 5) << status;
      succeeded_ += status == 200 ? 1 : 0;
    } catch (const HttpError&) {  // a pull that failed midway has no trailer, and is cut off
    }
  }
}

void ServerScenario::expect_sound() {
  {
    auto store = LmdbStore::open(options_of(directory_));
    ASSERT_TRUE(store) << store.status().message();
    ledger_.expect_kept(**store);
  }
  EXPECT_THAT(broken_invariants(directory_), testing::IsEmpty());
}

}  // namespace mentat_sync
