// What an actor throws ends it, and is told to the log: by itself CAF would write a line of its own
// to standard error.
//
// Thread-safety: that of the log, any.
#pragma once

#include "actors/caf_compat.hpp"
#include "storage/exception_reason.hpp"
#include "storage/log.hpp"

#include <exception>
#include <string_view>
#include <utility>
#include <vector>

namespace mentat_sync {

/// Returns what the actor ends by.
inline caf::error log_failure(const Log& log, std::string_view event,
                              const std::exception_ptr& failure,
                              std::vector<LogField> fields = {}) {
  if (log) {
    fields.push_back({"reason", reason_of(failure)});
    log(LogLevel::error, event, fields);
  }
  return caf::sec::runtime_error;
}

}  // namespace mentat_sync
