// One descriptor for looking and reading, so that both are of the same file.
#include "cli/guarded_file.hpp"

#include "storage/regular_file.hpp"

namespace mentat_sync {
namespace {

Status failed(const std::filesystem::path& path, const Status& why) {
  return {why.code(), "cannot read " + path.string() + ": " + why.message()};
}

/// Up to `max_bytes` and some more.
Status read_all(RegularFile& file, std::uint64_t max_bytes, std::string& text) {
  char buffer[65536];
  while (text.size() <= max_bytes) {
    const auto count = file.read(buffer, sizeof buffer);
    if (!count.ok()) return count.status();
    text.append(buffer, *count);
    if (*count < sizeof buffer) break;
  }
  return {};
}

}  // namespace

FileVersion FileVersion::of(const struct stat& status) {
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
}

Result<GuardedFile> read_guarded_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  auto file = RegularFile::open(path);
  if (!file.ok()) return failed(path, file.status());
  const struct stat& status = file->status();
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Status{ErrorCode::invalid, path.string() +
                                          " can be changed by others than its owner: "
                                          "chmod go-w " +
                                          path.string()};
  }
  GuardedFile content{{}, FileVersion::of(status), (status.st_mode & S_IROTH) != 0};
  if (Status read = read_all(*file, max_bytes, content.text); !read.ok()) return failed(path, read);
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
