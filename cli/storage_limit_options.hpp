// StorageLimitOptions: how much one user may store and have in flight, and how much waits for the
// writer.
//
// Thread-safety: a value type; adding reads the environment, so before threads start.
// Lifetime: the options must live until the command line is parsed.
#pragma once

#include "storage/bounds.hpp"
#include "storage/lmdb_store.hpp"

#include <algorithm>
#include <cstddef>

namespace CLI {
class App;
}

namespace mentat_sync {

struct StorageLimitOptions {
  UserLimits user;
  /// Commands that wait for the writer, of all users.
  std::size_t max_queue = bounds::writer_queue_commands;
  std::size_t max_user_queue = bounds::user_queue_commands;

  /// One user's commands in flight: never more than what all users may have.
  std::size_t user_queue() const { return std::min(max_user_queue, max_queue); }
};

/// --max-user-bytes, --max-pending-transactions, --max-transaction-chunks, --max-queue,
/// --max-user-queue.
void add_storage_limit_options(CLI::App& command, StorageLimitOptions& options);

}  // namespace mentat_sync
