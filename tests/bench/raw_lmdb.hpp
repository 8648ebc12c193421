// LMDB by itself: puts of random keys, as a server that did nothing else would commit them.
//
// Thread-safety: blocks and uses the calling thread only. Failures: throws std::runtime_error.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

namespace mentat_sync {

/// With LMDB's default sync, in a new environment in `directory`, which is removed.
double lmdb_puts_a_second(const std::filesystem::path& directory, std::size_t puts_in_a_commit,
                          std::size_t value_bytes, std::chrono::duration<double> time);

}  // namespace mentat_sync
