// ReadOnlyEnvironment: a store's files opened for reading only, beside whoever writes them.
//
// Thread-safety: one thread.
// Lifetime: transactions must end before their environment.
// Failures: open() by Result; the rest throws LmdbFailure.
// Source: lmdb.h (mdb_env_open, MDB_MAP_RESIZED, mdb_env_set_mapsize).
#pragma once

#include "storage/lmdb/failure.hpp"
#include "storage/lmdb/tables.hpp"
#include "storage/result.hpp"

#include <lmdb.h>

#include <filesystem>
#include <memory>
#include <utility>

namespace mentat_sync {

class ReadOnlyTxn {
 public:
  explicit ReadOnlyTxn(MDB_txn* txn) : txn_(txn) {}
  ReadOnlyTxn(ReadOnlyTxn&& other) noexcept : txn_(std::exchange(other.txn_, nullptr)) {}
  ReadOnlyTxn& operator=(ReadOnlyTxn&&) = delete;
  ~ReadOnlyTxn() { mdb_txn_abort(txn_); }

  MDB_txn* get() const { return txn_; }

 private:
  MDB_txn* txn_;
};

class ReadOnlyEnvironment {
 public:
  static Result<std::unique_ptr<ReadOnlyEnvironment>> open(const std::filesystem::path& directory);
  ~ReadOnlyEnvironment();
  ReadOnlyEnvironment(const ReadOnlyEnvironment&) = delete;
  ReadOnlyEnvironment& operator=(const ReadOnlyEnvironment&) = delete;

  /// The latest state. Adopts the map's size when the writer has made it larger.
  ReadOnlyTxn begin();
  const Tables& tables() const { return tables_; }

 private:
  explicit ReadOnlyEnvironment(std::filesystem::path directory);
  Status open_files();
  Status check_not_truncated() const;
  Status find_tables();

  const std::filesystem::path directory_;
  MDB_env* env_ = nullptr;
  Tables tables_;
};

}  // namespace mentat_sync
