// A store in a directory of its own, and blocking calls on it.
#pragma once

#include "storage/lmdb_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace mentat_sync {

class StoreFixture : public testing::Test {
 protected:
  StoreFixture();
  ~StoreFixture() override;

  /// Opens (again) with `options`, whose directory is set here.
  void open(LmdbStoreOptions options = {});
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

  // For one user, with fewer words.
  Verdict put_chunk(std::string_view id, std::string bytes);
  Verdict put_transaction(TransactionId id, TransactionId parent,
                          const std::vector<std::string>& chunks = {});
  Verdict advance(TransactionId head);

  const UserId user = *UserId::parse("11111111-1111-4111-8111-111111111111");
  const UserId other_user = *UserId::parse("22222222-2222-4222-8222-222222222222");

 private:
  std::filesystem::path directory_;
  std::unique_ptr<LmdbStore> store_;
};

/// Transaction number `n`, counted from 1.
TransactionId transaction(unsigned n);
ChunkId chunk_id(std::string_view text);

}  // namespace mentat_sync
