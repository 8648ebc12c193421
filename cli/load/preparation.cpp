// Before anything is measured: whether the server can do what the mix asks for, and logs to read.
#include "cli/load/preparation.hpp"

#include "cli/load/device.hpp"
#include "cli/load/json_scan.hpp"
#include "cli/load/load_bounds.hpp"
#include "http/client/problem_reader.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

/// "507 The store is full: …", as far as the server explains itself.
std::string status_told(const Answer& answer) {
  std::string text = std::to_string(answer.status);
  if (answer.status < 400) return text;
  // Of another kind of body nothing is taken.
  const auto problem = read_problem(answer.status, "application/problem+json", answer.body);
  if (!problem.title.empty()) text += " " + problem.title;
  if (!problem.detail.empty()) text += ": " + problem.detail;
  if (answer.status != 401 && answer.status != 403) return text;
  return text +
         " (load needs a token for all users, to read and to write: --token-file; "
         "mentat-sync token add --all-users makes one)";
}

/// What a request of the preparation was answered with, told.
std::string told(std::string_view request, const Answer& answer) {
  const auto how = answer.failure == Answer::Failure::none
                       ? "answered with " + status_told(answer)
                       : "not answered: " + std::string{name_of(answer.failure)};
  return std::string{request} + " was " + how;
}

bool is_there(const Answer& answer) {
  return answer.status == 200;
}

/// When to ask a server again that says that it is busy; nothing: it says something else.
std::optional<std::chrono::milliseconds> busy_pause(const Answer& answer) {
  if (answer.status != 429 && answer.status != 503) return std::nullopt;
  const std::chrono::milliseconds wanted = answer.retry_after.value_or(std::chrono::seconds{0});
  return std::clamp(wanted, load_bounds::busy_pause_min, load_bounds::busy_pause_max);
}

}  // namespace

std::uint64_t prepared_log_bytes(const LoadOptions& options) {
  return options.chunk_sizes.largest() * options.chunks * load_bounds::prepared_transactions;
}

bool prepared_by_push(const LoadOptions& options, bool has_log) {
  return has_log && prepared_log_bytes(options) <= load_bounds::prepared_bytes_max;
}

std::size_t preparing_devices(const LoadOptions& options, bool has_log) {
  const auto body_bytes = prepared_by_push(options, has_log) ? prepared_log_bytes(options)
                                                             : options.chunk_sizes.largest();
  const auto room = load_bounds::prepared_bytes_max / options.threads;
  return std::max<std::size_t>(room / std::max<std::uint64_t>(body_bytes, 1), 1);
}

Task<> Device::probe() {
  const LoadUser user{shard_.users.at(0).id};
  const Answer& head = co_await get(user, "/head");
  if (!is_there(head)) {
    const auto& tls = connection_.tls_fault();
    shard_.fault = told("GET head", head) + (tls.empty() ? "" : " (" + tls + ")");
    co_return;
  }
  const auto known = uuid_at(head.body, "\"head\"");
  if (!known) {
    shard_.fault =
        "GET head was answered with something else than {\"head\": uuid}: is it a "
        "server of the 0.1 protocol?";
    co_return;
  }
  const auto& mix = shard_.options.mix;
  const bool wants_log = mix.weight(Scenario::log) > 0;
  if (wants_log || mix.weight(Scenario::read) > 0) {
    const Answer& log = co_await get(user, "/log?limit=1");
    shard_.has_log = is_there(log);
    if (wants_log && !is_there(log)) {
      shard_.fault = told("GET log", log) +
                     ": the server has no pulls and pushes, which the scenario log is made of";
      co_return;
    }
  }
  if (mix.weight(Scenario::watch) > 0) co_await probe_watching(user, {*known});
}

Task<> Device::probe_watching(const LoadUser& user, const TransactionId& known) {
  auto& head = connection_.begin_head("GET");
  user.id.uuid.append_to(head);
  head += "/head";
  connection_.end_head_with("Prefer: wait=1\r\nIf-None-Match: \"" + known.to_string() + "\"\r\n");
  const Answer& poll = co_await connection_.exchange();
  if (poll.status == 304 && poll.waited) co_return;
  if (poll.status == 200 && poll.waited) co_return;
  shard_.fault = told("a long poll", poll);
  if (poll.failure != Answer::Failure::none) co_return;
  shard_.fault +=
      " at once: the server tells nobody of changes, which the scenario watch is made of";
}

Task<> Device::prepare(std::uint64_t count) {
  while (shard_.next_prepared < count && shard_.fault.empty() && !shard_.stopping) {
    LoadUser& user = shard_.users.at(shard_.next_prepared++);
    co_await prepare_patiently(user);
    if (user.ledger.length() > 0) {
      shard_.last_prepared = Clock::now();
      shard_.users.set_readable(user);
    } else if (connection_.last().failure == Answer::Failure::interrupted) {
      break;  // told to end, though the shard may not have heard of it yet
    } else if (shard_.fault.empty() && !shard_.stopping) {
      shard_.fault =
          "a log to read could not be made: " + told("the last request", connection_.last());
    }
  }
  --shard_.at_work;
}

Task<> Device::prepare_patiently(LoadUser& user) {
  for (;;) {
    co_await prepare_user(user);
    if (user.ledger.length() > 0 || shard_.stopping) co_return;
    const auto pause = busy_pause(connection_.last());
    const auto latest = shard_.last_prepared + load_bounds::preparation_silence_max;
    if (!pause || Clock::now() + *pause > latest) co_return;
    co_await shard_.loop.sleep(*pause);
  }
}

Task<> Device::prepare_user(LoadUser& user) {
  // What was answered with 503 may have been done all the same.
  if (!co_await read_head(user) || user.ledger.length() > 0) co_return;
  if (prepared_by_push(shard_.options, shard_.has_log) && !shard_.log_is_too_large) {
    co_await push(user, head_, load_bounds::prepared_transactions);
    shard_.log_is_too_large = connection_.last().status == 413;
    if (!shard_.log_is_too_large) co_return;
  }
  auto parent = head_;
  for (std::uint64_t i = 0; i < load_bounds::prepared_transactions; ++i) {
    auto change = new_change(parent, static_cast<std::uint32_t>(shard_.options.chunks));
    change.abandoned_after.reset();
    if (co_await put_chunks(user, change) != Outcome::done) co_return;
    if (co_await put_transaction(user, change) != Outcome::done) co_return;
    parent = change.id;
  }
  co_await put_head(user, parent);
}

}  // namespace mentat_sync
