// LedgerCheck: compares a user's log, as it is read again in the end, with the ledger.
//
// It finds: an acknowledged transaction that is not there, or at another place; another winner of a
// step; a transaction that nobody sent; a HEAD to which nobody moved it.
//
// Thread-safety: one thread. Ownership: the ledger must outlive it. Failures: sentences; empty:
// nothing is wrong.
#pragma once

#include "cli/load/ledger.hpp"
#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

class LedgerCheck {
 public:
  explicit LedgerCheck(const Ledger& ledger) : ledger_(ledger) {}

  /// A page, as GET transactions answers it. After a fault nothing more can be compared.
  [[nodiscard]] std::string take_page(std::string_view body);
  /// There is no more.
  [[nodiscard]] std::string finish() const;

  /// Where the next page begins, and how many the last one had.
  TransactionId from() const { return read_.empty() ? ledger_.base() : read_.back(); }
  std::size_t last_page() const { return last_page_; }
  const std::vector<TransactionId>& read() const { return read_; }

 private:
  std::string take(std::string_view text);

  const Ledger& ledger_;
  std::vector<TransactionId> read_;
  std::size_t last_page_ = 0;
};

/// Whether a transaction, as GET answers it, is the one of the ledger; a sentence if not.
std::string fault_of_transaction(const LedgerEntry& entry, std::string_view body);

}  // namespace mentat_sync
