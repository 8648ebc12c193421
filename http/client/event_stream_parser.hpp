// EventStreamParser: server-sent events out of bytes, however they are split.
//
// Thread-safety: none; one thread.
// Failures: a Status when a line, or an event's data, is longer than bounds::event_line_bytes.
// Source: the HTML standard, section 9.2.6 (interpreting an event stream).
#pragma once

#include "storage/result.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mentat_sync {

struct StreamEvent {
  /// Empty: "message".
  std::string type;
  std::string data;
};

class EventStreamParser {
 public:
  /// False: nothing more is wanted.
  using Handler = std::function<bool(const StreamEvent&)>;

  explicit EventStreamParser(Handler on_event) : on_event_(std::move(on_event)) {}

  /// Reads on, and calls the handler for each event that is complete. Returns when it wants no
  /// more.
  Status feed(std::string_view bytes);
  /// Whether the handler has said that it wants no more.
  bool stopped() const { return stopped_; }

  /// The id of the last event, for Last-Event-ID.
  const std::string& last_id() const { return last_id_; }
  /// What the server said last about connecting again.
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }

 private:
  void end_line();
  void take_field(std::string_view name, std::string_view value);
  void dispatch();

  Handler on_event_;
  bool stopped_ = false;
  /// Whether the last byte was a CR, whose LF belongs to it.
  bool after_cr_ = false;
  bool at_start_ = true;
  std::string line_;
  StreamEvent event_;
  bool has_data_ = false;
  std::string id_;
  std::string last_id_;
  std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace mentat_sync
