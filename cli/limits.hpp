// What the system lets this process have, and what the process keeps of it.
//
// Thread-safety: call from one thread.
// Failures: none; what cannot be raised stays as it is.
// Source: getrlimit(2), mallopt(3).
#pragma once

#include <cstddef>

namespace mentat_sync {

/// Raises the soft limit of open files to the hard one, and returns what it then is.
std::size_t raise_open_files_limit();

/// Freed memory is kept for the next use, up to 8 MiB a thread, instead of being given back to the
/// system at 128 KiB: a loop that answers with large chunks would take it again for each, and have
/// its pages zeroed. Of glibc alone; call it before threads begin.
void keep_freed_memory();

}  // namespace mentat_sync
