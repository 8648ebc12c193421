// A store in a directory of its own, and blocking calls on it.
#pragma once

#include "storage/lmdb_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

/// Transaction number `n`, counted from 1.
TransactionId transaction(unsigned n);
ChunkId chunk_id(std::string_view text);

/// Nothing waits: all garbage may go at once, each lease is due and has run out.
inline constexpr CollectionRules collect_at_once{
    std::chrono::milliseconds{0}, std::chrono::milliseconds{0}, std::chrono::milliseconds{0}};

class StoreFixture : public testing::Test {
 protected:
  StoreFixture();
  ~StoreFixture() override;

  /// Opens (again) with `options`, whose directory is set here.
  void open(LmdbStoreOptions options = {});
  void open(CollectionRules rules);
  /// Closes the store, checks what docs/storage_format.md promises, and opens it as it was. Each
  /// test that leaves the store open ends with it.
  void expect_sound();
  void TearDown() override;
  void close() { store_.reset(); }
  LmdbStore& store() { return *store_; }
  const std::filesystem::path& directory() const { return directory_; }

  Outcome submit(Command command);
  std::future<Outcome> submit_later(Command command);

  template <class Answer, class Query>
  Answer read(Query query) {
    std::optional<Result<Answer>> answer;
    store().read(query, [&](Result<Answer> result) { answer = std::move(result); });
    EXPECT_TRUE(answer.has_value() && answer->ok()) << (answer ? answer->status().message() : "");
    return std::move(*answer).value();
  }
  Head head() { return read<Head>(ReadHead{user}); }
  Summary summary() { return read<Summary>(ReadSummary{user}); }
  std::vector<TransactionId> list(TransactionId from = {}, std::uint32_t limit = 100);
  /// What `query` reads of the user's log, to its end: item by item, and as CBOR.
  std::vector<LogItem> read_items(ReadLog query);
  std::string read_cbor(ReadLog query);

  // For one user, with fewer words.
  Verdict put_chunk(std::string_view id, std::string bytes);
  Verdict put_transaction(TransactionId id, TransactionId parent,
                          const std::vector<std::string>& chunks = {});
  Verdict advance(TransactionId head);
  Outcome push(TransactionId base, const std::vector<std::pair<std::string, std::string>>& chunks,
               const std::vector<std::pair<TransactionId, std::vector<std::string>>>& transactions);
  bool has_chunk(std::string_view id) { return read<Chunk>(ReadChunk{user, chunk_id(id)}).found; }

  /// All steps of a collection together, and how many steps that changed something.
  struct Collection {
    Collected total;
    int steps = 0;
  };
  Collection collect();

  const UserId user = *UserId::parse("11111111-1111-4111-8111-111111111111");
  const UserId other_user = *UserId::parse("22222222-2222-4222-8222-222222222222");

 private:
  void expect_checked() const;
  void read_to_its_end(ReadLog query, LogTaker& taker);

  std::filesystem::path directory_;
  LmdbStoreOptions options_;
  std::unique_ptr<LmdbStore> store_;
};

}  // namespace mentat_sync
