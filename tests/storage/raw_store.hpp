// RawStore: a store's tables with nothing in between, for tests that put something wrong there.
//
// Thread-safety: one thread. The store must not be open in this process.
// Failures: throws.
#pragma once

#include "storage/lmdb/format.hpp"
#include "storage/lmdb/tables.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace mentat_sync {

class RawStore {
 public:
  explicit RawStore(const std::filesystem::path& directory);
  ~RawStore();
  RawStore(const RawStore&) = delete;
  RawStore& operator=(const RawStore&) = delete;

  const Tables& tables() const { return tables_; }
  std::optional<std::string> get(MDB_dbi table, format::Bytes key) const;
  void put(MDB_dbi table, format::Bytes key, format::Bytes value);
  void erase(MDB_dbi table, format::Bytes key);
  /// Puts what `change` makes of the value that is there.
  void alter(MDB_dbi table, format::Bytes key,
             const std::function<std::string(const std::string&)>& change);

 private:
  MDB_env* env_ = nullptr;
  MDB_txn* txn_ = nullptr;
  Tables tables_;
};

}  // namespace mentat_sync
