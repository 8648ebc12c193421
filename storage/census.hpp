// A census of a store: what there is of everything, in numbers, beside whoever writes it.
//
// Thread-safety: one call at a time; not in the process that has the store open (LMDB's rule).
// What concerns the file and the tables is of one snapshot; users are counted page by page, in
// snapshots of their own, so that sums may be of slightly different times beside a server.
// Failures: corrupt: it contradicts its format. io: it cannot be read.
#pragma once

#include "storage/ids.hpp"
#include "storage/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mentat_sync {

struct TableCensus {
  std::string name;
  std::uint64_t entries = 0;
  std::uint64_t branch_pages = 0;
  std::uint64_t leaf_pages = 0;
  /// Of values that have pages of their own.
  std::uint64_t overflow_pages = 0;
  std::uint64_t depth = 0;
};

/// The sums of one log's or of all logs' states.
struct LogCensus {
  /// Those that HEAD has reached, and the bytes of their records.
  std::uint64_t transactions = 0;
  std::uint64_t transaction_bytes = 0;
  /// Those that it may yet reach, those that it cannot, and the bytes of both.
  std::uint64_t pending = 0;
  std::uint64_t dead = 0;
  std::uint64_t uncommitted_bytes = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;
  /// Chunks that no transaction names.
  std::uint64_t unreferenced = 0;

  std::uint64_t bytes() const { return transaction_bytes + uncommitted_bytes + chunk_bytes; }
};

struct UserCensus {
  UserId user;
  LogCensus log;
};

struct Census {
  std::uint32_t format_version = 0;
  std::uint64_t page_bytes = 0;
  std::uint64_t file_bytes = 0;
  /// As large as the file may become without growing the map.
  std::uint64_t map_bytes = 0;
  /// Pages that LMDB counts, those that can be used again included.
  std::uint64_t pages = 0;
  std::uint64_t free_pages = 0;
  std::vector<TableCensus> tables;

  std::uint64_t users = 0;
  LogCensus all;
  /// Deleted logs whose space has not come back yet.
  std::uint64_t purges = 0;
  /// The users with the most bytes, the largest first.
  std::vector<UserCensus> largest;
};

/// With at most `largest` users.
Result<Census> take_census(const std::filesystem::path& directory, std::size_t largest);

}  // namespace mentat_sync
