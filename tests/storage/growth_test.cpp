// The map grows under readers; a full map is an outcome.
#include "store_fixture.hpp"

#include <atomic>
#include <thread>

namespace mentat_sync {
namespace {

using Growth = StoreFixture;

TEST_F(Growth, GoesOnWithoutARestart) {
  LmdbStoreOptions options;
  options.initial_map_bytes = 1 << 20;
  open(options);
  for (int i = 0; i < 16; ++i) {
    ASSERT_EQ(put_chunk("c-" + std::to_string(i), std::string(1 << 20, 'x')), Verdict::applied)
        << i;
  }
  EXPECT_GT(store().statistics()->map_bytes, 16U << 20);
  EXPECT_EQ(summary().chunk_count, 16U);
}

TEST_F(Growth, DoesNotDisturbReaders) {
  LmdbStoreOptions options;
  options.initial_map_bytes = 1 << 20;
  open(options);
  put_chunk("first", "bytes");
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        store().read(ReadChunk{user, chunk_id("first")}, [&](Result<Chunk> chunk) {
          if (!chunk.ok() || chunk->bytes != "bytes") ++wrong;
        });
      }
    });
  }
  for (int i = 0; i < 24; ++i) put_chunk("c-" + std::to_string(i), std::string(1 << 20, 'x'));
  stop = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(summary().chunk_count, 25U);
}

TEST_F(Growth, AnswersAFullMapAndLosesNothing) {
  LmdbStoreOptions options;
  options.initial_map_bytes = 1 << 20;
  options.max_map_bytes = 4 << 20;
  open(options);
  int stored = 0;
  while (put_chunk("c-" + std::to_string(stored), std::string(100'000, 'x')) == Verdict::applied)
    ++stored;
  EXPECT_GT(stored, 20);
  EXPECT_EQ(put_chunk("one-more", std::string(100'000, 'x')), Verdict::storage_full);
  EXPECT_TRUE(store().health().ok());
  for (int i = 0; i < stored; ++i) {
    ASSERT_TRUE(read<Chunk>(ReadChunk{user, chunk_id("c-" + std::to_string(i))}).found) << i;
  }
}

TEST_F(Growth, RefusesAStoreTooSmallForItsTables) {
  close();
  LmdbStoreOptions options;
  options.directory = directory();
  options.max_map_bytes = 1;
  EXPECT_EQ(LmdbStore::open(options).status().code(), ErrorCode::invalid);
}

TEST_F(Growth, LetsThroughWhatFitsBesideWhatDoesNot) {
  LmdbStoreOptions options;
  options.initial_map_bytes = options.max_map_bytes = 4 << 20;
  open(options);
  auto small = submit_later(PutChunk{user, chunk_id("small"), "x"});
  auto large = submit_later(PutChunk{user, chunk_id("large"), std::string(4'190'000, 'x')});
  auto last = submit_later(PutChunk{user, chunk_id("last"), "y"});
  EXPECT_EQ(small.get().verdict, Verdict::applied);
  EXPECT_EQ(large.get().verdict, Verdict::storage_full);
  EXPECT_EQ(last.get().verdict, Verdict::applied);
}

TEST_F(Growth, TakesWritesAgainAfterADeletion) {
  LmdbStoreOptions options;
  options.initial_map_bytes = options.max_map_bytes = 4 << 20;
  open(options);
  submit(PutChunk{other_user, chunk_id("large"), std::string(2'100'000, 'x')});
  ASSERT_EQ(put_chunk("large", std::string(2'100'000, 'x')), Verdict::storage_full);
  ASSERT_EQ(submit(DeleteUser{other_user}).verdict, Verdict::applied);
  Verdict verdict = Verdict::storage_full;
  for (int i = 0; i < 200 && verdict == Verdict::storage_full; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
    verdict = put_chunk("large", std::string(2'100'000, 'x'));
  }
  EXPECT_EQ(verdict, Verdict::applied);
}

TEST_F(Growth, StoresAPageOfBytesInAPage) {
  const auto before = store().statistics()->used_bytes;
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 1000; ++i) {
    outcomes.push_back(
        submit_later(PutChunk{user, chunk_id("c-" + std::to_string(i)), std::string(4096, 'x')}));
  }
  for (auto& outcome : outcomes) ASSERT_EQ(outcome.get().verdict, Verdict::applied);
  // Without a tail beside it, each would take two pages.
  EXPECT_LT(store().statistics()->used_bytes - before, 1000U * 4096 * 3 / 2);
}

}  // namespace
}  // namespace mentat_sync
