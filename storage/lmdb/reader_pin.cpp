// A slot in LMDB's table of readers.
#include "storage/lmdb/reader_pin.hpp"

#include "storage/bounds.hpp"
#include "storage/lmdb/failure.hpp"

#include <system_error>
#include <utility>

namespace mentat_sync {

Result<std::unique_ptr<ReaderPin>> ReaderPin::open(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory / "lock.mdb", error)) {
    return std::unique_ptr<ReaderPin>{};
  }
  std::unique_ptr<ReaderPin> pin{new ReaderPin};
  try {
    if (Status status = pin->open_files(directory); !status.ok()) return status;
  } catch (const LmdbFailure& failure) {
    return Status{to_status(failure).code(),
                  "cannot open the store in " + directory.string() + ": " + failure.what()};
  }
  return pin;
}

ReaderPin::~ReaderPin() {
  end();
  if (env_ != nullptr) mdb_env_close(env_);
}

Status ReaderPin::open_files(const std::filesystem::path& directory) {
  check("mdb_env_create", mdb_env_create(&env_));
  check("mdb_env_set_maxreaders", mdb_env_set_maxreaders(env_, bounds::reader_slots));
  constexpr mdb_mode_t no_file_is_made = 0;
  const int code = mdb_env_open(env_, directory.c_str(), MDB_RDONLY | MDB_NOTLS, no_file_is_made);
  if (code == EACCES) {
    return {ErrorCode::io,
            "the files in " + directory.string() + " may not be opened by this user"};
  }
  check("mdb_env_open", code);
  int cleared = 0;
  check("mdb_reader_check", mdb_reader_check(env_, &cleared));
  return {};
}

std::uint64_t ReaderPin::begin() {
  end();
  int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn_);
  if (code == MDB_MAP_RESIZED) {
    constexpr std::size_t as_the_file_says = 0;
    check("mdb_env_set_mapsize", mdb_env_set_mapsize(env_, as_the_file_says));
    code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn_);
  }
  check("mdb_txn_begin", code);
  return mdb_txn_id(txn_);
}

void ReaderPin::end() {
  if (txn_ != nullptr) mdb_txn_abort(std::exchange(txn_, nullptr));
}

}  // namespace mentat_sync
