// ChunkDirectory: a directory that holds a log's chunks as files, and how far it has come.
//
// A chunk is the file of its id; HEAD is the file "HEAD", with the last transaction whose chunks
// are all there. No chunk's id can be "HEAD" or a temporary file's name: ids are `[a-z0-9-]`.
//
// Thread-safety: one thread. Failures: a Status that names the file.
#pragma once

#include "storage/ids.hpp"
#include "storage/log_item.hpp"
#include "storage/result.hpp"

#include <filesystem>
#include <optional>
#include <utility>

namespace mentat_sync {

class ChunkDirectory {
 public:
  /// Makes it when it is not there.
  static Result<ChunkDirectory> open(const std::filesystem::path& path);

  /// Nothing when nothing was pulled yet.
  Result<std::optional<TransactionId>> head() const;
  Status set_head(const TransactionId& head) const;
  std::filesystem::path head_file() const { return path_ / "HEAD"; }
  /// A file that holds these bytes is kept as it is.
  Status put(const LogChunk& chunk) const;

 private:
  explicit ChunkDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace mentat_sync
