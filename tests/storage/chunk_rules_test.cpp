// What PutChunk stores and refuses.
#include "storage/sha256.hpp"
#include "store_fixture.hpp"

namespace mentat_sync {
namespace {

using ChunkRules = StoreFixture;

TEST_F(ChunkRules, StoresWhatItIsGiven) {
  EXPECT_EQ(put_chunk("a", "bytes"), Verdict::applied);
  const auto chunk = read<Chunk>(ReadChunk{user, chunk_id("a")});
  EXPECT_TRUE(chunk.found);
  EXPECT_EQ(chunk.bytes, "bytes");
}

TEST_F(ChunkRules, StoresChunksOfEverySizeAroundAPage) {
  for (const std::size_t size :
       {0, 1, 1000, 2000, 4079, 4080, 4081, 4096, 4112, 4113, 8176, 8192, 65536, 1000000}) {
    const std::string id = "size-" + std::to_string(size);
    std::string bytes(size, 'x');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 % 251);
    EXPECT_EQ(put_chunk(id, bytes), Verdict::applied) << size;
    EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id(id)}).bytes, bytes) << size;
    EXPECT_EQ(put_chunk(id, bytes), Verdict::already_there) << size;
    EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id(id)}).bytes, bytes) << size;
    if (size == 0) continue;
    bytes.back() ^= 1;
    EXPECT_EQ(put_chunk(id, bytes), Verdict::chunk_differs) << size;
    bytes.back() ^= 1;
    bytes.front() ^= 1;
    EXPECT_EQ(put_chunk(id, bytes), Verdict::chunk_differs) << size;
  }
}

TEST_F(ChunkRules, KeepsTheFirstBytesOfAnId) {
  put_chunk("a", "first");
  EXPECT_EQ(put_chunk("a", "second"), Verdict::chunk_differs);
  EXPECT_EQ(put_chunk("a", "firs"), Verdict::chunk_differs);
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("a")}).bytes, "first");
}

TEST_F(ChunkRules, CountsEachChunkOnce) {
  put_chunk("a", "12345");
  put_chunk("a", "12345");
  put_chunk("b", "678");
  EXPECT_EQ(summary().chunk_count, 2U);
  EXPECT_EQ(summary().chunk_bytes, 8U);
}

TEST_F(ChunkRules, TakesASha256IdOnlyForItsBytes) {
  const std::string id = to_hex(sha256("abc"));
  EXPECT_EQ(put_chunk(id, "abd"), Verdict::hash_mismatch);
  EXPECT_FALSE(read<Chunk>(ReadChunk{user, chunk_id(id)}).found);
  EXPECT_EQ(put_chunk(id, "abc"), Verdict::applied);
}

TEST_F(ChunkRules, TakesOnlySha256IdsWhenSoConfigured) {
  LmdbStoreOptions options;
  options.chunk_ids = ChunkIds::sha256;
  open(options);
  EXPECT_EQ(put_chunk("a", "abc"), Verdict::chunk_id_not_sha256);
  EXPECT_EQ(put_chunk(to_hex(sha256("abc")), "abc"), Verdict::applied);
}

TEST_F(ChunkRules, RefusesALargerChunkThanConfigured) {
  LmdbStoreOptions options;
  options.max_chunk_bytes = 10;
  open(options);
  EXPECT_EQ(put_chunk("a", std::string(10, 'x')), Verdict::applied);
  const Outcome refused = submit(PutChunk{user, chunk_id("b"), std::string(11, 'x')});
  EXPECT_EQ(refused.verdict, Verdict::chunk_too_large);
  EXPECT_EQ(refused.limit, 10U);
}

TEST_F(ChunkRules, KeepsUsersApart) {
  put_chunk("a", "mine");
  EXPECT_FALSE(read<Chunk>(ReadChunk{other_user, chunk_id("a")}).found);
  EXPECT_EQ(submit(PutChunk{other_user, chunk_id("a"), "theirs"}).verdict, Verdict::applied);
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("a")}).bytes, "mine");
}

}  // namespace
}  // namespace mentat_sync
