// In the end each device reads users' logs again. A server that does not answer is asked again;
// what it never answers is an error, and no violation.
#include "cli/load/content.hpp"
#include "cli/load/device.hpp"
#include "cli/load/json_scan.hpp"
#include "cli/load/load_bounds.hpp"
#include "cli/load/verification.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

/// Of `count` the first, the last, and some between.
bool is_sample(std::size_t index, std::size_t count) {
  const auto step = std::max<std::size_t>(count / load_bounds::verified_transactions, 1);
  return index + 1 == count || index % step == 0;
}

}  // namespace

Task<> Device::verify() {
  const auto& users = shard_.users.touched();
  while (shard_.next_verified < users.size()) {
    LoadUser& user = *users[shard_.next_verified++];
    if (!user.ledger.begun()) continue;
    if (co_await verify_user(user)) {
      ++shard_.recorder.result().users_verified;
      ++progress_.users_verified;
    } else {
      ++shard_.recorder.result().users_not_verified;
    }
  }
  --shard_.at_work;
}

/// Whether there is an answer now: that it is, or that it is not there.
Task<bool> Device::ask_patiently(const LoadUser& user, std::string_view path) {
  for (unsigned attempt = 0; attempt < load_bounds::verification_attempts; ++attempt) {
    if (shard_.server_gone) break;
    if (Clock::now() - shard_.last_verified > load_bounds::verification_silence_max) break;
    const Answer& answer = co_await get(user, path);
    if (answer.status == 200 || answer.status == 404) {
      shard_.last_verified = answer.ended;
      co_return true;
    }
    co_await shard_.loop.sleep(load_bounds::verification_pause);
  }
  co_return false;
}

Task<bool> Device::verify_user(LoadUser& user) {
  LedgerCheck log{user.ledger};
  std::string fault;
  do {
    path_ = "/transactions?limit=" + std::to_string(load_bounds::verified_page_limit);
    if (!log.from().is_root()) path_ += "&from=" + log.from().to_string();
    if (!co_await ask_patiently(user, path_)) co_return false;
    const Answer& answer = connection_.last();
    fault = answer.status == 200 ? log.take_page(answer.body)
                                 : log.from().to_string() + " is no longer in the log";
  } while (fault.empty() && log.last_page() > 0);
  if (fault.empty()) fault = log.finish();
  const bool gone = user.ledger.maybe_deleted() && log.read().empty();
  if (!gone) check(user, fault, log.read().size() + 1);
  shard_.recorder.result().transactions_verified += log.read().size();
  for (std::size_t i = 0; i < log.read().size(); ++i) {
    if (!is_sample(i, log.read().size())) continue;
    if (!co_await verify_transaction(user, *user.ledger.find(log.read()[i]))) co_return false;
  }
  co_return true;
}

Task<bool> Device::verify_transaction(const LoadUser& user, const LedgerEntry& entry) {
  path_ = "/transactions/" + entry.id.to_string();
  if (!co_await ask_patiently(user, path_)) co_return false;
  const Answer& answer = connection_.last();
  if (answer.status == 404) {
    check(user, "transaction " + entry.id.to_string() + " is listed, and not there", entry.place);
    co_return true;
  }
  check(user, fault_of_transaction(entry, answer.body), entry.place);
  const auto chunks = std::min(entry.chunks, load_bounds::verified_chunks);
  for (std::uint32_t i = 0; i < chunks; ++i) {
    // The first ones, and the last.
    const auto chunk = chunk_of(entry.content, i + 1 == chunks ? entry.chunks - 1 : i);
    path_ = "/chunks/" + chunk.to_string();
    if (!co_await ask_patiently(user, path_)) co_return false;
    check(user, fault_of_chunk(entry, chunk, connection_.last()), entry.place);
    ++shard_.recorder.result().chunks_verified;
  }
  co_return true;
}

std::string Device::fault_of_chunk(const LedgerEntry& entry, const Uuid& chunk,
                                   const Answer& answer) const {
  const auto name = "chunk " + chunk.to_string() + " of transaction " + entry.id.to_string();
  if (answer.status == 404) return name + " is not there";
  const bool same = answer.body.size() == size_of_chunk(chunk, shard_.options.chunk_sizes) &&
                    is_content_of(chunk, answer.body);
  return same ? "" : name + " has other content than was uploaded";
}

}  // namespace mentat_sync
