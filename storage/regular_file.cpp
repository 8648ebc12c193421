// Opened without waiting, then looked at: one descriptor, so that both are of the same file.
#include "storage/regular_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

Status system_failure() {
  return {ErrorCode::io, std::generic_category().message(errno)};
}

}  // namespace

Result<RegularFile> RegularFile::open(const std::filesystem::path& path) {
  RegularFile file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (file.descriptor_ < 0 || ::fstat(file.descriptor_, &file.status_) != 0) {
    return system_failure();
  }
  if (S_ISREG(file.status_.st_mode)) return file;
  return Status{ErrorCode::invalid, "it is no regular file"};
}

RegularFile::~RegularFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> RegularFile::read(char* to, std::size_t bytes) {
  std::size_t done = 0;
  while (done < bytes) {
    const auto got = ::read(descriptor_, to + done, bytes - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure();
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace mentat_sync
