// Whether a store keeps what docs/storage_format.md promises: read from its raw tables, record by
// record, beside the code that wrote them.
//
// Thread-safety: none needed. The store must not be open in this process (LMDB's rule); in another
// one it may be.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mentat_sync {

/// A sentence for each invariant that does not hold; none: the store is sound.
std::vector<std::string> broken_invariants(const std::filesystem::path& directory);

}  // namespace mentat_sync
