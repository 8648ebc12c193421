// Backing up, restoring, compacting: where the bytes come from, and how they get into place.
#include "storage/backup.hpp"

#include "storage/bounds.hpp"
#include "storage/data_directory.hpp"
#include "storage/lmdb/copy_process.hpp"
#include "storage/lmdb/directory_lock.hpp"
#include "storage/lmdb/durable_file.hpp"
#include "storage/lmdb/free_pages.hpp"
#include "storage/lmdb/store_pages.hpp"
#include "storage/regular_file.hpp"

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

constexpr auto lock_name = "mentat-sync.lock";

const Status stopped{ErrorCode::unavailable, "interrupted; nothing was changed"};

/// What a store is, before anything is done with it.
struct Sizes {
  std::uint64_t file_bytes = 0;
  /// Of the pages that are in use: what a copy will have.
  std::uint64_t used_bytes = 0;
  /// Entries of all tables.
  std::uint64_t entries = 0;
};

Sizes sizes_of(StorePages& store) {
  store.begin();
  const StoreTrees& trees = store.trees();
  Sizes sizes;
  sizes.file_bytes = store.file().file_bytes();
  const std::uint64_t pages = store.meta_page().last_page + 1 - count_free_pages(store, 0);
  sizes.used_bytes = pages * store.file().page_bytes();
  for (const Tree* tree :
       {&trees.meta, &trees.users, &trees.logs, &trees.payloads, &trees.purges}) {
    sizes.entries += tree->root.entries;
  }
  store.end();
  return sizes;
}

/// `file`: which one was opened.
Result<Sizes> measure(const fs::path& file, const Result<std::unique_ptr<StorePages>>& opened) {
  if (!opened) return opened.status();
  try {
    return sizes_of(**opened);
  } catch (const UnknownFormat& unknown) {
    return Status{ErrorCode::invalid, file.string() + ": " + unknown.what()};
  } catch (const CorruptRecord& record) {
    return Status{ErrorCode::corrupt, file.string() + " is damaged: " + record.what() +
                                          "; mentat-sync check says more"};
  } catch (const LmdbFailure& failure) {
    return to_status(failure);
  } catch (const std::system_error& failure) {
    return Status{ErrorCode::io, "cannot read " + file.string() + ": " + failure.what()};
  }
}

Result<Sizes> measure_store(const fs::path& directory) {
  return measure(directory / "data.mdb", StorePages::open_directory(directory));
}

using Write = std::function<Status(std::string_view)>;
using Read = std::function<Result<std::string>()>;

/// Until `read` gives nothing; how many bytes.
Result<std::uint64_t> pour(const Read& read, const Write& write, std::uint64_t total,
                           const CopyProgress& progress) {
  std::uint64_t done = 0;
  for (;;) {
    const auto bytes = read();
    if (!bytes) return bytes.status();
    if (bytes->empty()) return done;
    if (Status status = write(*bytes); !status.ok()) return status;
    done += bytes->size();
    if (progress && !progress(done, total)) return stopped;
  }
}

/// A compacting copy of the store in `directory`.
Result<std::uint64_t> copy_store(const fs::path& directory, const Sizes& sizes, const Write& write,
                                 const CopyProgress& progress) {
  auto process = CopyProcess::start(directory);
  if (!process) return process.status();
  auto bytes = pour([&] { return process->read(); }, write, sizes.used_bytes, progress);
  if (!bytes) return bytes;
  if (Status status = process->finish(); !status.ok()) return status;
  return bytes;
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error);
}

/// Not beside a store: a copy that takes the place of a lock file lets a second server start.
Status check_target(const fs::path& directory, const fs::path& target, bool replace) {
  if (same_file(target, directory / "data.mdb")) {
    return {ErrorCode::invalid, target.string() + " is the store itself"};
  }
  const fs::path place = target.has_parent_path() ? target.parent_path() : fs::path{"."};
  if (same_file(place, directory) || is_data_directory(place)) {
    return {ErrorCode::invalid,
            target.string() + " is in a data directory, which is for the server's files only"};
  }
  std::error_code error;
  if (replace || !fs::exists(target, error)) return {};
  return {ErrorCode::invalid, target.string() + " is there already"};
}

}  // namespace

// --- Backing up --------------------------------------------------------------------------------

Result<std::uint64_t> back_up(const fs::path& directory, const fs::path& target,
                              const BackupOptions& options) {
  if (Status status = check_target(directory, target, options.replace); !status.ok()) {
    return status;
  }
  const auto sizes = measure_store(directory);
  if (!sizes) return sizes.status();
  auto file = DurableFile::create(target);
  if (!file) return file.status();
  const auto bytes = copy_store(
      directory, *sizes, [&](std::string_view piece) { return file->write(piece); },
      options.progress);
  if (!bytes) return bytes;
  if (Status status = file->sync(); !status.ok()) return status;
  if (options.judge) {
    if (Status status = options.judge(file->temporary()); !status.ok()) return status;
  }
  if (Status status = file->put_in_place(options.replace); !status.ok()) return status;
  return bytes;
}

Result<std::uint64_t> back_up_to(const fs::path& directory, int descriptor,
                                 const CopyProgress& progress) {
  const auto sizes = measure_store(directory);
  if (!sizes) return sizes.status();
  const Write write = [descriptor](std::string_view bytes) -> Status {
    while (!bytes.empty()) {
      const auto written = ::write(descriptor, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) {
        return {is_full(errno) ? ErrorCode::full : ErrorCode::io,
                "cannot write the copy: " + std::generic_category().message(errno)};
      }
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  };
  return copy_store(directory, *sizes, write, progress);
}

// --- Replacing the store's file ------------------------------------------------------------------

namespace {

/// Makes `file`, which is written but not in its place yet, the store of `directory`.
class Replacing {
 public:
  Replacing(const fs::path& directory, const ReplaceOptions& options)
      : directory_(directory), data_(directory / "data.mdb"), options_(options) {
    std::error_code error;
    if (fs::exists(data_, error)) result_.bytes_before = fs::file_size(data_, error);
  }

  Result<Replacement> run(DurableFile& file, const Sizes* expected, bool keep_old) {
    const Status status = replace(file, expected, keep_old);
    if (!status.ok()) return status;
    return std::move(result_);
  }

 private:
  Status replace(DurableFile& file, const Sizes* expected, bool keep_old) {
    std::error_code error;
    file.give_to_owner_of(fs::exists(data_, error) ? data_ : directory_);
    if (Status status = file.sync(); !status.ok()) return status;
    if (Status status = judge(file.temporary(), expected); !status.ok()) return status;
    if (!result_.check.sound()) return {};
    if (keep_old) {
      if (Status status = set_aside(); !status.ok()) return status;
    }
    // It describes the readers of the old file. Whoever still reads that one is protected from
    // nobody any more, for nobody will write to it.
    fs::remove(directory_ / "lock.mdb", error);
    constexpr bool replace_old = true;
    if (Status status = file.put_in_place(replace_old); !status.ok()) return status;
    result_.done = true;
    return {};
  }

  /// What is about to take the place, rather than what it was copied from.
  Status judge(const fs::path& file, const Sizes* expected) {
    const auto sizes = measure(file, StorePages::open_file(file));
    if (!sizes) return sizes.status();
    result_.bytes_after = sizes->file_bytes;
    if (expected != nullptr && sizes->entries != expected->entries) {
      return {ErrorCode::corrupt, "the copy has " + std::to_string(sizes->entries) +
                                      " records, but the store has " +
                                      std::to_string(expected->entries)};
    }
    if (!options_.check) return {};
    auto checked = check_file(file, options_.check_options);
    if (!checked) return checked.status();
    result_.check = std::move(checked).value();
    return {};
  }

  /// By a second name, so that at no moment there is no store. A file system that has no second
  /// names does it in two steps.
  Status set_aside() {
    std::error_code error;
    if (!fs::exists(data_, error)) return {};
    const fs::path aside = aside_name();
    fs::create_hard_link(data_, aside, error);
    if (error) fs::rename(data_, aside, error);
    if (error) {
      return {ErrorCode::io,
              "cannot move the old store aside, to " + aside.string() + ": " + error.message()};
    }
    result_.aside = aside;
    return sync_directory(directory_);
  }

  fs::path aside_name() const {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
    const fs::path name = data_.string() + ".before-" + text;
    fs::path free = name;
    std::error_code error;
    for (int i = 2; fs::exists(free, error); ++i) free = name.string() + "-" + std::to_string(i);
    return free;
  }

  const fs::path directory_;
  const fs::path data_;
  const ReplaceOptions& options_;
  Replacement result_;
};

Status check_restorable(const fs::path& backup, const fs::path& data, bool replace) {
  std::error_code error;
  if (same_file(backup, data)) {
    return {ErrorCode::invalid, backup.string() + " is the store itself"};
  }
  if (!replace && fs::exists(data, error)) {
    return {ErrorCode::invalid, "there is a store in " + data.parent_path().string() + " already"};
  }
  return {};
}

Result<std::uint64_t> copy_file(const fs::path& from, DurableFile& to, std::uint64_t total,
                                const CopyProgress& progress) {
  const auto failed = [&from](const Status& why) {
    return Status{ErrorCode::io, "cannot read " + from.string() + ": " + why.message()};
  };
  auto in = RegularFile::open(from);
  if (!in) return failed(in.status());
  const Read read = [&]() -> Result<std::string> {
    std::string bytes(1 * bounds::MiB, '\0');
    const auto got = in->read(bytes.data(), bytes.size());
    if (!got) return failed(got.status());
    bytes.resize(*got);
    return bytes;
  };
  return pour(
      read, [&](std::string_view piece) { return to.write(piece); }, total, progress);
}

}  // namespace

namespace {

/// The directory that is restored to, locked. What had to be made for it is removed again, unless a
/// store is in it in the end.
class Destination {
 public:
  explicit Destination(const fs::path& directory)
      : directory_(directory), made_(make(directory)), lock_(DirectoryLock::acquire(directory)) {}
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  /// While the lock is held: who comes later finds no directory, or one of his own.
  ~Destination() {
    std::error_code error;
    if (made_.empty() || fs::exists(directory_ / "data.mdb", error)) return;
    if (lock_.ok()) fs::remove(directory_ / lock_name, error);
    for (const auto& directory : made_) fs::remove(directory, error);  // only what is empty
  }

  Status status() const { return lock_.ok() ? Status{} : lock_.status(); }

 private:
  /// Those that were not there, the innermost first.
  static std::vector<fs::path> make(const fs::path& directory) {
    std::error_code error;
    std::vector<fs::path> made;
    for (auto at = directory; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
      made.push_back(at);
    }
    if (fs::create_directories(directory, error)) {
      fs::permissions(directory, fs::perms::owner_all, error);
    }
    return made;
  }

  const fs::path directory_;
  const std::vector<fs::path> made_;
  const Result<DirectoryLock> lock_;
};

}  // namespace

Result<Replacement> restore(const fs::path& backup, const fs::path& directory,
                            const ReplaceOptions& options) {
  const auto sizes = measure(backup, StorePages::open_file(backup));
  if (!sizes) return sizes.status();
  const Destination destination{directory};
  if (Status status = destination.status(); !status.ok()) return status;
  const auto data = directory / "data.mdb";
  if (Status status = check_restorable(backup, data, options.replace); !status.ok()) return status;
  auto file = DurableFile::create(data);
  if (!file) return file.status();
  const auto copied = copy_file(backup, *file, sizes->file_bytes, options.progress);
  if (!copied) return copied.status();
  constexpr bool keep_old = true;
  return Replacing{directory, options}.run(*file, &*sizes, keep_old);
}

Result<Replacement> compact(const fs::path& directory, const ReplaceOptions& options) {
  std::error_code error;
  const auto data = directory / "data.mdb";
  if (!fs::exists(data, error)) {
    return Status{ErrorCode::io, "there is no store in " + directory.string()};
  }
  const auto lock = DirectoryLock::acquire(directory);
  if (!lock) return lock.status();
  const auto sizes = measure_store(directory);
  if (!sizes) return sizes.status();
  auto file = DurableFile::create(data);
  if (!file) return file.status();
  const auto copied = copy_store(
      directory, *sizes, [&](std::string_view piece) { return file->write(piece); },
      options.progress);
  if (!copied) return copied.status();
  constexpr bool keep_old = false;
  return Replacing{directory, options}.run(*file, &*sizes, keep_old);
}

}  // namespace mentat_sync
