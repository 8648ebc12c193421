// LongLog: a user whose log is filled by pushes, and then grows by one transaction at a time.
//
// Thread-safety: one thread. Failures: as LeanClient's; and throws std::runtime_error for a page
// that is not what was asked for.
#pragma once

#include "bench/lean_client.hpp"
#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mentat_sync {

class LongLog {
 public:
  /// A new user's, of so many transactions without chunks, at least one.
  LongLog(std::uint16_t port, std::size_t transactions);

  /// PUT transaction, PUT head.
  void commit();

  /// GET of the page of at most page_size transactions that begins at `first`, counted from 0.
  void get_page(std::size_t first);
  /// GET of the last page_size ones, or of all.
  void get_last_page();

  std::size_t size() const { return ids_.size(); }

  static constexpr std::size_t page_size = 100;

 private:
  void push(std::size_t transactions);
  TransactionId last() const { return ids_.empty() ? TransactionId{} : ids_.back(); }

  LeanClient client_;
  /// As in the log.
  std::vector<TransactionId> ids_;
};

}  // namespace mentat_sync
