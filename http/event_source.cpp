// See event_source.hpp.
#include "http/event_source.hpp"

#include "storage/bounds.hpp"

#include <chrono>
#include <utility>

namespace mentat_sync {

std::string event_id(const Head& head) {
  return std::to_string(head.seq) + "-" + head.head.to_string();
}

bool knows(std::string_view last_event_id, const Head& head) {
  return last_event_id == event_id(head) || last_event_id == std::to_string(head.seq);
}

std::string head_event(const Head& head) {
  return "id: " + event_id(head) + "\nevent: head\ndata: {\"head\":\"" + head.head.to_string() +
         "\",\"seq\":" + std::to_string(head.seq) + "}\n\n";
}

EventSource::EventSource(Gateway& gateway, UserId user, const Head& head, bool knows,
                         std::chrono::milliseconds heartbeat, std::function<bool()> may_hear)
    : watch_(gateway, user),
      user_(user),
      heartbeat_(heartbeat),
      may_hear_(std::move(may_hear)),
      known_(head) {
  first_ = "retry: " + std::to_string(bounds::event_retry.count()) + "\n\n";
  if (!knows) first_ += head_event(head);
}

EventSource::~EventSource() {
  watch_.withdraw();
}

void EventSource::next(TakePiece take) {
  if (!first_.empty()) return take({std::exchange(first_, {}), BodyPiece::Then::more});
  // It is not kept by its own question: whoever lets go of it withdraws that.
  watch_.ask({user_, known_.head, static_cast<std::uint64_t>(heartbeat_.count()), known_.seq},
             [weak = weak_from_this(), take = std::move(take)](const Outcome& outcome) {
               const auto self = weak.lock();
               take(self ? self->on_outcome(outcome) : BodyPiece{{}, BodyPiece::Then::end});
             });
}

BodyPiece EventSource::on_outcome(const Outcome& outcome) {
  if (may_hear_ && !may_hear_()) return {{}, BodyPiece::Then::end};
  switch (outcome.verdict) {
    case Verdict::applied:
      known_ = {outcome.current_head, outcome.current_seq};
      return {head_event(known_), BodyPiece::Then::more};
    case Verdict::already_there:
      return {":\n\n", BodyPiece::Then::more};  // a comment, so that both sides see the other alive
    default:
      return {{}, BodyPiece::Then::end};
  }
}

}  // namespace mentat_sync
