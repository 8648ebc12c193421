// DirectoryLock: one process at a time may write to a data directory.
//
// Ownership and lifetime: held until destroyed, or until the process ends however it ends.
// Failures: acquire() says busy with the holder's process id.
// Source: flock(2); the file is never removed, so that no two processes can lock different files of
// one name.
#pragma once

#include "storage/result.hpp"

#include <filesystem>
#include <utility>

namespace mentat_sync {

class DirectoryLock {
 public:
  static Result<DirectoryLock> acquire(const std::filesystem::path& directory);

  DirectoryLock(DirectoryLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace mentat_sync
