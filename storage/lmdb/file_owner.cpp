// One descriptor for looking and giving, so that both are of the same file.
#include "storage/lmdb/file_owner.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

/// Under one name only: another may be another's.
bool is_only_here(const struct stat& status) {
  return S_ISREG(status.st_mode) && status.st_nlink == 1;
}

}  // namespace

void give_to_owner_of_directory(const std::filesystem::path& file) {
  struct stat directory {};
  const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
  if (::geteuid() != 0 || ::stat(parent.c_str(), &directory) != 0) return;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return;
  struct stat status {};
  const bool foreign = ::fstat(descriptor, &status) == 0 && is_only_here(status) &&
                       (status.st_uid != directory.st_uid || status.st_gid != directory.st_gid);
  if (foreign && ::fchown(descriptor, directory.st_uid, directory.st_gid) != 0) {
    // A file system without owners.
  }
  ::close(descriptor);
}

}  // namespace mentat_sync
