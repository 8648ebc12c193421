// See watchers.hpp.
#include "actors/watchers.hpp"

#include <utility>
#include <vector>

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
  if (refuses(known)) {
    answer(outcome_of(Verdict::overloaded, max_));
    return std::nullopt;
  }
  const Ticket ticket = next_ticket_++;
  waiting_.emplace(ticket, Watcher{.known = known, .answer = std::move(answer)});
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
  const auto found = waiting_.find(ticket);
  if (found == waiting_.end()) return;
  found->second.expired = true;
  if (!head_) return;
  const auto node = waiting_.extract(found);
  node.mapped().answer(unchanged(node.mapped()));
}

void Watchers::expire_all() {
  for (auto& [ticket, watcher] : std::exchange(waiting_, {})) watcher.answer(unchanged(watcher));
}

void Watchers::fail_all() {
  for (auto& [ticket, watcher] : std::exchange(waiting_, {})) watcher.answer(Outcome{});
}

void Watchers::head_is(const Head& head) {
  head_ = head;
  std::vector<Watcher> told;
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    const auto here = next++;
    const bool moved = here->second.known != head.head;
    if (moved || here->second.expired) told.push_back(std::move(waiting_.extract(here).mapped()));
  }
  // Only now: whoever is answered may ask again.
  for (const Watcher& watcher : told) {
    watcher.answer(watcher.known != head.head ? moved_to(head) : unchanged(watcher));
  }
}

}  // namespace mentat_sync
