// The bytes of a log that have come and are not yet worked on, and the readers behind them.
#include "http/wire/log_decoder.hpp"

#include "http/wire/cbor_token.hpp"
#include "http/wire/item_reader.hpp"
#include "http/wire/log_order.hpp"
#include "storage/bounds.hpp"

#include <string>
#include <utility>

namespace mentat_sync {

namespace {

/// Of what is not empty. What is not CBOR at all seldom begins so, JSON never.
bool begins_with_map(std::string_view bytes) {
  constexpr int map_type = 5;
  return static_cast<unsigned char>(bytes.front()) >> 5 == map_type;
}

}  // namespace

struct LogDecoder::State {
  explicit State(std::uint64_t max) : max_item_bytes(max) {}

  std::string_view unread() const { return std::string_view(buffer).substr(at); }

  void feed(std::string_view bytes);
  /// Reads on until an item is whole; false when more bytes are needed for that.
  Result<bool> read_item();
  Status add(const CborToken& token, std::uint64_t bytes);
  Result<std::optional<LogItem>> next();
  /// Remembers and answers what is wrong at `offset`.
  Status fail(std::uint64_t offset, const std::string& message);
  Status fail_as_too_large();

  const std::uint64_t max_item_bytes;
  std::string buffer;
  /// Where in the buffer the next token begins, and how many bytes of the log were before the
  /// buffer.
  std::size_t at = 0;
  std::uint64_t dropped = 0;
  /// The next token has at least so many bytes: before they are there it is not looked at again.
  std::uint64_t needed = 1;
  /// Of the item that is being read.
  std::uint64_t item_bytes = 0;
  ItemReader reader;
  LogOrder order;
  Status failure;
};

void LogDecoder::State::feed(std::string_view bytes) {
  // Moves no more than what has been read since it was last moved.
  if (at > buffer.size() / 2) {
    dropped += at;
    buffer.erase(0, at);
    at = 0;
    // A large item is rare, and its room not worth keeping.
    if (buffer.empty() && buffer.capacity() > bounds::log_piece_bytes) buffer = std::string();
  }
  buffer.append(bytes);
}

Result<std::optional<LogItem>> LogDecoder::State::next() {
  if (!failure.ok()) return failure;
  if (order.complete()) {
    if (!unread().empty()) return fail(dropped + at, "there are bytes after the trailer");
    return std::optional<LogItem>();
  }
  auto whole = read_item();
  if (!whole) return whole.status();
  if (!*whole) return std::optional<LogItem>();

  const std::uint64_t begin = dropped + at - item_bytes;
  item_bytes = 0;
  auto item = reader.take_item();
  if (!item) return fail(begin, item.status().message());
  if (Status status = order.add(*item); !status.ok()) return fail(begin, status.message());
  return std::optional<LogItem>(std::move(*item));
}

Result<bool> LogDecoder::State::read_item() {
  while (unread().size() >= needed) {
    if (item_bytes == 0 && !begins_with_map(unread())) {
      return fail(dropped + at, "an item of a log is a map of CBOR");
    }
    const auto read = read_token(unread());
    if (read.outcome == CborTokenRead::Outcome::malformed) {
      return fail(dropped + at, "this is not CBOR");
    }
    if (read.bytes > max_item_bytes - item_bytes) return fail_as_too_large();
    if (read.outcome == CborTokenRead::Outcome::needs_more) {
      needed = read.bytes;
      return false;
    }
    if (Status status = add(read.token, read.bytes); !status.ok()) return status;
    if (reader.complete()) return true;
  }
  return false;
}

Status LogDecoder::State::add(const CborToken& token, std::uint64_t bytes) {
  const std::uint64_t begin = dropped + at;
  at += bytes;
  item_bytes += bytes;
  needed = 1;
  if (Status status = reader.add(token); !status.ok()) return fail(begin, status.message());
  return {};
}

Status LogDecoder::State::fail(std::uint64_t offset, const std::string& message) {
  failure = {ErrorCode::invalid,
             "malformed log at byte " + std::to_string(offset) + ": " + message};
  return failure;
}

Status LogDecoder::State::fail_as_too_large() {
  return fail(dropped + at - item_bytes,
              "an item of more than " + std::to_string(max_item_bytes) + " bytes");
}

LogDecoder::LogDecoder(std::uint64_t max_item_bytes)
    : state_(std::make_unique<State>(max_item_bytes)) {}
LogDecoder::~LogDecoder() = default;
LogDecoder::LogDecoder(LogDecoder&&) noexcept = default;
LogDecoder& LogDecoder::operator=(LogDecoder&&) noexcept = default;

void LogDecoder::feed(std::string_view bytes) {
  state_->feed(bytes);
}

Result<std::optional<LogItem>> LogDecoder::next() {
  return state_->next();
}

std::size_t LogDecoder::held_bytes() const {
  return state_->buffer.capacity() + state_->reader.held_bytes();
}

Status LogDecoder::finish() const {
  if (!state_->failure.ok()) return state_->failure;
  const std::uint64_t offset = state_->dropped + state_->at;
  if (!state_->order.complete()) {
    return {ErrorCode::invalid, "the log was cut off at byte " +
                                    std::to_string(offset + state_->unread().size()) +
                                    ", before its trailer"};
  }
  if (!state_->unread().empty()) {
    return {ErrorCode::invalid, "malformed log at byte " + std::to_string(offset) +
                                    ": there are bytes after the trailer"};
  }
  return {};
}

}  // namespace mentat_sync
