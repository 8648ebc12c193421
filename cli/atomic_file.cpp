// System calls and their errors.
#include "cli/atomic_file.hpp"

#include "storage/data_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

/// Whether a rename would take away more than a file's content.
bool is_special(const fs::path& target) {
  std::error_code ignored;
  const auto type = fs::status(target, ignored).type();
  // A process's own descriptors look like whatever they lead to.
  const bool is_descriptor =
      target.native().starts_with("/dev/") && type != fs::file_type::not_found;
  return is_descriptor || type == fs::file_type::fifo || type == fs::file_type::character ||
         type == fs::file_type::block || type == fs::file_type::socket;
}

fs::path behind_links(const fs::path& target) {
  std::error_code ignored;
  if (!fs::is_symlink(target, ignored)) return target;
  const auto real = fs::weakly_canonical(target, ignored);
  return ignored ? target : real;
}

}  // namespace

Result<AtomicFile> AtomicFile::create(const fs::path& named, unsigned mode) {
  const fs::path target = behind_links(named);
  if (is_file_of_store(target)) {
    return Status{ErrorCode::invalid, target.string() + " is a file of a server's data directory"};
  }
  if (is_special(named)) {
    AtomicFile file{named, {}, ::open(named.c_str(), O_WRONLY | O_CLOEXEC)};
    if (file.descriptor_ < 0) return file.failed("write to");
    return file;
  }
  auto temporary = target;
  temporary += ".tmp-" + std::to_string(::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  AtomicFile file{target, std::move(temporary), descriptor};
  if (descriptor < 0) return file.failed("create");
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status AtomicFile::failed(std::string_view what) const {
  const int error = errno;
  // By the name that the caller knows.
  return {ErrorCode::io, "cannot " + std::string{what} + " " + target_.string() + ": " +
                             std::generic_category().message(error)};
}

Status AtomicFile::take_after(const struct stat& replaced) {
  struct stat own {};
  if (::fstat(descriptor_, &own) != 0) return failed("look at");
  const bool is_owner_same = own.st_uid == replaced.st_uid && own.st_gid == replaced.st_gid;
  if (!is_owner_same && ::fchown(descriptor_, replaced.st_uid, replaced.st_gid) != 0) {
    return failed("keep the owner of");
  }
  if (::fchmod(descriptor_, replaced.st_mode & 07777) != 0) return failed("keep the mode of");
  return {};
}

Status AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return failed("write");
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status AtomicFile::commit(bool durable) {
  const bool replaces = !temporary_.empty();
  if (replaces && durable && ::fsync(descriptor_) != 0) return failed("write");
  if (replaces && ::rename(temporary_.c_str(), target_.c_str()) != 0) return failed("replace");
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) return failed("write");
  return {};
}

Status write_file(const std::filesystem::path& target, std::string_view bytes, bool durable) {
  auto file = AtomicFile::create(target);
  if (!file.ok()) return file.status();
  const auto status = file->write(bytes);
  return status.ok() ? file->commit(durable) : status;
}

}  // namespace mentat_sync
