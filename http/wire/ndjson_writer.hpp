// Writes the items of a log as lines of JSON, for people and their tools, one item at a time, in
// the order that the caller gives them. As CBOR they are written by storage/cbor_log.
//
// Thread-safety: pure functions; a writer belongs to one thread.
// Ownership and lifetime: a writer appends to a string of its owner's, which must outlive it.
// Failures: std::bad_alloc alone. What is appended is a whole item, even one that breaks the rules
// of a log: those are the caller's to keep. The parts of a chunk, one behind another, are the line
// of the whole one.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/log_taker.hpp"

#include <memory>
#include <string>

namespace mentat_sync {

std::unique_ptr<LogTaker> ndjson_writer(std::string& out);

/// Appends `item` as one line of JSON, with its line feed.
void append_ndjson(std::string& out, const LogItem& item);

}  // namespace mentat_sync
