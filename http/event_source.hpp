// The body of an event stream: tells where HEAD is, each time that it has moved.
//
// It asks the user's actor again only after what it said has been sent: so a slow watcher misses
// steps, never the last one, and nothing is queued for it.
//
// Thread-safety: as BodySource.
// Ownership and lifetime: the gateway must outlive the connections. Destroyed, it waits no more.
// Failures: when the watch is lost the stream ends; a client connects again.
// Source: the HTML standard, section 9.2 (server-sent events); docs/protocol.md.
#pragma once

#include "actors/gateway.hpp"
#include "http/body_source.hpp"
#include "http/watch.hpp"
#include "storage/bounds.hpp"
#include "storage/queries.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mentat_sync {

class EventSource final : public BodySource, public std::enable_shared_from_this<EventSource> {
 public:
  /// `head` is where HEAD was found; it is told at once unless the client `knows` it.
  /// When nothing happens for `heartbeat`, it says so. Before it says anything it asks whether the
  /// client `may_hear` it still (nothing: it may), on any thread, and ends when not.
  EventSource(Gateway& gateway, UserId user, const Head& head, bool knows,
              std::chrono::milliseconds heartbeat = bounds::event_heartbeat,
              std::function<bool()> may_hear = {});

  ~EventSource() override;

  void next(TakePiece take) override;

 private:
  BodyPiece on_outcome(const Outcome& outcome);

  Watch watch_;
  const UserId user_;
  const std::chrono::milliseconds heartbeat_;
  const std::function<bool()> may_hear_;
  Head known_;
  std::string first_;
};

/// What names an event: the sequence number and the id of HEAD. The number alone would not do: a
/// log that was deleted and begun anew comes by the same numbers.
std::string event_id(const Head& head);
/// Whether a client that sends `last_event_id` has had the event of this HEAD. The number alone is
/// taken too.
bool knows(std::string_view last_event_id, const Head& head);

/// One event.
std::string head_event(const Head& head);

}  // namespace mentat_sync
