// The program's sink for the libraries' Log: lines of text for a person at a terminal, JSON lines
// for everything else.
//
// JSON: {"time":"2026-01-31T12:00:00.123Z","level":"info","event":"listening", then the fields, all
// strings}. Text: the same, in the order time, level, event, name=value.
//
// Thread-safety: the Log may be called from any thread; a line is written in one piece.
// Ownership and lifetime: the stream must outlive every copy of the Log.
// Failures: what cannot be written is lost; a log must not stop the server.
#pragma once

#include "storage/log.hpp"

#include <iosfwd>

namespace mentat_sync {

enum class LogFormat {
  /// text when standard error is a terminal, else json.
  automatic,
  text,
  json,
};

/// Drops what is below `threshold`.
Log make_log(LogLevel threshold, LogFormat format, std::ostream& stream);

/// `log`, whose lines say which request this thread works on, if any (`request`).
Log with_request_id(Log log);

}  // namespace mentat_sync
