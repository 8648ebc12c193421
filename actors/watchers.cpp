// See watchers.hpp.
#include "actors/watchers.hpp"

#include <utility>

namespace mentat_sync {
namespace {

Outcome moved_to(const Head& head) {
  Outcome outcome;
  outcome.verdict = Verdict::applied;
  outcome.current_head = head.head;
  outcome.current_seq = head.seq;
  return outcome;
}

}  // namespace

Watchers::~Watchers() {
  fail_all();
}

std::optional<Watchers::Ticket> Watchers::add(TransactionId known, OutcomeHandler answer) {
  if (head_ && head_->head != known) {
    answer(moved_to(*head_));
    return std::nullopt;
  }
  if (waiting_.size() >= max_) {
    answer(outcome_of(Verdict::overloaded, max_));
    return std::nullopt;
  }
  const Ticket ticket = next_ticket_++;
  waiting_.emplace(ticket, Watcher{known, std::move(answer)});
  return ticket;
}

Outcome Watchers::unchanged(const Watcher& watcher) const {
  Outcome outcome;
  outcome.verdict = Verdict::already_there;
  outcome.current_head = watcher.known;
  outcome.current_seq = head_ ? head_->seq : 0;
  return outcome;
}

void Watchers::expire(Ticket ticket) {
  auto node = waiting_.extract(ticket);
  if (!node.empty()) node.mapped().answer(unchanged(node.mapped()));
}

void Watchers::expire_all() {
  for (auto& [ticket, watcher] : std::exchange(waiting_, {})) watcher.answer(unchanged(watcher));
}

void Watchers::fail_all() {
  for (auto& [ticket, watcher] : std::exchange(waiting_, {})) watcher.answer(Outcome{});
}

void Watchers::head_is(const Head& head) {
  head_ = head;
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    const auto here = next++;
    if (here->second.known != head.head) waiting_.extract(here).mapped().answer(moved_to(head));
  }
}

}  // namespace mentat_sync
