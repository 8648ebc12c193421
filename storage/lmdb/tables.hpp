// Tables: LMDB's named databases that the format lays down, opened once, and the check of the
// format's version.
//
// Thread-safety: immutable once opened.
// Failures: open() refuses an unknown version and a file that is something else's.
#pragma once

#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/format.hpp"
#include "storage/result.hpp"

#include <lmdb.h>

#include <optional>

namespace mentat_sync {

struct Tables {
  MDB_dbi meta = 0;
  MDB_dbi users = 0;
  MDB_dbi logs = 0;
  MDB_dbi payloads = 0;
  MDB_dbi purges = 0;

  /// Creates them in an empty environment.
  static Result<Tables> open(Environment& environment);
  /// Those of an existing store, in any transaction, also of an environment opened for reading
  /// only. LMDB keeps them for others once that transaction is committed.
  static Result<Tables> find(MDB_txn* txn);
};

/// LMDB's view of bytes, and back. LMDB does not write through it.
inline MDB_val to_val(format::Bytes bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};
}
inline format::Bytes to_bytes(const MDB_val& val) {
  return {static_cast<const char*>(val.mv_data), val.mv_size};
}

/// The value under `key`, valid until the transaction writes or ends.
std::optional<format::Bytes> get(MDB_txn* txn, MDB_dbi table, format::Bytes key);

void put(MDB_txn* txn, MDB_dbi table, format::Bytes key, format::Bytes value, unsigned flags = 0);

/// Throws CorruptRecord when there is no such key.
void erase(MDB_txn* txn, MDB_dbi table, format::Bytes key);

/// The key of a table of integer keys.
inline format::Bytes integer_key(const std::uint64_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

}  // namespace mentat_sync
