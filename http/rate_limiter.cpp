// See rate_limiter.hpp.
#include "http/rate_limiter.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

constexpr std::chrono::seconds between_clearings{1};

RateLimiter::Clock::duration interval_of(std::uint32_t per_second) {
  if (per_second == 0) return {};
  return RateLimiter::Clock::duration{std::chrono::seconds{1}} / per_second;
}

}  // namespace

RateLimiter::RateLimiter(std::uint32_t per_second, std::chrono::seconds burst, std::size_t max_keys)
    : interval_(interval_of(per_second)),
      burst_(burst),
      keys_of_shard_(std::max<std::size_t>(1, max_keys / shard_count)) {}

std::optional<RateLimiter::Clock::duration> RateLimiter::refuse(const Key& key,
                                                                Clock::time_point now) {
  if (!limits()) return std::nullopt;
  Shard& shard = shards_[hash_(key) % shard_count];
  const std::lock_guard lock{shard.mutex};
  auto known = shard.full_again.find(key);
  const bool is_known = known != shard.full_again.end();
  const auto next = std::max(now, is_known ? known->second : now) + interval_;
  if (next - now > burst_) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return next - now - burst_;
  }
  if (is_known) {
    known->second = next;
    return std::nullopt;
  }
  if (shard.full_again.size() >= keys_of_shard_) make_room(shard, now);
  if (shard.full_again.size() < keys_of_shard_) shard.full_again.emplace(key, next);
  return std::nullopt;
}

void RateLimiter::make_room(Shard& shard, Clock::time_point now) const {
  if (now < shard.next_clearing) return;
  shard.next_clearing = now + between_clearings;
  std::erase_if(shard.full_again, [now](const auto& entry) { return entry.second <= now; });
}

}  // namespace mentat_sync
