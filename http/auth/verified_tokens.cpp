// See verified_tokens.hpp.
#include "http/auth/verified_tokens.hpp"

#include <algorithm>

namespace mentat_sync {

std::optional<Grant> VerifiedTokens::find(const Sha256& token, Time now) const {
  const Shard& shard = shard_of(token);
  const std::lock_guard lock{shard.mutex};
  const auto found = shard.entries.find(token);
  if (found == shard.entries.end()) return std::nullopt;
  // A clock that was set back must not make it last longer.
  if (now >= found->second.until || now < found->second.since) return std::nullopt;
  return found->second.grant;
}

void VerifiedTokens::remember(const Sha256& token, const Grant& grant, Time expires, Time now) {
  const Time until = std::min(expires, now + bounds::jwt_remembered_for);
  if (until <= now) return;
  Shard& shard = shard_of(token);
  const std::lock_guard lock{shard.mutex};
  if (shard.entries.size() >= shard_entries && !shard.entries.contains(token)) {
    shard.make_room(now);
  }
  shard.entries.insert_or_assign(token, Entry{grant, until, now});
}

/// Going through all entries costs more than it gains when none has expired since the last time.
void VerifiedTokens::Shard::make_room(Time now) {
  constexpr std::chrono::seconds rest{1};
  if (now < swept || now >= swept + rest) {
    std::erase_if(entries, [now](const auto& entry) { return now >= entry.second.until; });
    swept = now;
  }
  if (entries.size() >= shard_entries) entries.erase(entries.begin());
}

std::size_t VerifiedTokens::size() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock{shard.mutex};
    sum += shard.entries.size();
  }
  return sum;
}

}  // namespace mentat_sync
