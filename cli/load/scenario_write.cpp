// Those who write and do not look: alone with their user, in a race, or for the first time.
#include "cli/load/device.hpp"
#include "cli/load/load_bounds.hpp"

namespace mentat_sync {

Task<> Device::write() {
  const UserPool::Lease lease{shard_.users, UserPool::Use::exclusive};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  if (random_.chance(shard_.options.delete_percent)) co_return co_await delete_user(user);
  auto base = user.ledger.certain_head();
  if (!base) {
    // It writes for the first time, or does not know what has become of its last change.
    if (!co_await read_head(user)) co_return;
    base = head_;
  }
  auto change = new_change(*base, static_cast<std::uint32_t>(shard_.options.chunks));
  co_await commit(user, change);
}

Task<> Device::race() {
  const UserPool::Lease lease{shard_.users, UserPool::Use::raced};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  if (!co_await read_head(user)) co_return;
  auto change = new_change(head_, static_cast<std::uint32_t>(shard_.options.chunks));
  co_await commit(user, change);
  const auto length = user.ledger.length();
  if (length > 0 && length % load_bounds::race_steps == 0) shard_.users.end_race(user);
}

/// Mentat's first sync: a chunk for each datom, one by one, and a transaction with all of them.
Task<> Device::bootstrap() {
  const UserPool::Lease lease{shard_.users, UserPool::Use::exclusive};
  if (!lease) co_return co_await no_user_free();
  LoadUser& user = lease.user();
  if (!co_await read_head(user)) co_return;
  if (!head_.is_root()) {
    co_await delete_user(user);
    if (user.retired || !co_await read_head(user)) co_return;
  }
  auto change = new_change(head_, load_bounds::bootstrap_chunks);
  co_await commit(user, change);
}

}  // namespace mentat_sync
