// Prints a log's transactions: as lines for scripts, or drawn as the chain that they are.
//
// Thread-safety: pure functions but for the stream.
#pragma once

#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iosfwd>

namespace mentat_sync {

struct LogRow {
  std::uint64_t seq = 0;
  TransactionId id;
  std::size_t chunks = 0;
};

/// "12 UUID 3": sequence number, id, how many chunks.
void print_log_row(std::ostream& out, const LogRow& row);

/// `rows` from old to new without gaps, the last one being HEAD; `newest_first` turns the drawing
/// around. `older`: how many come before the first row; said with one line, the root or that
/// number. Without rows HEAD is the newest of them. The marks are those of `inspect`.
void draw_log(std::ostream& out, const std::deque<LogRow>& rows, std::uint64_t older,
              bool newest_first);

}  // namespace mentat_sync
