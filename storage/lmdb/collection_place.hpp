// CollectionPlace: where in a user's log a collection has come to, as the bytes that travel between
// its steps (Collected::resume_at).
//
// Thread-safety: a value type.
// Failures: none: bytes that are no place, or one of another log, are the beginning.
#pragma once

#include "storage/ids.hpp"
#include "storage/lmdb/format.hpp"

#include <cstdint>
#include <string>

namespace mentat_sync {

struct CollectionPlace {
  enum class Phase : std::uint8_t {
    /// Among the pending transactions.
    transactions = 1,
    /// Among the chunks.
    chunks = 2,
    /// All has been looked at. What was freed last can be used again after one more commit.
    settling = 3,
  };
  Phase phase = Phase::transactions;
  /// Whether an earlier step changed something.
  bool changed = false;
  /// An ancestor of what was removed last, to be looked at before all else; the root: none.
  TransactionId climb;
  /// What follows the kind in the key of the record looked at last; empty: none yet.
  std::string last;

  /// Without `climb` when there is nothing to climb.
  std::string encode(format::StoreId store) const;
  static CollectionPlace decode(std::string_view bytes, format::StoreId store);
};

}  // namespace mentat_sync
