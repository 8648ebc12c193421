// Opening a store, changing it and closing it.
#include "local_store.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace mentat_sync {
namespace {

std::unique_ptr<LmdbStore> open(const std::filesystem::path& directory) {
  LmdbStoreOptions options;
  options.directory = directory;
  auto store = LmdbStore::open(options);
  if (!store) throw std::runtime_error(store.status().message());
  return std::move(store).value();
}

}  // namespace

TransactionId local_transaction(std::uint8_t number) {
  TransactionId id;
  id.uuid.bytes.back() = number;
  return id;
}

void LocalStore::submit(const std::vector<Command>& commands) const {
  const auto store = open(directory());
  for (const auto& command : commands) {
    std::promise<Outcome> done;
    store->submit(command, [&](const Outcome& outcome) { done.set_value(outcome); });
    EXPECT_TRUE(succeeded(done.get_future().get().verdict));
  }
}

void LocalStore::put_forks() const {
  const auto one = local_transaction(1);
  const auto two = local_transaction(2);
  submit({PutChunk{local_user, *ChunkId::parse("a"), "12345"},
          PutChunk{local_user, *ChunkId::parse("nobody"), "123"},
          PutTransaction{local_user, one, {}, {*ChunkId::parse("a")}},
          AdvanceHead{local_user, one, {}},
          PutTransaction{local_user, local_transaction(3), one, {}},
          PutTransaction{local_user, two, one, {}}, AdvanceHead{local_user, two, {}},
          PutTransaction{local_user, local_transaction(4), two, {}}});
}

Summary LocalStore::summary(UserId user) const {
  const auto store = open(directory());
  Summary summary;
  store->read(ReadSummary{user}, [&](const Result<Summary>& read) { summary = read.value(); });
  return summary;
}

}  // namespace mentat_sync
