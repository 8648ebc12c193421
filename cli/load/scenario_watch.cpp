// Most connections wait, by turns with long polls and with a stream of events; a few change what
// the others wait for.
#include "cli/load/device.hpp"
#include "cli/load/json_scan.hpp"
#include "cli/load/load_bounds.hpp"
#include "http/client/event_stream_parser.hpp"

namespace mentat_sync {

Task<> Device::watch() {
  if (!only_watches()) co_return co_await change_what_is_watched();
  const UserPool::Lease lease{shard_.users, UserPool::Use::watched};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  connection_.set_timeout(load_bounds::poll_wait + shard_.options.timeout);
  if (!co_await read_head(user)) co_return;
  if (number_ % 2 == 0) {
    while (!shard_.stopping && connected_) co_await poll(user);
  } else {
    co_await follow_events(user);
  }
}

Task<> Device::change_what_is_watched() {
  const UserPool::Lease lease{shard_.users, UserPool::Use::changed};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  if (!co_await read_head(user)) co_return;
  auto change = new_change(head_, static_cast<std::uint32_t>(shard_.options.chunks));
  co_await commit(user, change);
}

void Device::heard(LoadUser& user, const TransactionId& id, std::size_t floor,
                   Clock::time_point at) {
  check(user, user.ledger.head_read(id, floor), user.ledger.place_of(id));
  for (const auto& [moved_to, asked_at] : user.moves_asked) {
    if (moved_to == id) shard_.recorder.took(LoadOperation::hear_of_change, at - asked_at);
  }
}

Task<> Device::poll(LoadUser& user) {
  const auto known = head_;
  const auto floor = user.ledger.floor();
  const bool moved_before = user.ledger.length() > 0 && user.ledger.newest() != known;
  auto& head = connection_.begin_head("GET");
  user.id.uuid.append_to(head);
  head += "/head";
  connection_.end_head_with("Prefer: wait=" + std::to_string(load_bounds::poll_wait.count()) +
                            "\r\nIf-None-Match: \"" + known.to_string() + "\"\r\n");
  const Answer& answer = co_await connection_.exchange();
  if (answer.failure == Answer::Failure::interrupted) co_return;
  if (answer.status == 304) {
    if (moved_before) check(user, "a long poll was not told that HEAD had moved before it began");
    co_return;
  }
  if (answer.status != 200) {
    settle(LoadOperation::get_head, answer);
    co_return;
  }
  const auto now = uuid_at(answer.body, "\"head\"");
  if (!now) co_return check(user, "a long poll was answered with 200 and no head");
  head_ = {*now};
  if (head_ == known) co_return check(user, "a long poll was told of a change without one");
  if (!moved_before) co_return heard(user, head_, floor, answer.ended);
  check(user, user.ledger.head_read(head_, floor), user.ledger.place_of(head_));
}

Task<> Device::follow_events(LoadUser& user) {
  auto& head = connection_.begin_head("GET");
  user.id.uuid.append_to(head);
  head += "/events";
  connection_.end_head_with("Accept: text/event-stream\r\n");
  const auto floor = user.ledger.floor();
  bool first = true;
  Clock::time_point at;
  EventStreamParser events{[&](const StreamEvent& event) {
    const auto id = uuid_at(event.data, "\"head\"");
    if (!id) return true;
    head_ = {*id};
    if (first) {
      check(user, user.ledger.head_read(head_, floor), user.ledger.place_of(head_));
    } else {
      heard(user, head_, 0, at);
    }
    first = false;
    return true;
  }};
  const Answer* answer = &co_await connection_.open_stream();
  if (answer->status != 200) {
    settle(LoadOperation::get_head, *answer);
    co_return;
  }
  while (answer->failure == Answer::Failure::none) {
    at = answer->ended;
    if (!events.feed(answer->body).ok()) co_return check(user, "a stream of events is malformed");
    answer = &co_await connection_.next_piece();
  }
  if (answer->failure != Answer::Failure::interrupted) settle(LoadOperation::get_head, *answer);
}

}  // namespace mentat_sync
