// The collector: see the header. One question is out at a time; each answer decides the next one.
#include "actors/collector.hpp"

#include "storage/bounds.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

/// A step waits behind what the writer has queued.
constexpr std::chrono::seconds answer_timeout{60};

}  // namespace

CollectorActor::behavior_type CollectorState::start(SyncActor directory, CollectorOptions options) {
  directory_ = std::move(directory);
  options_ = std::move(options);
  options_.counters = counters_or_own(std::move(options_.counters));
  begin_pass_later();
  return {
      [this](CollectNow) { on_collect_now(); },
      [this](BeginPass) { on_begin_pass(); },
      [this](NextStep) { on_next_step(); },
  };
}

void CollectorState::on_collect_now() {
  hurry_ = true;
  again_ = in_pass_;
  if (!in_pass_) begin_pass();
}

void CollectorState::on_begin_pass() {
  pass_is_due_ = false;
  if (!in_pass_) begin_pass();
}

void CollectorState::begin_pass() {
  in_pass_ = true;
  pass_began_ = Clock::now();
  total_ = {};
  users_looked_at_ = 0;
  next_page_.reset();
  ask_for_page();
}

void CollectorState::ask_for_page() {
  ListUsers query;
  query.after = next_page_;
  query.limit = bounds::collect_users_page;
  query.with_garbage = true;
  step_began_ = Clock::now();
  compat::ask(self_, directory_, answer_timeout, query)
      .then([this](UserPage& page) { on_page(page); },
            [this](const caf::error&) { on_failure("users not listed"); });
}

void CollectorState::on_page(UserPage& page) {
  users_.assign(page.users.begin(), page.users.end());
  next_page_ = page.next;
  rest();
}

/// What is next: the user under way, the user after it, the page after this one, or the end.
void CollectorState::on_next_step() {
  if (!users_.empty()) return collect_step();
  if (next_page_) return ask_for_page();
  count_pass();
  end_pass();
}

void CollectorState::collect_step() {
  step_began_ = Clock::now();
  compat::ask(self_, directory_, answer_timeout, Collect{users_.front(), resume_at_})
      .then([this](Outcome& outcome) { on_outcome(outcome); },
            [this](const caf::error&) { on_failure("step not answered"); });
}

void CollectorState::on_outcome(Outcome& outcome) {
  if (!succeeded(outcome.verdict)) return on_failure("step refused");
  note_collected(outcome.collected);
  resume_at_ = std::move(outcome.collected.resume_at);
  if (resume_at_.empty()) {
    users_.pop_front();
    ++users_looked_at_;
  }
  rest();
}

void CollectorState::note_collected(const Collected& collected) {
  total_.transactions += collected.transactions;
  total_.chunks += collected.chunks;
  total_.chunk_bytes += collected.chunk_bytes;
  ActorCounters& counters = *options_.counters;
  add(counters.collection_steps);
  add(counters.collected_transactions, collected.transactions);
  add(counters.collected_chunks, collected.chunks);
  add(counters.collected_chunk_bytes, collected.chunk_bytes);
}

void CollectorState::rest() {
  if (hurry_) return compat::tell_self_later(self_, std::chrono::nanoseconds{0}, NextStep{});
  const Clock::duration took = Clock::now() - step_began_;
  const Clock::duration least = options_.rest_min;
  compat::tell_self_later(self_, std::max(took * options_.rest_factor, least), NextStep{});
}

void CollectorState::on_failure(const char* what) {
  if (options_.log) {
    options_.log(LogLevel::warning, "collection stopped, will try again", {{"reason", what}});
  }
  users_.clear();
  next_page_.reset();
  resume_at_.clear();
  again_ = false;
  add(options_.counters->collection_passes_stopped);
  end_pass();
}

void CollectorState::count_pass() {
  const std::chrono::nanoseconds took = Clock::now() - pass_began_;
  options_.counters->last_pass_ns.store(static_cast<std::uint64_t>(took.count()),
                                        std::memory_order_relaxed);
  add(options_.counters->collection_passes);
}

void CollectorState::end_pass() {
  const bool found = total_.transactions + total_.chunks > 0;
  if (options_.log && (found || hurry_)) {
    options_.log(LogLevel::info, "collected garbage",
                 {{"users", std::to_string(users_looked_at_)},
                  {"transactions", std::to_string(total_.transactions)},
                  {"chunks", std::to_string(total_.chunks)},
                  {"chunk_bytes", std::to_string(total_.chunk_bytes)}});
  }
  in_pass_ = false;
  if (std::exchange(again_, false)) return begin_pass();
  hurry_ = false;
  begin_pass_later();
}

void CollectorState::begin_pass_later() {
  if (options_.interval.count() == 0 || std::exchange(pass_is_due_, true)) return;
  compat::tell_self_later(self_, options_.interval, BeginPass{});
}

namespace {

CollectorActor::behavior_type collector_actor(CollectorActor::stateful_pointer<CollectorState> self,
                                              SyncActor directory, CollectorOptions options) {
  return compat::state_of(self).start(std::move(directory), std::move(options));
}

}  // namespace

CollectorActor spawn_collector(caf::actor_system& system, SyncActor directory,
                               CollectorOptions options) {
  return system.spawn(collector_actor, std::move(directory), std::move(options));
}

}  // namespace mentat_sync
