// Locks the file that the name stands for: a rewriting puts another file in its place.
#include "cli/token_store.hpp"

#include "cli/atomic_file.hpp"
#include "cli/guarded_file.hpp"
#include "storage/bounds.hpp"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr unsigned owner_only = 0600;
constexpr std::chrono::milliseconds lock_retry{20};
constexpr std::chrono::seconds lock_wait_max{10};

Status failed(const std::filesystem::path& path, const char* what) {
  return {ErrorCode::io, std::string{"cannot "} + what + " " + path.string() + ": " +
                             std::generic_category().message(errno)};
}

/// An open file, locked until it goes.
class LockedFile {
 public:
  static Result<LockedFile> open(const std::filesystem::path& path, WhenMissing when_missing);
  ~LockedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  LockedFile(LockedFile&& other) noexcept
      : descriptor_{std::exchange(other.descriptor_, -1)}, status_{other.status_} {}
  LockedFile& operator=(LockedFile&&) = delete;

  const struct stat& status() const { return status_; }

 private:
  explicit LockedFile(int descriptor) : descriptor_{descriptor} {}

  Status lock(const std::filesystem::path& path);
  /// Whether `path` still stands for it.
  bool is_at(const std::filesystem::path& path);

  int descriptor_;
  struct stat status_ {};
};

Result<LockedFile> LockedFile::open(const std::filesystem::path& path, WhenMissing when_missing) {
  // Without waiting for whoever writes to a FIFO, which is refused when it is read.
  const int flags =
      O_RDONLY | O_CLOEXEC | O_NONBLOCK | (when_missing == WhenMissing::make ? O_CREAT : 0);
  for (;;) {
    LockedFile file{::open(path.c_str(), flags, owner_only)};
    if (file.descriptor_ < 0) return failed(path, "open");
    if (Status status = file.lock(path); !status.ok()) return status;
    if (file.is_at(path)) return file;
  }
}

Status LockedFile::lock(const std::filesystem::path& path) {
  const auto end = std::chrono::steady_clock::now() + lock_wait_max;
  while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return failed(path, "lock");
    if (std::chrono::steady_clock::now() > end) {
      return {ErrorCode::busy, "another process keeps changing " + path.string()};
    }
    std::this_thread::sleep_for(lock_retry);
  }
  return {};
}

bool LockedFile::is_at(const std::filesystem::path& path) {
  struct stat named {};
  return ::fstat(descriptor_, &status_) == 0 && ::stat(path.c_str(), &named) == 0 &&
         named.st_dev == status_.st_dev && named.st_ino == status_.st_ino;
}

Status replace(const std::filesystem::path& path, const struct stat& old,
               const std::vector<TokenRecord>& records) {
  auto file = AtomicFile::create(path, owner_only);
  if (!file.ok()) return file.status();
  if (Status status = file->take_after(old); !status.ok()) return status;
  if (Status status = file->write(to_token_file(records)); !status.ok()) return status;
  return file->commit(true);
}

}  // namespace

Result<std::vector<TokenRecord>> read_token_file(const std::filesystem::path& path) {
  const auto file = read_guarded_file(path, bounds::token_file_bytes);
  if (!file.ok()) return file.status();
  if (file->world_readable) return world_readable(path);
  auto records = parse_token_file(file->text);
  if (records.ok()) return records;
  return Status{ErrorCode::invalid, path.string() + ": " + records.status().message()};
}

Status update_token_file(const std::filesystem::path& path, WhenMissing when_missing,
                         const std::function<Status(std::vector<TokenRecord>&)>& change) {
  const auto lock = LockedFile::open(path, when_missing);
  if (!lock.ok()) return lock.status();
  std::error_code error;
  // What a link stands for, for the link is to stay one.
  const auto real_path = std::filesystem::canonical(path, error);
  if (error) return {ErrorCode::io, "cannot find " + path.string() + ": " + error.message()};
  auto records = read_token_file(real_path);
  if (!records.ok()) return records.status();
  if (Status status = change(*records); !status.ok()) return status;
  return replace(real_path, lock->status(), *records);
}

}  // namespace mentat_sync
