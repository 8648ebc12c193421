// ReaderPin: keeps whoever writes a store from using the pages of a snapshot again while we read
// them by ourselves, which is what an LMDB read transaction is for; nothing is read through it.
//
// Thread-safety: one thread. Ownership: owns its environment and the transaction.
// Failures: open() by Result; begin() throws LmdbFailure. A process that is killed while it holds a
// snapshot leaves its slot behind: the writer clears it at its start, and every
// bounds::commits_between_reader_checks commits.
// Source: lmdb.h (mdb_txn_begin, MDB_NOTLS, MDB_MAP_RESIZED).
#pragma once

#include "storage/result.hpp"

#include <lmdb.h>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace mentat_sync {

class ReaderPin {
 public:
  /// The meta pages must have been looked at: LMDB believes what they say. nullptr when nobody has
  /// ever opened the directory for writing: then there is nothing to keep.
  static Result<std::unique_ptr<ReaderPin>> open(const std::filesystem::path& directory);
  ~ReaderPin();
  ReaderPin(const ReaderPin&) = delete;
  ReaderPin& operator=(const ReaderPin&) = delete;

  /// Holds the newest snapshot from now on; the transaction that made it.
  std::uint64_t begin();
  void end();

 private:
  ReaderPin() = default;
  Status open_files(const std::filesystem::path& directory);

  MDB_env* env_ = nullptr;
  MDB_txn* txn_ = nullptr;
};

}  // namespace mentat_sync
