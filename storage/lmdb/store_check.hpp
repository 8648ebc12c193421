// StoreCheck: one run of `mentat-sync check` over a store; storage/check.hpp says what of it is
// exact, and why.
//
// Thread-safety: one thread.
// Failures: throws LmdbFailure and std::system_error for what cannot be read, CorruptRecord when so
// much is damaged that there is nothing to begin with, UnknownUser when the log that alone is to be
// looked at is not there.
#pragma once

#include "storage/check.hpp"
#include "storage/lmdb/log_check.hpp"
#include "storage/lmdb/number_set.hpp"
#include "storage/lmdb/store_pages.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace mentat_sync {

/// There is nothing to look at.
class UnknownUser : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class StoreCheck {
 public:
  /// `alone`: nobody writes to the file.
  StoreCheck(StorePages& store, const CheckOptions& options, bool alone);

  CheckReport run();

 private:
  struct Owner {
    format::StoreId store{};
    UserId user;
  };

  void check_all();
  void check_one(UserId user);
  void check_pages();

  // Of the snapshot that the run begins with.
  void read_owners();
  void check_new_stores();
  void check_purges();

  void scan_payloads();
  void check_logs();
  std::optional<format::StoreId> next_log(format::StoreId from);
  void check_missing_logs(format::StoreId from, format::StoreId until);
  void check_log(format::StoreId store);
  void judge(format::StoreId store, const std::string& where, bool purging);
  std::optional<UserId> owner_of(format::StoreId store);
  std::string name_of(format::StoreId store) const;

  void check_suspects();
  void count_owners(const NumberSet& suspects, NumberSet& owned);
  void check_hashes(std::optional<format::StoreId> only);
  /// False: there are no more.
  bool hash_page(std::string& after, const std::string& end);
  void hash_chunk(format::Bytes key, format::Bytes value);

  /// Ends the snapshot when enough has been read in it, and begins another.
  void rest(CheckStage stage, std::uint64_t done, std::uint64_t total);
  void tell(CheckStage stage, std::uint64_t done, std::uint64_t total) const;
  void found(const std::string& where, const std::string& what);
  /// Runs `part`; what it cannot get past is a finding.
  bool guard(const std::string& where, const std::function<void()>& part);

  StorePages& store_;
  const CheckOptions& options_;
  const bool alone_;
  CheckReport report_;
  /// In the order of their stores.
  std::vector<Owner> owners_;
  std::uint64_t next_store_ = 1;
  NumberSet payloads_;
  NumberSet owned_;
  /// Owned twice, at two times.
  NumberSet twice_;
  bool logs_read_ = true;
  bool payloads_read_ = true;
  std::uint64_t read_records_ = 0;
  std::uint64_t hashable_bytes_ = 0;
};

}  // namespace mentat_sync
