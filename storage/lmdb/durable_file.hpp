// DurableFile: a file that is on disk, whole, under its name, or not there at all.
//
// Thread-safety: one thread. Ownership: owns the temporary file, "NAME.tmp-PID" beside the target,
// and removes it unless it has been put in its place.
// Failures: a Status that names the file; full when there is no room.
// Source: rename(2), renameat2(2), fsync(2): a name is on disk when its directory has been synced.
#pragma once

#include "storage/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <utility>

namespace mentat_sync {

class DurableFile {
 public:
  /// For its owner only.
  static Result<DurableFile> create(const std::filesystem::path& target);
  ~DurableFile();
  DurableFile(DurableFile&& other) noexcept;
  DurableFile& operator=(DurableFile&&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }
  Status write(std::string_view bytes);
  /// Gives it to whom `model` belongs, so that root can act for a server's user. Not possible for
  /// others, whose files they are already.
  void give_to_owner_of(const std::filesystem::path& model) const;
  Status sync() const;
  /// Under its name; not `replace`: invalid when that is taken.
  Status put_in_place(bool replace);

 private:
  DurableFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor)
      : target_(std::move(target)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

  Status failed(std::string_view what) const;
  Status rename(bool replace) const;

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_;
};

Status sync_directory(const std::filesystem::path& directory);

}  // namespace mentat_sync
