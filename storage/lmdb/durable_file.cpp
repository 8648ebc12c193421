// System calls and their errors.
#include "storage/lmdb/durable_file.hpp"

#include "storage/lmdb/failure.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

std::filesystem::path directory_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
}

Status system_failure(std::string_view what, const std::filesystem::path& file) {
  const int error = errno;
  return {is_full(error) ? ErrorCode::full : ErrorCode::io,
          "cannot " + std::string{what} + " " + file.string() + ": " +
              std::generic_category().message(error)};
}

}  // namespace

Status sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_failure("open", directory);
  const bool synced = ::fsync(descriptor) == 0;
  Status status = synced ? Status() : system_failure("sync", directory);
  ::close(descriptor);
  return status;
}

Result<DurableFile> DurableFile::create(const std::filesystem::path& target) {
  auto temporary = target;
  temporary += ".tmp-" + std::to_string(::getpid());
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  DurableFile file{target, std::move(temporary), descriptor};
  if (descriptor < 0) return file.failed("create");
  return file;
}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

DurableFile::~DurableFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

/// By the name that the caller knows.
Status DurableFile::failed(std::string_view what) const {
  return system_failure(what, target_);
}

Status DurableFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return failed("write");
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

void DurableFile::give_to_owner_of(const std::filesystem::path& model) const {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(model.c_str(), &status) != 0) return;
  if (::fchown(descriptor_, status.st_uid, status.st_gid) != 0) return;  // a file system without
}

Status DurableFile::sync() const {
  return ::fsync(descriptor_) == 0 ? Status() : failed("write");
}

Status DurableFile::rename(bool replace) const {
  if (!replace) {
    const int code =
        ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE);
    if (code == 0) return {};
    if (errno == EEXIST) {
      return {ErrorCode::invalid, target_.string() + " is there already"};
    }
    // Not every file system knows how: then at least nearly so.
    if (errno != EINVAL && errno != ENOSYS) return failed("name");
    std::error_code error;
    if (std::filesystem::exists(target_, error)) {
      return {ErrorCode::invalid, target_.string() + " is there already"};
    }
  }
  return ::rename(temporary_.c_str(), target_.c_str()) == 0 ? Status() : failed("replace");
}

Status DurableFile::put_in_place(bool replace) {
  if (Status status = rename(replace); !status.ok()) return status;
  ::close(std::exchange(descriptor_, -1));
  return sync_directory(directory_of(target_));
}

}  // namespace mentat_sync
