// Copies of a whole store: taken while a server serves it, put back, and put in the store's place
// to make the file small.
//
// A copy is LMDB's own, compacting: the pages of one snapshot in order, none of them free. The
// snapshot is held for as long as the copy is written, so that a server beside it cannot use the
// pages again that it frees meanwhile, and its file grows by them.
//
// Every file is written under another name beside its place ("NAME.tmp-PID"), synced, and renamed,
// and then the directory is synced: a kill at any moment leaves the old file or the new one, whole;
// at the most a file with the temporary name is left besides.
//
// Thread-safety: none needed; from a process with one thread, for LMDB copies in a child process
// (fork), which ends with this one however that ends. LMDB trusts its file: a damaged one can end
// the child, which is told of.
// Ownership: restoring and compacting take the directory's lock.
// Failures: busy: a server has the directory. invalid: it would replace what it may not. corrupt:
// the store is damaged. full, io: of the file system. unavailable: `progress` said to stop.
// Nothing of the store or of an older copy is changed then.
#pragma once

#include "storage/check.hpp"
#include "storage/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace mentat_sync {

/// How many bytes of how many, about; false: stop, and leave nothing behind.
using CopyProgress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

struct BackupOptions {
  /// Replace a file that is there.
  bool replace = false;
  CopyProgress progress;
  /// Looks at the whole copy, on disk but under another name, before it takes its name. Of a copy
  /// that it refuses nothing is left, and an older one stays.
  std::function<Status(const std::filesystem::path& copy)> judge = {};
};

/// A copy of the store in `directory` as the file `target`; its size.
Result<std::uint64_t> back_up(const std::filesystem::path& directory,
                              const std::filesystem::path& target, const BackupOptions& options);

/// The same to an open file, a pipe or a socket.
Result<std::uint64_t> back_up_to(const std::filesystem::path& directory, int descriptor,
                                 const CopyProgress& progress);

struct ReplaceOptions {
  /// Restoring: where there is a store, move it aside.
  bool replace = false;
  /// Check all of the new file before it takes its place; otherwise only that it is a store of this
  /// format version.
  bool check = true;
  CopyProgress progress;
  CheckOptions check_options;
};

/// How the store's file was replaced.
struct Replacement {
  /// False: the check found damage, and nothing was changed.
  bool done = false;
  CheckReport check;
  /// Of the file before (0: there was none) and after.
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
  /// Where the old file is now.
  std::optional<std::filesystem::path> aside;
};

/// Makes the file `backup` the store of `directory`, which is made when it is not there.
Result<Replacement> restore(const std::filesystem::path& backup,
                            const std::filesystem::path& directory, const ReplaceOptions& options);

/// Replaces the store's file by a copy without free pages.
Result<Replacement> compact(const std::filesystem::path& directory, const ReplaceOptions& options);

}  // namespace mentat_sync
