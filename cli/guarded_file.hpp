// Files that decide who may do what: read whole, and only when nobody else could have changed them.
//
// Thread-safety: pure functions but for the file system.
// Failures: a Status that says what is wrong with the file, and how to put it right.
// Source: inode(7).
#pragma once

#include "storage/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace mentat_sync {

/// What tells one state of a file from another without reading it: its content (by the time of the
/// last change) and its permissions.
struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t changed_s = 0;
  std::int64_t changed_ns = 0;

  static FileVersion of(const struct stat& status);
  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

struct GuardedFile {
  std::string text;
  FileVersion version;
  /// Whether all users of this machine may read it.
  bool world_readable = false;
};

/// Refuses a file that its group or all users may write to, or that has more than `max_bytes`.
Result<GuardedFile> read_guarded_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Of a secret that is world-readable.
Status world_readable(const std::filesystem::path& path);

/// The version that is there now; nothing when it cannot be looked at.
std::optional<FileVersion> version_of(const std::filesystem::path& path);

}  // namespace mentat_sync
