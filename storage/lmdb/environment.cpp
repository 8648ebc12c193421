// Opening, growing and closing LMDB's environment; see environment.hpp for the gate.
#include "storage/lmdb/environment.hpp"

#include "storage/bounds.hpp"
#include "storage/lmdb/file_owner.hpp"
#include "storage/lmdb/page_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr MDB_dbi tables_max = 8;
constexpr mdb_mode_t file_mode = 0600;

std::uint64_t page_bytes() {
  return static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t round_up_to_page(std::uint64_t bytes) {
  return (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
}

/// LMDB unmaps before it maps anew, and cannot go back: so ask first.
bool can_map(std::uint64_t bytes) {
  void* const map =
      mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (map == MAP_FAILED) return false;
  munmap(map, bytes);
  return true;
}

std::uint64_t bytes_on_disk(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  return error ? 0 : bytes;
}

/// LMDB writes its table of readers through a map: without room on the disk that would end the
/// process instead of failing.
void reserve_lock_file(const std::filesystem::path& file) {
  constexpr std::uint64_t header_bytes_max = 4096;
  constexpr std::uint64_t slot_bytes = 64;
  const std::uint64_t bytes =
      std::max(bytes_on_disk(file), header_bytes_max + slot_bytes * bounds::reader_slots);
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, file_mode);
  if (descriptor < 0) throw LmdbFailure{"lock.mdb", errno};
  const int code = posix_fallocate(descriptor, 0, static_cast<off_t>(bytes));
  close(descriptor);
  if (code != 0 && code != EOPNOTSUPP) throw LmdbFailure{"lock.mdb", code};
}

/// LMDB's values are not aligned.
std::size_t word_at(std::string_view list, std::size_t index) {
  std::size_t word = 0;
  if (list.size() / sizeof word <= index) throw CorruptRecord{"a list of free pages is too short"};
  std::memcpy(&word, list.data() + index * sizeof word, sizeof word);
  return word;
}

}  // namespace

ReadTxn::~ReadTxn() {
  if (txn_) environment_.end_read({txn_, commits_});
}

WriteTxn::WriteTxn(Environment& environment) : environment_(environment) {
  check("mdb_txn_begin", mdb_txn_begin(environment.env_, nullptr, 0, &txn_));
}

int WriteTxn::commit() {
  ++environment_.commits_;
  const int code = mdb_txn_commit(std::exchange(txn_, nullptr));
  ++environment_.commits_;
  return code;
}

WriteTxn::~WriteTxn() {
  if (txn_) mdb_txn_abort(txn_);
}

Environment::Environment(std::filesystem::path directory, std::uint64_t max_map_bytes)
    : directory_(std::move(directory)), max_map_bytes_(max_map_bytes) {}

Environment::~Environment() {
  for (const KeptReader& reader : readers_) mdb_txn_abort(reader.txn);
  if (env_) mdb_env_close(env_);
}

Result<std::unique_ptr<Environment>> Environment::open(const std::filesystem::path& directory,
                                                       std::uint64_t initial_map_bytes,
                                                       std::uint64_t max_map_bytes) {
  const auto data = directory / "data.mdb";
  std::error_code error;
  if (std::filesystem::exists(data, error) && !std::filesystem::is_regular_file(data, error)) {
    return Status{ErrorCode::io, data.string() + " is no regular file"};
  }
  const bool is_new = bytes_on_disk(data) == 0;
  if (!is_new) {
    const auto looked_at = PageFile::open(data);
    if (is_no_store(looked_at)) return looked_at.status();
  }
  std::unique_ptr<Environment> environment{new Environment{directory, max_map_bytes}};
  const Status status = environment->try_open_files(initial_map_bytes);
  if (status.ok()) return environment;
  environment.reset();
  // Half of a new file is none that a next attempt could open.
  std::error_code ignored;
  if (is_new) std::filesystem::remove(data, ignored);
  return status;
}

Status Environment::try_open_files(std::uint64_t initial_map_bytes) {
  try {
    return open_files(initial_map_bytes);
  } catch (const CorruptRecord& record) {
    return {ErrorCode::corrupt, record.what()};
  } catch (const std::filesystem::filesystem_error& failure) {
    return {ErrorCode::io, failure.what()};
  } catch (const LmdbFailure& failure) {
    const Status status = to_status(failure);
    return {status.code(),
            "cannot open the store in " + directory_.string() + ": " + failure.what()};
  }
}

Status Environment::open_files(std::uint64_t initial_map_bytes) {
  check("mdb_env_create", mdb_env_create(&env_));
  check("mdb_env_set_maxdbs", mdb_env_set_maxdbs(env_, tables_max));
  check("mdb_env_set_maxreaders", mdb_env_set_maxreaders(env_, bounds::reader_slots));
  // Never smaller than what is stored: LMDB would refuse to write.
  const std::uint64_t stored = bytes_on_disk(directory_ / "data.mdb");
  std::uint64_t map_bytes = std::max(initial_map_bytes, stored + stored / 4);
  map_bytes = std::max(stored, std::min(map_bytes, largest_map_bytes()));
  check("mdb_env_set_mapsize", mdb_env_set_mapsize(env_, round_up_to_page(map_bytes)));
  reserve_lock_file(directory_ / "lock.mdb");
  // Before LMDB holds locks of it (fcntl), which closing another descriptor would release.
  give_to_owner_of_directory(directory_ / "lock.mdb");
  // What is read ahead, we say (storage/lmdb/read_ahead.hpp).
  constexpr unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;
  check("mdb_env_open", mdb_env_open(env_, directory_.c_str(), flags, file_mode));
  give_to_owner_of_directory(directory_ / "data.mdb");
  clear_dead_readers();
  return check_not_truncated();
}

/// Reading beyond the end of a mapped file would end the process. But a file may rightly be shorter
/// than the pages that LMDB counts: those that a commit took and gave back again it never wrote.
Status Environment::check_not_truncated() {
  MDB_envinfo info{};
  MDB_stat stat{};
  check("mdb_env_info", mdb_env_info(env_, &info));
  check("mdb_env_stat", mdb_env_stat(env_, &stat));
  const auto file = directory_ / "data.mdb";
  const std::uint64_t needed = (info.me_last_pgno + 1) * stat.ms_psize;
  const std::uint64_t present = bytes_on_disk(file);
  if (present >= needed) return {};
  std::filesystem::resize_file(file, needed);  // for the look at the free pages: see above
  if (are_free(present / stat.ms_psize, info.me_last_pgno)) return {};
  std::filesystem::resize_file(file, present);
  return {ErrorCode::corrupt, file.string() + " is truncated: it has " + std::to_string(present) +
                                  " bytes and should have at least " + std::to_string(needed) +
                                  "; restore it from a backup"};
}

bool Environment::are_free(std::uint64_t first_page, std::uint64_t last_page) {
  std::uint64_t found = 0;
  try {
    each_free_list([&](std::string_view list) {
      for (std::size_t i = word_at(list, 0); i > 0; --i) {
        const std::size_t page = word_at(list, i);
        if (page >= first_page && page <= last_page) ++found;
      }
    });
  } catch (const LmdbFailure&) {
    return false;  // a page of the lists is lost
  } catch (const CorruptRecord&) {
    return false;
  }
  return found == last_page + 1 - first_page;
}

/// Source: LMDB keeps free pages in table 0: each value is a count and as many page numbers.
template <class Visit>
void Environment::each_free_list(Visit visit) {
  constexpr MDB_dbi free_pages = 0;
  const ReadTxn txn = begin_read();
  const Cursor cursor{txn.get(), free_pages};
  MDB_val key{};
  MDB_val value{};
  int code = MDB_SUCCESS;
  while ((code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
    visit(std::string_view{static_cast<const char*>(value.mv_data), value.mv_size});
  }
  if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
}

void Environment::expect_map() const {
  if (map_is_lost_) throw LmdbFailure{"mdb_env_set_mapsize", MDB_PANIC};
}

WriteTxn Environment::begin_write() {
  expect_map();
  {
    const std::lock_guard lock{gate_};
    reset_readers();
  }
  return WriteTxn{*this};
}

ReadTxn Environment::begin_read() {
  KeptReader reader = take_reader();
  const std::uint64_t commits = commits_;
  const bool is_committing = commits % 2 != 0;
  const bool is_current =
      reader.txn && !reader.is_reset && !is_committing && reader.commits == commits;
  if (!is_current) renew(reader);
  return ReadTxn{*this, reader.txn, reader.commits};
}

/// Enters the gate. One without a transaction: a new one must be made.
Environment::KeptReader Environment::take_reader() {
  std::unique_lock lock{gate_};
  gate_changed_.wait(lock, [this] { return !gate_closed_; });
  expect_map();
  ++reads_inside_;
  if (readers_.empty()) return {};
  const KeptReader reader = readers_.back();
  readers_.pop_back();
  return reader;
}

/// LMDB looks which commit is the newest, and then copies the page that it wrote last; the next but
/// one writes the same page. A thread that had to wait in between has what is still being
/// committed, what no other reader sees yet, and the disk may not have. So no commit may begin or
/// end meanwhile.
void Environment::renew(KeptReader& reader) {
  do {
    if (reader.txn && !reader.is_reset) mdb_txn_reset(reader.txn);
    reader.commits = commits_;
    const int code = reader.txn ? mdb_txn_renew(reader.txn)
                                : mdb_txn_begin(env_, nullptr, MDB_RDONLY, &reader.txn);
    if (code != MDB_SUCCESS) {
      if (reader.txn) mdb_txn_abort(reader.txn);
      end_read({});
      throw LmdbFailure{"mdb_txn_begin", code};
    }
    reader.is_reset = false;
  } while (reader.commits != commits_);
}

void Environment::end_read(KeptReader reader) noexcept {
  const std::lock_guard lock{gate_};
  if (reader.txn) readers_.push_back(reader);
  --reads_inside_;
  if (gate_closed_ && reads_inside_ == 0) gate_changed_.notify_all();
}

/// With the gate locked.
void Environment::reset_readers() {
  for (KeptReader& reader : readers_) {
    if (!std::exchange(reader.is_reset, true)) mdb_txn_reset(reader.txn);
  }
}

std::uint64_t Environment::next_map_bytes() const {
  MDB_envinfo info{};
  check("mdb_env_info", mdb_env_info(env_, &info));
  const std::uint64_t step = std::min<std::uint64_t>(info.me_mapsize, bounds::map_bytes_step_max);
  const std::uint64_t wanted = round_up_to_page(info.me_mapsize + step);
  return std::max<std::uint64_t>(info.me_mapsize, std::min(wanted, largest_map_bytes()));
}

std::uint64_t Environment::largest_map_bytes() const {
  if (max_map_bytes_ == 0) return std::numeric_limits<std::int64_t>::max();
  const std::uint64_t reserve =
      std::clamp(max_map_bytes_ / 8, bounds::map_reserve_bytes_min, bounds::map_reserve_bytes_max);
  return round_up_to_page(max_map_bytes_ + reserve);
}

bool Environment::has_room_for(std::uint64_t bytes) {
  if (max_map_bytes_ == 0) return true;
  expect_map();
  const std::uint64_t used = size().used_bytes;
  if (used + bytes <= max_map_bytes_) return true;
  // Only now is it worth counting the pages that can be used again.
  return used + bytes <= max_map_bytes_ + free_bytes();
}

std::uint64_t Environment::free_bytes() {
  std::uint64_t pages = 0;
  each_free_list([&](std::string_view list) { pages += word_at(list, 0); });
  return pages * page_bytes();
}

bool Environment::grow() {
  expect_map();
  const std::uint64_t wanted = next_map_bytes();
  if (wanted == size().map_bytes || !can_map(wanted)) return false;
  std::unique_lock lock{gate_};
  gate_closed_ = true;
  gate_changed_.wait(lock, [this] { return reads_inside_ == 0; });
  reset_readers();
  const int code = mdb_env_set_mapsize(env_, wanted);
  map_is_lost_ = code != MDB_SUCCESS;
  gate_closed_ = false;
  gate_changed_.notify_all();
  check("mdb_env_set_mapsize", code);
  return true;
}

void Environment::clear_dead_readers() {
  int cleared = 0;
  check("mdb_reader_check", mdb_reader_check(env_, &cleared));
}

EnvironmentSize Environment::size() const {
  EnvironmentSize size;
  size.file_bytes = bytes_on_disk(directory_ / "data.mdb");
  if (map_is_lost_) return size;
  MDB_envinfo info{};
  MDB_stat stat{};
  check("mdb_env_info", mdb_env_info(env_, &info));
  check("mdb_env_stat", mdb_env_stat(env_, &stat));
  size.used_bytes = (info.me_last_pgno + 1) * stat.ms_psize;
  size.map_bytes = info.me_mapsize;
  return size;
}

bool Environment::disk_is_full() const {
  std::error_code error;
  const auto space = std::filesystem::space(directory_, error);
  return !error && space.available < bounds::MiB;
}

}  // namespace mentat_sync
