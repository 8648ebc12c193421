// What the system lets this process have.
//
// Thread-safety: call from one thread.
// Failures: none; what cannot be raised stays as it is.
// Source: getrlimit(2).
#pragma once

#include <cstddef>

namespace mentat_sync {

/// Raises the soft limit of open files to the hard one, and returns what it then is.
std::size_t raise_open_files_limit();

}  // namespace mentat_sync
