// Which call fails, and the functions of LMDB as a program sees them that is linked with --wrap.
#include "lmdb_faults.hpp"

#include <lmdb.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <execinfo.h>
#include <mutex>
#include <unordered_map>

namespace mentat_sync::faults {
namespace {

constexpr int frames_max = 48;

struct State {
  std::mutex mutex;
  std::string recording;
  std::vector<Site> sites;
  std::unordered_map<std::uint64_t, std::size_t> site_of_stack;
  std::optional<Fault> fault;
  std::uint64_t calls_from_there = 0;
  std::uint64_t came = 0;
};

State& state() {
  static State state;
  return state;
}

/// So that calls cost nothing while there is nothing to do, and before main().
std::atomic<bool> active{false};
/// Taking a stack calls the system.
thread_local bool inside = false;

std::uint64_t hash_of_stack() {
  std::array<void*, frames_max> frames{};
  const int count = backtrace(frames.data(), frames_max);
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (int i = 0; i < count; ++i) {
    hash = (hash ^ reinterpret_cast<std::uintptr_t>(frames[static_cast<std::size_t>(i)])) *
           1099511628211U;
  }
  return hash;
}

void note(State& now, std::uint64_t stack) {
  const auto [place, is_new] = now.site_of_stack.try_emplace(stack, now.sites.size());
  if (is_new) now.sites.push_back({stack, 0});
  now.sites[place->second].calls += 1;
}

int answer(State& now, std::uint64_t stack) {
  const Fault& fault = *now.fault;
  const bool goes_on = fault.lasting && now.came > 0;
  const bool from_there = !fault.stack || *fault.stack == stack;
  const bool begins = from_there && ++now.calls_from_there == fault.nth;
  if (!goes_on && !begins) return 0;
  now.came += 1;
  return fault.code;
}

int look(std::string_view function) {
  const std::uint64_t stack = hash_of_stack();
  State& now = state();
  const std::lock_guard lock{now.mutex};
  if (now.recording == function) note(now, stack);
  if (now.fault && now.fault->function == function) return answer(now, stack);
  return 0;
}

std::vector<Function> all_functions() {
  static const std::vector<int> writing = {MDB_MAP_FULL, MDB_TXN_FULL, MDB_CORRUPTED,
                                           ENOMEM,       EIO,          ENOSPC};
  static const std::vector<int> reading = {MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_BAD_TXN};
  static const std::vector<int> beginning = {MDB_PANIC, MDB_MAP_RESIZED, MDB_READERS_FULL, ENOMEM,
                                             EIO};
  std::vector<Function> all = {
      {"mdb_env_create", {ENOMEM}},
      {"mdb_env_set_maxdbs", {EINVAL}},
      {"mdb_env_set_maxreaders", {EINVAL}},
      {"mdb_env_set_mapsize", {ENOMEM, EACCES}},
      {"mdb_env_open", {MDB_VERSION_MISMATCH, MDB_INVALID, ENOMEM, EACCES, EAGAIN, ENOSPC, EIO}},
      {"mdb_reader_check", {EIO, ENOMEM}},
      {"mdb_txn_begin", beginning},
      {"mdb_txn_renew", beginning},
      {"mdb_txn_commit", {EIO, ENOSPC, EDQUOT, ENOMEM, MDB_MAP_FULL, MDB_CORRUPTED, MDB_PANIC}},
      {"mdb_dbi_open", {MDB_DBS_FULL, MDB_MAP_FULL, MDB_CORRUPTED, ENOMEM}},
      {"mdb_stat", reading},
      {"mdb_get", reading},
      {"mdb_put", writing},
      {"mdb_del", writing},
      {"mdb_cursor_open", {ENOMEM, MDB_BAD_TXN}},
      {"mdb_cursor_get", reading},
      {"mdb_cursor_del", writing},
      {"fdatasync", {EIO, ENOSPC, EDQUOT}, false},
      {"fsync", {EIO, ENOSPC}, false},
      {"pwrite", {EIO, ENOSPC, EDQUOT, short_write}, false},
      {"writev", {EIO, ENOSPC, EDQUOT, short_write}, false},
      {"ftruncate", {EIO, ENOSPC}, false},
      {"posix_fallocate", {ENOSPC, EIO, EOPNOTSUPP}, false},
      {"pread", {EIO}, false},
  };
  if (replaces_mmap) all.push_back({"mmap", {ENOMEM}, false});
  return all;
}

}  // namespace

const std::vector<Function>& functions() {
  static const std::vector<Function> all = all_functions();
  return all;
}

const std::vector<Harmless>& harmless_functions() {
  static const std::vector<Harmless> all = {
      {"mdb_cursor_close", "returns nothing"},
      {"mdb_env_close", "returns nothing"},
      {"mdb_txn_abort", "returns nothing"},
      {"mdb_txn_reset", "returns nothing"},
      {"mdb_strerror", "returns a text"},
      {"mdb_txn_id", "returns a number"},
      {"mdb_env_info", "fails for a null argument only"},
      {"mdb_env_stat", "fails for a null argument only"},
      {"mdb_env_copyfd2", "runs in a child of its own; the tests of backup and compact end it"},
  };
  return all;
}

void record(std::string_view function) {
  State& now = state();
  const std::lock_guard lock{now.mutex};
  now.recording = function;
  now.sites.clear();
  now.site_of_stack.clear();
  active = true;
}

std::vector<Site> recorded() {
  State& now = state();
  const std::lock_guard lock{now.mutex};
  active = false;
  now.recording.clear();
  return std::move(now.sites);
}

void arm(Fault fault) {
  State& now = state();
  const std::lock_guard lock{now.mutex};
  now.fault = std::move(fault);
  now.calls_from_there = 0;
  now.came = 0;
  active = true;
}

std::uint64_t disarm() {
  State& now = state();
  const std::lock_guard lock{now.mutex};
  active = false;
  now.fault.reset();
  return now.came;
}

int due(std::string_view function) {
  if (!active || inside) return 0;
  inside = true;
  const int code = look(function);
  inside = false;
  return code;
}

}  // namespace mentat_sync::faults
