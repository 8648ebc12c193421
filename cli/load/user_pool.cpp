// Users are drawn at random; only where many are taken they are gone through in order.
#include "cli/load/user_pool.hpp"

#include "cli/load/content.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

constexpr std::uint64_t draws = 16;

}  // namespace

UserPool::UserPool(std::uint64_t seed, std::uint64_t first, std::uint64_t step, std::uint64_t end,
                   std::uint64_t devices)
    : seed_(seed),
      first_(first),
      step_(step),
      size_((end - first + step - 1) / step),
      devices_(devices),
      random_(mixed(seed) + first) {}

LoadUser& UserPool::at(std::uint64_t index) {
  auto& user = users_[index];
  if (!user) {
    user = std::make_unique<LoadUser>(user_of(seed_, first_ + index * step_));
    touched_.push_back(user.get());
  }
  return *user;
}

bool UserPool::fits(const LoadUser* user, Use use) const {
  // One that was never taken.
  if (!user) return true;
  if (user->retired || user->exclusive) return false;
  switch (use) {
    case Use::exclusive:
      return user->devices_at_work == 0;
    case Use::readable:
      return user->ledger.length() > 0 && user->devices_at_work < devices_;
    // The change comes from a further device.
    case Use::changed:
      return true;
    // One place is left for who changes something.
    case Use::watched:
      return user->devices_at_work + 1 < std::max<std::uint64_t>(devices_, 2);
    case Use::shared:
    case Use::raced:
      return user->devices_at_work < devices_;
  }
  return false;
}

LoadUser* UserPool::find_among(const std::vector<LoadUser*>& users, Use use) {
  if (users.empty()) return nullptr;
  const auto begin = random_.below(users.size());
  for (std::size_t i = 0; i < users.size(); ++i) {
    auto* user = users[(begin + i) % users.size()];
    if (fits(user, use)) return user;
  }
  return nullptr;
}

LoadUser* UserPool::find(Use use) {
  if (use == Use::readable) return find_among(readable_, use);
  if (use == Use::changed) return find_among(watched_, use);
  if (use == Use::raced) {
    if (auto* user = find_among(raced_, use)) return user;
  }
  const auto begin = random_.below(size_);
  for (std::uint64_t i = 0; i < size_ + draws; ++i) {
    const auto index = i < draws ? random_.below(size_) : (begin + i) % size_;
    const auto found = users_.find(index);
    if (fits(found == users_.end() ? nullptr : found->second.get(), use)) return &at(index);
  }
  return nullptr;
}

LoadUser* UserPool::take(Use use) {
  auto* user = find(use);
  if (!user) return nullptr;
  ++user->devices_at_work;
  user->exclusive = use == Use::exclusive;
  if (use == Use::watched && user->watchers++ == 0) watched_.push_back(user);
  const bool races = use == Use::raced;
  if (races && std::find(raced_.begin(), raced_.end(), user) == raced_.end()) {
    raced_.push_back(user);
  }
  return user;
}

void UserPool::give_back(LoadUser& user, Use use) {
  --user.devices_at_work;
  if (use == Use::exclusive) user.exclusive = false;
  if (use == Use::watched && --user.watchers == 0) std::erase(watched_, &user);
}

void UserPool::set_readable(LoadUser& user) {
  if (std::exchange(user.readable, true)) return;
  readable_.push_back(&user);
}

void UserPool::end_race(LoadUser& user) {
  std::erase(raced_, &user);
}

}  // namespace mentat_sync
