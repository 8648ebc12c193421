// HEAD, a page, a transaction, a chunk: of a user that has a log.
#include "cli/load/content.hpp"
#include "cli/load/device.hpp"
#include "cli/load/load_bounds.hpp"

namespace mentat_sync {

Task<> Device::read() {
  const UserPool::Lease lease{shard_.users, UserPool::Use::readable};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  if (!co_await read_head(user)) co_return;
  const auto& ledger = user.ledger;
  const auto place = static_cast<std::uint32_t>(random_.below(ledger.length()));
  set_path_from("/transactions?limit=" + std::to_string(load_bounds::read_page_limit),
                ledger.id_at_place(place));
  const Answer& answer = co_await get(user, path_);
  if (settle(LoadOperation::list_transactions, answer) != Outcome::done) co_return;
  page_.clear();
  if (!read_page(user, answer.body, place, page_)) co_return;
  const auto entry = ledger.at(place);
  if (!co_await get_transaction(user, entry) || entry.chunks == 0) co_return;
  co_await get_chunk(user, entry, static_cast<std::uint32_t>(random_.below(entry.chunks)));
}

}  // namespace mentat_sync
