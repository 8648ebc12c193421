// StoreInspector: looks at a store's files themselves, beside a server that is running on them or
// without one: what HEAD has not reached, what is dead and since when, what a collection would
// take.
//
// It changes nothing, takes no lock of the data directory and creates no file. While it reads it
// holds a read transaction, a short one for each page, for LMDB reuses no page that one may see.
//
// Thread-safety: one thread. No LmdbStore may have the same directory open in the same process:
// LMDB's locks are the process's, and closing one would release the other's.
// Failures: by Result: io or corrupt when there is no store, when it is another program's or of
// another format version, or may not be read; unavailable when the log was deleted meanwhile.
// Units: *_ms are the wall clock in ms since 1970, as the store's records carry it.
#pragma once

#include "storage/ids.hpp"
#include "storage/lmdb_store.hpp"
#include "storage/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace mentat_sync {

struct InspectedTransaction {
  enum class Standing {
    committed,
    /// It descends from HEAD, which may yet reach it.
    pending,
    /// HEAD has gone another way.
    dead,
  };
  Standing standing = Standing::committed;
  TransactionId id;
  TransactionId parent;
  std::uint64_t seq = 0;
  std::uint64_t chunks = 0;
  /// Of its chunks, each as often as it names it.
  std::uint64_t chunk_bytes = 0;
  std::uint64_t stored_ms = 0;
  /// Since when it has this standing.
  std::uint64_t since_ms = 0;
  /// When a collection may take it, which is not before those that descend from it. Not of a
  /// committed one.
  std::uint64_t collectable_ms = 0;
};

/// Chunks that no transaction names.
struct InspectedChunks {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  /// Those of them whose lease has run out.
  std::uint64_t collectable = 0;
  std::uint64_t collectable_bytes = 0;
  /// When the first and the last of the other leases run out; 0 when there are none.
  std::uint64_t next_ms = 0;
  std::uint64_t last_ms = 0;
};

struct Inspection {
  /// When it was made.
  std::uint64_t now_ms = 0;
  /// False when nothing was ever written to the log, or not since it was deleted.
  bool begun = false;
  /// Deleted logs of this user whose space has not come back yet.
  std::uint64_t purges = 0;

  // The rest only when begun.
  /// The number of this generation of the user's log.
  std::uint64_t generation = 0;
  Summary summary;
  std::uint64_t pending = 0;
  std::uint64_t dead = 0;
  InspectedChunks unreferenced;
  /// The last ones, newest first.
  std::vector<InspectedTransaction> committed;
  /// Those that HEAD has not reached, in no order that means anything: at most
  /// bounds::inspect_transactions of them.
  std::vector<InspectedTransaction> uncommitted;
};

/// What a collection would take now, and what it would leave for later.
struct GarbageEstimate {
  std::uint64_t transactions = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;
  /// Chunks that those transactions are the last to name: their leases would begin.
  std::uint64_t released_chunks = 0;
  std::uint64_t released_bytes = 0;
};

class StoreInspector {
 public:
  static Result<std::unique_ptr<StoreInspector>> open(const std::filesystem::path& directory,
                                                      const CollectionRules& rules);
  ~StoreInspector();
  StoreInspector(const StoreInspector&) = delete;
  StoreInspector& operator=(const StoreInspector&) = delete;

  /// With at most `committed_limit` committed transactions.
  Result<Inspection> inspect(UserId user, std::uint64_t committed_limit);

  /// What Collect, until it is done, would take of the user's log. Of more than
  /// bounds::inspect_transactions that HEAD has not reached it sees that many.
  Result<GarbageEstimate> estimate(UserId user);

  /// Whether the user has a log.
  Result<bool> knows(UserId user);
  Result<UserPage> list(const ListUsers& query);

 private:
  class Impl;
  explicit StoreInspector(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mentat_sync
