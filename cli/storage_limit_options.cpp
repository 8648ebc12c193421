// See storage_limit_options.hpp.
#include "cli/storage_limit_options.hpp"

#include "cli/option_kinds.hpp"

#include <string>

namespace mentat_sync {

void add_storage_limit_options(CLI::App& command, StorageLimitOptions& options) {
  add_size_option(command, "--max-user-bytes", options.user.bytes,
                  zero_or_to_bytes(1, bounds::store_bytes_max),
                  "What one user may store, chunks and transactions together; 0: as much as\n"
                  "there is room for")
      ->default_str("0");
  add_count_option(command, "--max-pending-transactions",
                   set_number(options.user.pending_transactions),
                   in_range(1, bounds::pending_transactions_per_user_max),
                   "Transactions of one user that HEAD may yet reach")
      ->default_str(std::to_string(options.user.pending_transactions));
  add_count_option(
      command, "--max-transaction-chunks", set_number(options.user.chunks_per_transaction),
      in_range(1, bounds::chunks_per_transaction), "Chunks that one transaction may name")
      ->default_str(std::to_string(options.user.chunks_per_transaction));
  add_count_option(command, "--max-queue", set_number(options.max_queue),
                   in_range(1, bounds::writer_queue_commands_max),
                   "Changes of all users that may wait for the disk")
      ->default_str(std::to_string(options.max_queue));
  add_count_option(command, "--max-user-queue", set_number(options.max_user_queue),
                   in_range(1, bounds::writer_queue_commands_max),
                   "Changes of one user that may be under way; never more than --max-queue")
      ->default_str(std::to_string(options.max_user_queue));
}

}  // namespace mentat_sync
