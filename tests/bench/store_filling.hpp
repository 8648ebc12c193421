// Stores of a given size, made by the storage library itself, which is many times faster than by
// requests: what is in them follows from numbers, so that whoever asks for it need not be told.
//
// Thread-safety: blocks; the store is closed when it returns.
// Failures: throws std::runtime_error, when the disk has no room for it too, before anything is
// written.
#pragma once

#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace mentat_sync {

struct StoreFilling {
  /// Empty, or not there.
  std::filesystem::path directory;
  std::size_t users = 1;
  std::size_t chunks = 0;
  std::size_t chunk_bytes = 0;

  std::uint64_t bytes() const { return std::uint64_t{chunks} * chunk_bytes; }
};

/// Any number's.
UserId numbered_user(std::size_t number);
ChunkId numbered_chunk(std::size_t number);

/// Chunks 0 to chunks - 1, in this order: number n belongs to user n % users.
void fill_store(const StoreFilling& filling);

/// Gives user `number` a log of one transaction with one chunk, numbered_chunk(0), in a store that
/// nobody serves.
void add_small_logs(const std::filesystem::path& store, std::size_t first_user, std::size_t users,
                    std::size_t chunk_bytes);

/// Of a store that nobody serves: writes back what is not on disk yet, and has the system forget
/// what it holds in memory of it.
void drop_from_page_cache(const std::filesystem::path& store);

/// KiB that the disk below `directory` reads at once when a page of a mapped file is not in memory;
/// 0: it does not tell.
std::size_t read_ahead_kib(const std::filesystem::path& directory);

}  // namespace mentat_sync
