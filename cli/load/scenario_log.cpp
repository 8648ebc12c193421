// A whole sync in two requests: pull, push.
#include "cli/load/content.hpp"
#include "cli/load/device.hpp"
#include "cli/load/load_bounds.hpp"
#include "http/wire/log_decoder.hpp"
#include "storage/bounds.hpp"

#include <variant>

namespace mentat_sync {

Task<> Device::log() {
  const bool deletes = random_.chance(shard_.options.delete_percent);
  const UserPool::Lease lease{shard_.users,
                              deletes ? UserPool::Use::exclusive : UserPool::Use::shared};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  if (deletes) co_return co_await delete_user(user);
  Resting device{user};
  for (unsigned attempt = 0; attempt < load_bounds::follow_attempts; ++attempt) {
    if (!user.ledger.begun() && !co_await read_head(user)) co_return;
    if (!co_await pull_log(user, device)) co_return;
    const auto base = user.ledger.id_at_place(device.place);
    const auto outcome = co_await push(user, base, shard_.options.transactions);
    if (outcome != Outcome::conflict) co_return;
  }
}

Task<bool> Device::pull_log(LoadUser& user, Resting& device) {
  const auto floor = user.ledger.floor();
  set_path_from("/log", user.ledger.id_at_place(device.place));
  const Answer& answer = co_await get(user, path_);
  if (settle(LoadOperation::pull_log, answer) != Outcome::done) co_return false;
  auto fault = fault_of_log(user, answer.body, device);
  if (fault.empty() && device.place < floor) {
    fault = "a pulled log ends at place " + std::to_string(device.place) + ", although HEAD had " +
            "reached place " + std::to_string(floor);
  }
  check(user, fault);
  co_return fault.empty();
}

/// Moves the device on to where the log ends.
std::string Device::fault_of_log(LoadUser& user, std::string_view body, Resting& device) {
  LogDecoder decoder{bounds::log_item_bytes_max};
  decoder.feed(body);
  auto place = device.place;
  TransactionId last;
  for (;;) {
    auto item = decoder.next();
    if (!item) return "a pulled log is malformed: " + item.status().message();
    if (!*item) break;
    if (const auto* chunk = std::get_if<LogChunk>(&**item)) {
      const auto uuid = Uuid::parse(chunk->id.text());
      const bool same = uuid && is_content_of(*uuid, chunk->bytes) &&
                        chunk->bytes.size() == size_of_chunk(*uuid, shard_.options.chunk_sizes);
      if (!same) return "chunk " + chunk->id.to_string() + " has other content than was uploaded";
    }
    const auto* transaction = std::get_if<LogTransaction>(&**item);
    if (!transaction) continue;
    const auto* entry = user.ledger.find(transaction->id);
    if (!entry || entry->place != ++place || entry->parent != transaction->parent) {
      return "a pulled log has " + transaction->id.to_string() + ", which does not belong there";
    }
    last = transaction->id;
  }
  if (Status status = decoder.finish(); !status.ok()) return "a pulled log: " + status.message();
  if (place == device.place) return {};
  auto contradiction = user.ledger.head_read(last, 0);
  if (contradiction.empty()) device.place = place;
  return contradiction;
}

}  // namespace mentat_sync
