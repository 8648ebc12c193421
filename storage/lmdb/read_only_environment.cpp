// Opening without creating, and following a map that grows.
#include "storage/lmdb/read_only_environment.hpp"

#include "storage/bounds.hpp"
#include "storage/lmdb/free_pages.hpp"
#include "storage/lmdb/page_file.hpp"
#include "storage/lmdb/store_pages.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace mentat_sync {
namespace {

constexpr MDB_dbi tables_max = 8;

Status in_directory(const std::filesystem::path& directory, const Status& status) {
  return {status.code(),
          "cannot read the store in " + directory.string() + ": " + status.message()};
}

}  // namespace

ReadOnlyEnvironment::ReadOnlyEnvironment(std::filesystem::path directory)
    : directory_(std::move(directory)) {}

ReadOnlyEnvironment::~ReadOnlyEnvironment() {
  if (env_ != nullptr) mdb_env_close(env_);
}

Result<std::unique_ptr<ReadOnlyEnvironment>> ReadOnlyEnvironment::open(
    const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory / "data.mdb", error)) {
    return Status{ErrorCode::io, "there is no store in " + directory.string() +
                                     (error ? ": " + error.message() : "")};
  }
  if (!std::filesystem::is_regular_file(directory / "data.mdb", error)) {
    // LMDB would wait for whoever writes to a FIFO.
    return in_directory(directory, {ErrorCode::io, "data.mdb is no regular file"});
  }
  // What LMDB says of another program's file is no sentence for people.
  const auto looked_at = PageFile::open(directory / "data.mdb");
  if (is_no_store(looked_at)) return looked_at.status();
  std::unique_ptr<ReadOnlyEnvironment> environment{new ReadOnlyEnvironment{directory}};
  try {
    Status status = environment->open_files();
    if (status.ok()) status = environment->check_not_truncated();
    if (status.ok()) status = environment->find_tables();
    if (!status.ok()) return in_directory(directory, status);
  } catch (const LmdbFailure& failure) {
    return in_directory(directory, to_status(failure));
  }
  return environment;
}

Status ReadOnlyEnvironment::open_files() {
  check("mdb_env_create", mdb_env_create(&env_));
  check("mdb_env_set_maxdbs", mdb_env_set_maxdbs(env_, tables_max));
  // Has an effect only where the writer's own table of readers is not there yet.
  check("mdb_env_set_maxreaders", mdb_env_set_maxreaders(env_, bounds::reader_slots));
  unsigned flags = MDB_RDONLY | MDB_NOTLS;
  // Whoever writes makes a lock file before anything else. Where there is none (a backup, say)
  // there is nobody to be protected from, and LMDB would make one.
  std::error_code error;
  if (!std::filesystem::exists(directory_ / "lock.mdb", error)) flags |= MDB_NOLOCK;
  constexpr mdb_mode_t no_file_is_made = 0;
  const int code = mdb_env_open(env_, directory_.c_str(), flags, no_file_is_made);
  if (code == EACCES) return {ErrorCode::io, "its files may not be read by this user"};
  check("mdb_env_open", code);
  // What a reader that was killed saw would otherwise be kept until the writer's next start.
  int cleared = 0;
  check("mdb_reader_check", mdb_reader_check(env_, &cleared));
  return {};
}

/// Reading beyond the end of a mapped file would end the process. But a file may rightly be shorter
/// than the pages that LMDB counts: those that a commit took and gave back again it never wrote.
/// Which it is, whoever writes has found out when it opened the store; otherwise the list of free
/// pages says so.
Status ReadOnlyEnvironment::check_not_truncated() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  check("mdb_env_info", mdb_env_info(env_, &info));
  check("mdb_env_stat", mdb_env_stat(env_, &stat));
  const std::uint64_t needed = (info.me_last_pgno + 1) * stat.ms_psize;
  std::error_code error;
  const auto present = std::filesystem::file_size(directory_ / "data.mdb", error);
  if (!error && (present >= needed || has_writer(directory_))) return {};
  if (has_all_used_pages(directory_ / "data.mdb")) return {};
  return {ErrorCode::corrupt, "data.mdb is truncated: it has " + std::to_string(present) +
                                  " bytes and should have up to " + std::to_string(needed) +
                                  "; restore it from a backup"};
}

Status ReadOnlyEnvironment::find_tables() {
  MDB_txn* txn = nullptr;
  check("mdb_txn_begin", mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn));
  const auto tables = Tables::find(txn);
  if (!tables) {
    mdb_txn_abort(txn);
    return tables.status();
  }
  // Keeps the tables open for the transactions that follow.
  check("mdb_txn_commit", mdb_txn_commit(txn));
  tables_ = *tables;
  return {};
}

ReadOnlyTxn ReadOnlyEnvironment::begin() {
  MDB_txn* txn = nullptr;
  int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code == MDB_MAP_RESIZED) {
    constexpr std::size_t as_the_file_says = 0;
    check("mdb_env_set_mapsize", mdb_env_set_mapsize(env_, as_the_file_says));
    code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  }
  check("mdb_txn_begin", code);
  return ReadOnlyTxn{txn};
}

}  // namespace mentat_sync
