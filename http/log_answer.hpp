// The answer to a pull: a log as it is read from the store, piece by piece, encoded and perhaps
// compressed on its way out. One piece is in memory at a time, however large the chunks are, and no
// snapshot is open while it is sent. Making one is a turn of the loop's (BodySource::works).
//
// Thread-safety: made on the thread of a connection; what it makes belongs to that connection.
// Ownership and lifetime: the store must outlive the answer.
// Failures: a log that cannot be read on is cut off: the trailer does not come.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "http/message.hpp"
#include "http/negotiation.hpp"
#include "storage/queries.hpp"
#include "storage/store.hpp"

#include <memory>
#include <string>

namespace mentat_sync {

/// Where a store reads a log into, and what has been read as it is sent.
struct LogEncoder {
  explicit LogEncoder(LogForm form);

  std::string bytes;
  const std::unique_ptr<LogTaker> writer;
};

/// `first` is the piece that the store gave for `query`, and has been found: a small one, for it is
/// made where the request is taken. `first_bytes` are what it holds. A log that is one piece is
/// answered whole; a longer one by a source. `coding` is used where it pays.
Response log_answer(Store& store, ReadLog query, LogPiece first, std::string first_bytes,
                    LogForm form, ContentCoding coding);

}  // namespace mentat_sync
