// One descriptor for looking and reading, so that both are of the same file.
#include "cli/guarded_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

/// Closes it when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Status failed(const std::filesystem::path& path) {
  return {ErrorCode::io,
          "cannot read " + path.string() + ": " + std::generic_category().message(errno)};
}

/// Up to `max_bytes` and one more; false when the system fails.
bool read_all(int descriptor, std::uint64_t max_bytes, std::string& text) {
  char buffer[65536];
  while (text.size() <= max_bytes) {
    const auto count = ::read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

FileVersion FileVersion::of(const struct stat& status) {
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
}

Result<GuardedFile> read_guarded_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return failed(path);
  if (!S_ISREG(status.st_mode)) return Status{ErrorCode::invalid, path.string() + " is no file"};
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Status{ErrorCode::invalid, path.string() +
                                          " can be changed by others than its owner: "
                                          "chmod go-w " +
                                          path.string()};
  }
  GuardedFile content{{}, FileVersion::of(status), (status.st_mode & S_IROTH) != 0};
  if (!read_all(file.number(), max_bytes, content.text)) return failed(path);
  if (content.text.size() <= max_bytes) return content;
  return Status{ErrorCode::invalid,
                path.string() + " has more than " + std::to_string(max_bytes) + " bytes"};
}

Status world_readable(const std::filesystem::path& path) {
  return {
      ErrorCode::invalid,
      path.string() + " can be read by everybody on this machine: chmod o-rwx " + path.string()};
}

std::optional<FileVersion> version_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileVersion::of(status);
}

}  // namespace mentat_sync
