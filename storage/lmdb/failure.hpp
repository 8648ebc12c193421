// How LMDB's errors travel inside this folder: as exceptions, from any depth to the two places that
// can decide (the writer's batch, a query), which turn them into an Outcome or a Status. None
// leaves the folder. See docs/decisions/0004-exceptions-inside-storage.md.
//
// Thread-safety: value types.
#pragma once

#include "storage/result.hpp"

#include <lmdb.h>

#include <cerrno>
#include <stdexcept>
#include <string>

namespace mentat_sync {

/// A call of LMDB failed.
class LmdbFailure : public std::runtime_error {
 public:
  LmdbFailure(const char* call, int code)
      : std::runtime_error(std::string{call} + ": " + mdb_strerror(code)), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

/// A stored record contradicts the format or another record.
class CorruptRecord : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws unless `code` is MDB_SUCCESS.
inline void check(const char* call, int code) {
  if (code != MDB_SUCCESS) throw LmdbFailure{call, code};
}

/// No more room: of the map, of the disk or its quota, or of one transaction.
inline bool is_full(int code) {
  return code == MDB_MAP_FULL || code == MDB_TXN_FULL || code == ENOSPC || code == EDQUOT ||
         code == EFBIG;
}

inline bool is_corrupt(int code) {
  return code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_INVALID ||
         code == MDB_VERSION_MISMATCH || code == MDB_INCOMPATIBLE;
}

inline Status to_status(const LmdbFailure& failure) {
  const int code = failure.code();
  if (is_full(code)) return {ErrorCode::full, failure.what()};
  if (is_corrupt(code)) return {ErrorCode::corrupt, failure.what()};
  return {code == MDB_PANIC ? ErrorCode::unavailable : ErrorCode::io, failure.what()};
}

}  // namespace mentat_sync
