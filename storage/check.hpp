// Whether a store is sound: every invariant of docs/storage_format.md, read from the raw pages of
// its file, beside whoever writes it.
//
// It trusts nothing: the file is read page by page (storage/lmdb/page_tree), never mapped, so that
// a file that is damaged or cut off is told of and does not end the process. It changes nothing.
//
// What is exact. Beside a running server there is one snapshot after another, each for about
// bounds::check_records_page records or bounds::check_bytes_page bytes, so that the server can use
// its free pages again; but all records of one log are judged in one snapshot, however long that
// log is (about a second for a million records). What is seen across several logs (a payload that
// two chunks share, or that is no chunk's) may only be the change of the meantime, and is looked at
// again in one last snapshot before it is a finding. So each finding was true of one snapshot, and
// nothing that was there from the beginning to the end is overlooked. What was begun or written
// meanwhile may not have been looked at. That each page of the file is used once, and none is lost,
// is looked at only when no server runs on the directory: it would take one snapshot of all.
//
// Thread-safety: one call at a time for a file; LMDB's rule is that a process opens a store once,
// so not in the process that has it open.
// Memory: one bit for each page and each payload, 24 bytes for each user, and 16 bytes for each
// time that the transactions of the largest log name a chunk.
// Failures: io: it cannot be read. invalid: it is no store, one of another format version, or has
// no log of the user that is asked for. Everything else is in the report.
#pragma once

#include "storage/ids.hpp"
#include "storage/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

enum class CheckStage { pages, payloads, logs, hashes };

struct CheckOptions {
  /// Only this user's log; then nothing is looked at that concerns all.
  std::optional<UserId> user;
  /// Whether the bytes of each chunk with an id of 64 hexadecimal digits are hashed.
  bool hashes = true;
  /// Called now and then, while no snapshot is held that a server would wait for: how much of a
  /// stage is done, of how much. Units: pages, payloads, records, bytes. `total` is an estimate.
  std::function<void(CheckStage stage, std::uint64_t done, std::uint64_t total)> progress;
};

struct Finding {
  /// Which log, page or table it is in.
  std::string where;
  /// What is wrong with it.
  std::string what;
};

struct CheckReport {
  /// The first bounds::check_findings of them.
  std::vector<Finding> findings;
  std::uint64_t findings_in_all = 0;

  // What has been looked at.
  /// Only this user's log.
  std::optional<UserId> user;
  /// 0: beside a running server.
  std::uint64_t pages = 0;
  std::uint64_t logs = 0;
  std::uint64_t transactions = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;
  std::uint64_t hashed_chunks = 0;
  std::uint64_t hashed_bytes = 0;
  /// Deleted logs whose space has not come back yet.
  std::uint64_t purges = 0;

  bool sound() const { return findings_in_all == 0; }
};

/// Of a data directory, whether a server runs on it or not.
Result<CheckReport> check_store(const std::filesystem::path& directory,
                                const CheckOptions& options = {});

/// Of a file that nobody writes to: a backup.
Result<CheckReport> check_file(const std::filesystem::path& file, const CheckOptions& options = {});

}  // namespace mentat_sync
