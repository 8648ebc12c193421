// AtomicFile: a file that appears whole under its name, or not at all. What is no regular file (a
// pipe, a device) stays, and is written to; of a link, the file that it leads to is replaced.
//
// Thread-safety: one thread. Ownership: owns the temporary file, which stands beside the target as
// "NAME.tmp-PID", and removes it unless committed.
// Failures: a Status that names the file; also for one that is a store's own, in a data directory.
// Source: rename(2).
#pragma once

#include "storage/result.hpp"

#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace mentat_sync {

class AtomicFile {
 public:
  /// With these permissions, less the umask.
  static Result<AtomicFile> create(const std::filesystem::path& target, unsigned mode = 0666);
  ~AtomicFile();
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;

  /// Gives it owner, group and permissions of the file that it is to replace.
  Status take_after(const struct stat& replaced);
  Status write(std::string_view bytes);
  /// Puts it in the target's place. `durable`: after its bytes are on disk.
  Status commit(bool durable);

 private:
  AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor)
      : target_(std::move(target)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

  Status failed(std::string_view what) const;

  std::filesystem::path target_;
  /// Empty: the target itself is written to.
  std::filesystem::path temporary_;
  int descriptor_;
};

/// create, write, commit.
Status write_file(const std::filesystem::path& target, std::string_view bytes, bool durable);

}  // namespace mentat_sync
