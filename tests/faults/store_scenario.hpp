// StoreScenario: a store's life in small: opened, written and read in every way, grown, closed,
// and opened again; whatever fails meanwhile.
//
// Thread-safety: one thread.
// Failures: reported through GoogleTest: what is stored is not what was answered, or the store does
// not work when nothing fails any more.
#pragma once

#include "fault_runs.hpp"
#include "storage/lmdb_store.hpp"
#include "store_ledger.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

namespace mentat_sync {

class StoreScenario final : public Scenario {
 public:
  explicit StoreScenario(std::filesystem::path directory);

  void run() override;
  /// The store is sound, has what it acknowledged, and goes on.
  void expect_sound() override;

  std::size_t applied() const { return applied_; }

 private:
  /// Tries twice: for a fault that comes once, the second time succeeds.
  bool open();
  Outcome submit(Command command);
  void upload();
  void publish();
  void push();
  void upload_many();
  void make_garbage_and_collect();
  void collect(UserId user);
  void delete_one();
  void query();
  /// In the order of submission.
  void submit_together(const std::vector<Command>& commands);

  const std::filesystem::path directory_;
  StoreLedger ledger_;
  std::unique_ptr<LmdbStore> store_;
  std::size_t applied_ = 0;
};

}  // namespace mentat_sync
