// EventWatcher: a user's event stream, event by event.
//
// Thread-safety: one thread for each.
// Failures: as ResponseStream.
// Source: the HTML standard, section 9.2 (server-sent events); docs/protocol.md.
#pragma once

#include "support/response_stream.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

struct ServerSentEvent {
  std::string id;
  std::string type;
  std::string data;

  /// Of the data, which is JSON.
  std::string head() const;
  std::uint64_t seq() const;
};

class EventWatcher {
 public:
  /// `last_event_id`: nothing when empty.
  EventWatcher(std::uint16_t port, std::string_view user, std::string_view last_event_id = {});

  const HttpResponse& header() const { return stream_.header(); }

  /// The next event; nothing after `timeout`, or when the stream has ended. Comments and fields
  /// without data are taken on the way, and are no events.
  std::optional<ServerSentEvent> next(std::chrono::milliseconds timeout = std::chrono::seconds{20});
  /// Takes events until one is about `head`; false when none is within `timeout`.
  bool hears_of(std::string_view head,
                std::chrono::milliseconds timeout = std::chrono::seconds{20});

  /// The `retry` that has come, in ms; empty when none has.
  const std::string& retry() const { return retry_; }
  bool ended() const { return stream_.ended(); }
  /// Whether the stream was ended, and not cut off.
  bool whole() const { return stream_.whole(); }

 private:
  std::optional<ServerSentEvent> parse_block(const std::string& block);

  ResponseStream stream_;
  std::string text_;
  std::string retry_;
};

}  // namespace mentat_sync
