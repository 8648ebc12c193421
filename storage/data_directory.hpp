// What a data directory looks like from outside, for those who write files and must not put one in
// the place of a store's: a server goes on with the file that had the name, and another one takes
// the new file's lock.
//
// Thread-safety: pure functions but for the file system.
// Source: docs/storage_format.md.
#pragma once

#include <filesystem>

namespace mentat_sync {

/// Whether a server runs on `directory`, or ever did: its lock is there.
bool is_data_directory(const std::filesystem::path& directory);

/// Whether a file of this name would be one of a store's own, in such a directory.
bool is_file_of_store(const std::filesystem::path& file);

}  // namespace mentat_sync
