// Files as chunks, each under the SHA-256 of its bytes.
//
// Thread-safety: pure functions but for the files and the system's source of random numbers.
// Failures: a Status that names the file.
#pragma once

#include "storage/ids.hpp"
#include "storage/log_item.hpp"
#include "storage/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mentat_sync {

struct FileChunks {
  /// Each once: files of the same bytes are one chunk.
  std::vector<LogChunk> chunks;
  /// The file of each of `chunks`, for messages.
  std::vector<std::string> names;
  /// Of all files, in their order.
  std::vector<ChunkId> ids;
  /// Of `chunks`.
  std::uint64_t bytes = 0;

  std::vector<ChunkId> ids_once() const;
};

/// "-" is standard input.
Result<FileChunks> read_file_chunks(const std::vector<std::string>& files);

/// A random one (version 4 of RFC 9562).
TransactionId random_transaction_id();

}  // namespace mentat_sync
