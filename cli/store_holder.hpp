// The server that has a data directory open, and asking it to collect garbage now.
//
// Thread-safety: the main thread.
// Failures: by Result: what is wrong, and what to do instead.
// Source: proc(5); kill(2). The lock file's text is the holder's process id, as its own namespace
// counts: so the process of that number here must have the lock file open, and must have a handler
// for SIGUSR1, whose default would be to end it.
#pragma once

#include "storage/result.hpp"

#include <filesystem>
#include <sys/types.h>

namespace mentat_sync {

/// Sends SIGUSR1 to the process that holds `directory`'s lock; its id.
Result<pid_t> ask_holder_to_collect(const std::filesystem::path& directory);

}  // namespace mentat_sync
