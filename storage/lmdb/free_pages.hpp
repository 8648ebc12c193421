// The pages of a snapshot that are in no use, and that LMDB keeps a list of.
//
// Thread-safety: one thread. Lifetime: one snapshot.
// Failures: throws CorruptRecord, and what StorePages throws.
#pragma once

#include "storage/lmdb/store_pages.hpp"

#include <cstdint>
#include <filesystem>

namespace mentat_sync {

/// How many pages from `first` on are free.
std::uint64_t count_free_pages(StorePages& store, PageNumber first);

/// Whether the file `data` has all pages but free ones. It may rightly be shorter than the pages
/// that LMDB counts: those that a commit took and gave back again it never wrote. Only while nobody
/// writes to it.
bool has_all_used_pages(const std::filesystem::path& data);

}  // namespace mentat_sync
