// The users of a store, page by page, in whatever transaction.
//
// Thread-safety: belongs to its transaction's thread.
// Failures: throws LmdbFailure and CorruptRecord.
#pragma once

#include "storage/lmdb/tables.hpp"
#include "storage/queries.hpp"

namespace mentat_sync {

UserPage list_users(MDB_txn* txn, const Tables& tables, const ListUsers& query);

}  // namespace mentat_sync
