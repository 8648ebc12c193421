// What is in a store that was made for a benchmark.
#include "bench/store_filling.hpp"

#include "storage/lmdb_store.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace mentat_sync {
namespace {

std::unique_ptr<LmdbStore> open(const std::filesystem::path& directory) {
  LmdbStoreOptions options;
  options.directory = directory;
  return LmdbStore::open(std::move(options)).value();
}

std::string chunk_of(LmdbStore& store, std::size_t user, std::size_t chunk) {
  std::string bytes;
  store.read(ReadChunk{numbered_user(user), numbered_chunk(chunk)},
             [&](const Result<Chunk>& read) { bytes = read.value().bytes; });
  return bytes;
}

TEST(StoreFilling, GivesEachUserEveryNthChunk) {
  const TemporaryDirectory directory;
  fill_store({.directory = directory.path(), .users = 3, .chunks = 10, .chunk_bytes = 5'000});
  const auto store = open(directory.path());
  EXPECT_EQ(store->statistics().value().users, 3U);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(chunk_of(*store, i % 3, i).size(), 5'000U) << i;
  EXPECT_EQ(chunk_of(*store, 0, 1), "");
  EXPECT_NE(chunk_of(*store, 0, 0), chunk_of(*store, 0, 3));
}

TEST(StoreFilling, GivesSmallLogsTheirHeadAndTheirChunk) {
  const TemporaryDirectory directory;
  add_small_logs(directory.path(), 7, 2, 100);
  drop_from_page_cache(directory.path());
  const auto store = open(directory.path());
  EXPECT_EQ(store->statistics().value().users, 2U);
  for (const std::size_t user : {7U, 8U}) {
    store->read(ReadHead{numbered_user(user)},
                [](const Result<Head>& head) { EXPECT_EQ(head.value().seq, 1U); });
    EXPECT_EQ(chunk_of(*store, user, 0).size(), 100U);
  }
}

TEST(StoreFilling, RefusesWhatTheDiskHasNoRoomFor) {
  const TemporaryDirectory directory;
  const StoreFilling filling{.directory = directory.path() / "store",
                             .chunks = std::numeric_limits<std::uint32_t>::max(),
                             .chunk_bytes = 1 << 20};
  EXPECT_THROW(fill_store(filling), std::runtime_error);
  EXPECT_TRUE(std::filesystem::is_empty(filling.directory));
}

}  // namespace
}  // namespace mentat_sync
