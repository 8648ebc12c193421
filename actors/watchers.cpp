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

bool Watchers::add(WatchTicket ticket, const Head& known, TimePoint until, OutcomeHandler answer) {
  if (is_behind(known)) {
    answer(moved_to(*head_));
    return false;
  }
  if (refuses(known)) {
    answer(outcome_of(Verdict::overloaded, max_));
    return false;
  }
  const bool agree = head_ && head_->head == known.head;
  open_doubts_ += !agree;
  waiting_.emplace(ticket, Watcher{.known = known,
                                   .until = until,
                                   .answer = std::move(answer),
                                   .doubt = agree ? Doubt::none : Doubt::open});
  ends_.emplace(until, ticket);
  return true;
}

/// Forgets it; what it is answered is the caller's.
Watchers::Watcher Watchers::take(Waiting::iterator watcher) {
  ends_.erase({watcher->second.until, watcher->first});
  open_doubts_ -= watcher->second.doubt == Doubt::open;
  return std::move(waiting_.extract(watcher).mapped());
}

void Watchers::withdraw(WatchTicket ticket) {
  const auto found = waiting_.find(ticket);
  if (found != waiting_.end()) take(found).answer(Outcome{});
}

std::optional<Watchers::Timer> Watchers::next_timer() {
  if (ends_.empty()) return std::nullopt;
  const TimePoint first = ends_.begin()->first;
  if (timer_ && timer_->due <= first) return std::nullopt;
  timer_ = Timer{++timers_, first};
  return timer_;
}

void Watchers::timer_has_gone_off(std::uint64_t number, TimePoint now) {
  if (!timer_ || timer_->number != number) return;
  timer_.reset();
  while (!ends_.empty() && ends_.begin()->first <= now) {
    const WatchTicket ticket = ends_.begin()->second;
    ends_.erase(ends_.begin());
    expire(ticket);
  }
}

Outcome Watchers::unchanged(const Watcher& watcher) const {
  Outcome outcome;
  outcome.verdict = Verdict::already_there;
  outcome.current_head = watcher.known.head;
  const bool agree = head_ && head_->head == watcher.known.head;
  outcome.current_seq = agree ? head_->seq : watcher.known.seq;
  return outcome;
}

void Watchers::expire(WatchTicket ticket) {
  const auto found = waiting_.find(ticket);
  if (found == waiting_.end()) return;
  found->second.expired = true;
  if (found->second.doubt != Doubt::none) return;
  const Watcher watcher = take(found);
  watcher.answer(unchanged(watcher));
}

Watchers::Waiting Watchers::take_all() {
  open_doubts_ = 0;
  ends_.clear();
  return std::exchange(waiting_, {});
}

void Watchers::expire_all() {
  for (auto& [ticket, watcher] : take_all()) watcher.answer(unchanged(watcher));
}

void Watchers::fail_all() {
  for (auto& [ticket, watcher] : take_all()) watcher.answer(Outcome{});
}

/// Tells of `head` those who do not know it and of whom `is_told`; whoever knows it has no doubt.
template <class IsTold>
void Watchers::tell(const Head& head, IsTold is_told) {
  std::vector<Watcher> told;
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    const auto here = next++;
    Watcher& watcher = here->second;
    const bool knows = watcher.known.head == head.head;
    const bool is_told_now = !knows && is_told(watcher);
    if (!knows && !is_told_now) continue;
    open_doubts_ -= watcher.doubt == Doubt::open;
    watcher.doubt = Doubt::none;
    if (is_told_now || watcher.expired) told.push_back(take(here));
  }
  // Only now: whoever is answered may ask again.
  for (const Watcher& watcher : told) {
    watcher.answer(watcher.known.head == head.head ? unchanged(watcher) : moved_to(head));
  }
}

void Watchers::moved(const Head& head) {
  // What the store was asked may have been newer than what it had told of by then.
  if (head_ && head_->seq >= head.seq) return;
  head_ = head;
  tell(head, [&head](const Watcher& watcher) { return head.seq > watcher.known.seq; });
}

void Watchers::forgotten() {
  head_ = Head{};
  answer_is_void_ = true;
  tell(*head_, [](const Watcher&) { return true; });
}

void Watchers::asking() {
  answer_is_void_ = false;
  open_doubts_ = 0;
  for (auto& [ticket, watcher] : waiting_) {
    if (watcher.doubt == Doubt::open) watcher.doubt = Doubt::asked;
  }
}

void Watchers::found(const Head& head) {
  if (answer_is_void_) return;
  const bool news = !head_ || head.seq > head_->seq;
  if (news) head_ = head;
  // Whoever was in doubt had read HEAD before the store was asked: this is not older.
  tell(head, [&head, news](const Watcher& watcher) {
    if (watcher.doubt == Doubt::asked) return true;
    return news && watcher.doubt == Doubt::none && head.seq > watcher.known.seq;
  });
}

}  // namespace mentat_sync
