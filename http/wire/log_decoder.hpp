// Reads one log out of bytes, however they are split, and checks that it is one log: whole, in
// order, and as its trailer says.
//
// Thread-safety: none; one decoder belongs to one reader. Ownership: it copies what it is fed, and
// keeps no more than the items not yet taken. Room is made for bytes that have come, never for
// bytes that are only announced.
// Failures: a malformed log is an ErrorCode::invalid whose message names the offset in the log and
// what is wrong; every next() after it answers the same. std::bad_alloc may leave any function.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "storage/log_item.hpp"
#include "storage/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mentat_sync {

class LogDecoder {
 public:
  /// An item of more than `max_item_bytes` is malformed.
  explicit LogDecoder(std::uint64_t max_item_bytes);
  ~LogDecoder();
  LogDecoder(LogDecoder&&) noexcept;
  LogDecoder& operator=(LogDecoder&&) noexcept;

  /// The bytes that follow those fed before. Take all items with next() between two calls, or they
  /// are held.
  void feed(std::string_view bytes);

  /// The next whole item; nothing when more bytes are needed, or when the log is complete.
  Result<std::optional<LogItem>> next();

  /// Once no more bytes come: ok when the trailer was taken and nothing follows it. Otherwise the
  /// error of next(), or that the log was cut off.
  Status finish() const;

  /// Of memory, for what was fed and is no item yet.
  std::size_t held_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mentat_sync
