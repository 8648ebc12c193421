// Environment: LMDB's environment and transactions behind RAII, and the gate that lets the map
// grow.
//
// LMDB can resize its map only while no transaction of this process is open. So every read
// transaction passes a gate: it is counted in and out, and growing closes the gate, waits for those
// inside (each is as short as one query), resizes, and opens it again.
//
// A read transaction that has ended is kept as it is, and read in again while nothing has been
// committed since: to begin one, and to find the tables in it anew, costs as much as a query. Those
// kept are ended for good before the next write begins, so that they are in the way of no page that
// a write could use: docs/decisions/0033.
//
// Thread-safety: begin_read() from any thread; begin_write() and grow() from the writer's only.
// Ownership and lifetime: transactions must end before their environment.
// Failures: open() by Result; the rest throws LmdbFailure.
// Source: lmdb.h ("Caveats", mdb_env_set_mapsize); MDB_NOTLS lets a read transaction be used by
// whatever thread needs one, one at a time.
#pragma once

#include "storage/lmdb/failure.hpp"
#include "storage/result.hpp"

#include <lmdb.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace mentat_sync {

class Environment;

/// A snapshot: everything committed when it began, unchanged until it ends.
class ReadTxn {
 public:
  ReadTxn(ReadTxn&& other) noexcept
      : environment_(other.environment_),
        txn_(std::exchange(other.txn_, nullptr)),
        commits_(other.commits_) {}
  ReadTxn& operator=(ReadTxn&&) = delete;
  ~ReadTxn();

  MDB_txn* get() const { return txn_; }

 private:
  friend Environment;
  ReadTxn(Environment& environment, MDB_txn* txn, std::uint64_t commits)
      : environment_(environment), txn_(txn), commits_(commits) {}

  Environment& environment_;
  MDB_txn* txn_;
  /// The environment's when it began.
  std::uint64_t commits_;
};

/// The one write transaction. Aborted when it is destroyed uncommitted.
class WriteTxn {
 public:
  explicit WriteTxn(Environment& environment);
  ~WriteTxn();
  WriteTxn(const WriteTxn&) = delete;
  WriteTxn& operator=(const WriteTxn&) = delete;

  MDB_txn* get() const { return txn_; }
  /// Returns LMDB's code: whether a failed commit is the end of the store is the writer's to say.
  /// The transaction has ended either way.
  [[nodiscard]] int commit();

 private:
  Environment& environment_;
  MDB_txn* txn_ = nullptr;
};

/// A cursor of either transaction; must end before it.
class Cursor {
 public:
  Cursor(MDB_txn* txn, MDB_dbi table) {
    check("mdb_cursor_open", mdb_cursor_open(txn, table, &cursor_));
  }
  ~Cursor() { mdb_cursor_close(cursor_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  MDB_cursor* get() const { return cursor_; }

 private:
  MDB_cursor* cursor_ = nullptr;
};

struct EnvironmentSize {
  std::uint64_t used_bytes = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t map_bytes = 0;
};

class Environment {
 public:
  /// Opens or creates `directory`/data.mdb, and clears the reader slots of processes that died.
  /// `max_map_bytes` is what has_room_for() goes by; the map itself may become larger by a reserve.
  /// 0: as large as the disk and the address space allow.
  static Result<std::unique_ptr<Environment>> open(const std::filesystem::path& directory,
                                                   std::uint64_t initial_map_bytes,
                                                   std::uint64_t max_map_bytes);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  ReadTxn begin_read();
  WriteTxn begin_write();

  /// Whether `bytes` more may be stored. What deletes need not ask.
  bool has_room_for(std::uint64_t bytes);

  /// Makes the map larger, with no write transaction open. False when it may not or cannot be.
  /// Throws when the old map is gone and the new one is not there: then nothing can be read or
  /// written until the environment is opened anew, and every transaction fails as it begins.
  bool grow();

  /// Frees the reader slots of processes that died while they looked on: the pages of a snapshot
  /// that is never ended could not be used again.
  void clear_dead_readers();

  /// Of a lost map the file's size only. On the writer's thread or within a read transaction: LMDB
  /// looks into the map.
  EnvironmentSize size() const;

  /// Bytes of the pages that can be used again, now or when nobody reads what they held. Looks at
  /// each of LMDB's lists of them: one for each commit whose pages have not been used again.
  std::uint64_t free_bytes();

  /// Whether the file system has next to no room left.
  bool disk_is_full() const;

 private:
  friend ReadTxn;
  friend WriteTxn;
  /// A read transaction that nobody uses.
  struct KeptReader {
    MDB_txn* txn = nullptr;
    /// Of `commits_` when it began.
    std::uint64_t commits = 0;
    bool is_reset = false;
  };

  Environment(std::filesystem::path directory, std::uint64_t max_map_bytes);
  Status try_open_files(std::uint64_t initial_map_bytes);
  Status open_files(std::uint64_t initial_map_bytes);
  Status check_not_truncated();
  bool are_free(std::uint64_t first_page, std::uint64_t last_page);
  template <class Visit>
  void each_free_list(Visit visit);
  void expect_map() const;
  KeptReader take_reader();
  void renew(KeptReader& reader);
  void end_read(KeptReader reader) noexcept;
  void reset_readers();
  std::uint64_t largest_map_bytes() const;
  std::uint64_t next_map_bytes() const;

  const std::filesystem::path directory_;
  const std::uint64_t max_map_bytes_;
  MDB_env* env_ = nullptr;
  /// Protects the gate and the kept readers; never held during I/O, except by grow(), for which
  /// all reads wait by design.
  std::mutex gate_;
  std::condition_variable gate_changed_;
  std::size_t reads_inside_ = 0;
  bool gate_closed_ = false;
  /// LMDB would look at what is not mapped any more. Changed by the writer, with the gate locked.
  bool map_is_lost_ = false;
  std::vector<KeptReader> readers_;
  /// Counts the beginnings and the ends of commits, so that it is odd during one. What began while
  /// it was even, and is the same, is what everybody sees. The writer's thread changes it.
  std::atomic<std::uint64_t> commits_{0};
};

}  // namespace mentat_sync
