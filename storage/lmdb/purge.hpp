// The purge: gives back the space of deleted logs, a small step at a time.
//
// Thread-safety: belongs to the writer's thread.
// Failures: throws LmdbFailure and CorruptRecord, after which the transaction must be aborted.
#pragma once

#include "storage/lmdb/tables.hpp"

#include <cstddef>

namespace mentat_sync {

/// Removes at most `max_keys` records, and payloads of about bounds::purge_bytes, of the
/// first log waiting for it. Each step leaves a consistent store, so that it goes on after a
/// restart.
void purge_step(MDB_txn* txn, const Tables& tables, std::size_t max_keys);

/// Whether any log is waiting.
bool purge_waiting(MDB_txn* txn, const Tables& tables);

}  // namespace mentat_sync
