// What makes a sequence of items one log: a header, a chain of transactions, a trailer that tells
// what there was.
//
// Thread-safety: none. Failures: ErrorCode::invalid with what is wrong.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/log_item.hpp"
#include "storage/result.hpp"

#include <optional>

namespace mentat_sync {

class LogOrder {
 public:
  /// The next item of the log.
  Status add(const LogItem& item);

  /// Whether the trailer has come.
  bool complete() const { return complete_; }

 private:
  Status check(const LogHeader& header);
  Status check(const LogChunk& chunk);
  Status check(const LogTransaction& transaction);
  Status check(const LogTrailer& trailer);

  /// What a trailer must say now, but for `more`; nothing before the header.
  std::optional<LogTrailer> so_far_;
  /// Of the last transaction.
  std::optional<std::uint64_t> seq_;
  bool complete_ = false;
};

}  // namespace mentat_sync
