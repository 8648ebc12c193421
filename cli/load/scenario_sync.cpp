// What a real device does: it asks where HEAD is, pulls what is new to it, uploads its change,
// moves HEAD, and follows when another device was faster.
#include "cli/load/device.hpp"
#include "cli/load/json_scan.hpp"
#include "cli/load/load_bounds.hpp"

namespace mentat_sync {

Task<> Device::sync() {
  const bool deletes = random_.chance(shard_.options.delete_percent);
  const UserPool::Lease lease{shard_.users,
                              deletes ? UserPool::Use::exclusive : UserPool::Use::shared};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  if (deletes) co_return co_await delete_user(user);
  Resting device{user};
  auto change = new_change({}, static_cast<std::uint32_t>(shard_.options.chunks));
  for (unsigned attempt = 0; attempt < load_bounds::follow_attempts; ++attempt) {
    if (!co_await read_head(user)) co_return;
    const auto base = head_;
    if (!co_await pull(user, device)) co_return;
    // Its chunks are there already when it tries again.
    if (attempt > 0) change.id = new_id();
    change.parent = base;
    const auto outcome = co_await commit(user, change);
    if (outcome == Outcome::done) {
      device.place = user.ledger.find(change.id)->place;
      co_return;
    }
    if (outcome != Outcome::conflict) co_return;
  }
}

/// Lists what comes after what this device has, and fetches it.
Task<bool> Device::pull(LoadUser& user, Resting& device) {
  auto& ledger = user.ledger;
  const auto newest = static_cast<std::uint32_t>(ledger.length());
  if (device.place >= newest) co_return true;
  if (newest - device.place > load_bounds::pulled_transactions_max) {
    device.place = newest - static_cast<std::uint32_t>(load_bounds::pulled_transactions_max);
  }
  while (device.place < newest) {
    set_path_from("/transactions", ledger.id_at_place(device.place));
    const Answer& answer = co_await get(user, path_);
    if (settle(LoadOperation::list_transactions, answer) != Outcome::done) co_return false;
    std::vector<LedgerEntry> news;
    if (!read_page(user, answer.body, device.place, news) || news.empty()) co_return false;
    for (const auto& entry : news) {
      if (!co_await get_transaction(user, entry)) co_return false;
      for (std::uint32_t i = 0; i < entry.chunks; ++i) {
        if (!co_await get_chunk(user, entry, i)) co_return false;
      }
    }
    device.place += static_cast<std::uint32_t>(news.size());
  }
  co_return true;
}

/// Whether a page continues the log behind `place`, as it is known.
bool Device::read_page(const LoadUser& user, std::string_view body, std::uint32_t place,
                       std::vector<LedgerEntry>& entries) {
  JsonStrings ids{body, "\"transactions\""};
  while (const auto text = ids.next()) {
    const auto id = TransactionId::parse(*text);
    const auto* entry = id ? user.ledger.find(*id) : nullptr;
    ++place;
    if (!entry || entry->place != place) {
      check(user,
            "a list of transactions has " + std::string{*text} + " at place " +
                std::to_string(place) +
                (entry ? ", where it does not belong" : ", which nobody has sent"),
            place);
      return false;
    }
    const bool won = place > user.ledger.length() || user.ledger.at(place - 1).id == *id;
    if (!won) {
      check(user, "a list of transactions has " + std::string{*text} + ", which lost", place);
      return false;
    }
    entries.push_back(*entry);
  }
  if (ids.malformed()) check(user, "a list of transactions is none");
  return !ids.malformed();
}

}  // namespace mentat_sync
