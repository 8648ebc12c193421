// Taking and holding the lock of a data directory.
#include "storage/lmdb/directory_lock.hpp"

#include "storage/lmdb/file_owner.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

std::string read_holder(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size() - 1, 0);
  std::string holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder.empty() ? "unknown" : holder;
}

/// For people only; the lock does not depend on it.
void write_holder(int descriptor) {
  const std::string holder = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor, 0) != 0) return;
  if (pwrite(descriptor, holder.data(), holder.size(), 0) < 0) return;
}

}  // namespace

Result<DirectoryLock> DirectoryLock::acquire(const std::filesystem::path& directory) {
  const auto file = directory / "mentat-sync.lock";
  // A link could lead root to any file of the machine, which would then be written to.
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return Status{ErrorCode::io, "cannot open " + file.string() + ": " + std::strerror(errno)};
  }
  DirectoryLock lock{descriptor};
  give_to_owner_of_directory(file);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Status{ErrorCode::io, "cannot lock " + file.string() + ": " + std::strerror(errno)};
    }
    return Status{ErrorCode::busy, "the data directory " + directory.string() +
                                       " is in use by process " + read_holder(descriptor) +
                                       "; stop that one or choose another directory"};
  }
  write_holder(descriptor);
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace mentat_sync
