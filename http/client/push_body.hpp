// PushBody: the log that one push sends, written as it is put together.
//
// The caller looks at bytes() and items() and begins another push before one becomes larger than
// the server takes.
//
// Thread-safety: none; one thread. Failures: std::bad_alloc alone.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/log_item.hpp"
#include "storage/queries.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

class PushBody {
 public:
  /// `base`: where HEAD must be, and its sequence number.
  explicit PushBody(Head base);

  /// Each before the first transaction that names it, unless the server has it.
  void add_chunk(const LogChunk& chunk);
  /// After the transaction added before, the first one after the base.
  void add_transaction(const TransactionId& id, std::vector<ChunkId> chunks);

  /// What was added, and where HEAD will be.
  const Head& base() const { return base_; }
  const Head& head() const { return head_; }
  std::uint64_t bytes() const { return encoded_.size(); }
  /// Chunks, transactions, and the chunk ids in them: what the server's bound counts.
  std::size_t items() const { return items_; }
  bool empty() const { return items_ == 0; }

  /// The whole log. Nothing can be added after it.
  std::string_view finish();

 private:
  Head base_;
  Head head_;
  LogTrailer trailer_;
  std::size_t items_ = 0;
  bool finished_ = false;
  std::string encoded_;
};

}  // namespace mentat_sync
