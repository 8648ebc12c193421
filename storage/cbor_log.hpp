// Writes the items of a log as those of a CBOR sequence, in the one form that writers use: the form
// in which logs are pulled and pushed, and in which the store keeps what it can.
//
// Thread-safety: pure functions; a writer belongs to one thread.
// Ownership and lifetime: a writer appends to a string of its owner's, which must outlive it.
// Failures: std::bad_alloc alone. What is appended is a whole item, even one that breaks the rules
// of a log: those are the caller's to keep. The parts of a chunk, one behind another, are the bytes
// of the whole one.
// Source: docs/protocol.md, "The log in one piece"; RFC 8742.
#pragma once

#include "storage/log_taker.hpp"

#include <memory>
#include <string>

namespace mentat_sync {

/// Appends what it takes to `out`; items that are CBOR already as they are.
std::unique_ptr<LogTaker> cbor_writer(std::string& out);

/// Appends `item` as one CBOR item of a sequence.
void append_cbor(std::string& out, const LogItem& item);

}  // namespace mentat_sync
