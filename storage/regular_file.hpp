// RegularFile: a file opened for reading that is one. A FIFO would keep whoever opens it until
// somebody else writes to it, which may be never: a server that waits so neither reads its files
// again nor ends.
//
// Thread-safety: one thread.
// Ownership and lifetime: owns its descriptor, unless release() gave it away.
// Failures: a Status with the reason alone ("Permission denied"): the caller says which file, and
// what for.
// Source: fifo(7), open(2): O_NONBLOCK.
#pragma once

#include "storage/result.hpp"

#include <cstddef>
#include <filesystem>
#include <sys/stat.h>
#include <utility>

namespace mentat_sync {

class RegularFile {
 public:
  /// io: it cannot be opened. invalid: it is a FIFO, a device, a directory.
  static Result<RegularFile> open(const std::filesystem::path& path);
  ~RegularFile();
  RegularFile(RegularFile&& other) noexcept
      : descriptor_{std::exchange(other.descriptor_, -1)}, status_{other.status_} {}
  RegularFile& operator=(RegularFile&&) = delete;

  int descriptor() const { return descriptor_; }
  /// The descriptor, which is the caller's from now on.
  int release() { return std::exchange(descriptor_, -1); }
  /// As it was when it was opened.
  const struct stat& status() const { return status_; }

  /// As many of the next `bytes` as there are; fewer only where the file ends.
  Result<std::size_t> read(char* to, std::size_t bytes);

 private:
  explicit RegularFile(int descriptor) : descriptor_{descriptor} {}

  int descriptor_;
  struct stat status_ {};
};

}  // namespace mentat_sync
