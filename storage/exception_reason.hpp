// What an exception says of itself, for a line of the log.
//
// Thread-safety: pure function.
#pragma once

#include <exception>
#include <string>

namespace mentat_sync {

/// `failure` holds an exception.
inline std::string reason_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "not a std::exception";
  }
}

}  // namespace mentat_sync
