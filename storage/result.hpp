// Status and Result: how this system's own functions fail.
//
// An expected outcome of a command is not a failure: see outcome.hpp. A Status that is not ok means
// that the machinery failed (a file, a disk, a damaged record), and says so in words for a person.
//
// Thread-safety: value types.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace mentat_sync {

enum class [[nodiscard]] ErrorCode{
    ok,
    /// An argument or an option that cannot be used.
    invalid,
    /// Something else holds what was asked for (the data directory's lock, a port).
    busy,
    /// A file or the map of the store has no more room.
    full,
    /// Stored data contradicts its format, or has a format this version does not know.
    corrupt,
    /// The store refuses work: it is closing, or a commit failed and it must be reopened.
    unavailable,
    /// A system or library call failed.
    io,
};

/// A code and, unless ok, a sentence that names what failed and what to do about it.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == ErrorCode::ok; }
  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  ErrorCode code_ = ErrorCode::ok;
  std::string message_;
};

/// A value, or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Status status) : content_(std::move(status)) { assert(!this->status().ok()); }

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  /// Only when ok().
  T& value() & { return std::get<T>(content_); }
  const T& value() const& { return std::get<T>(content_); }
  T&& value() && { return std::get<T>(std::move(content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Only when not ok().
  const Status& status() const { return std::get<Status>(content_); }

 private:
  std::variant<T, Status> content_;
};

}  // namespace mentat_sync
