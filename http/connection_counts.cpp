// See connection_counts.hpp.
#include "http/connection_counts.hpp"

namespace mentat_sync {

ConnectionCounts::Entry ConnectionCounts::enter(const boost::asio::ip::address& address) {
  if (open_.fetch_add(1) >= max_) {
    open_.fetch_sub(1);
    refused_.fetch_add(1, std::memory_order_relaxed);
    return Entry::too_many;
  }
  if (!enter_address(address)) {
    open_.fetch_sub(1);
    refused_by_address_.fetch_add(1, std::memory_order_relaxed);
    return Entry::too_many_from_address;
  }
  accepted_.fetch_add(1, std::memory_order_relaxed);
  return Entry::entered;
}

bool ConnectionCounts::enter_address(const boost::asio::ip::address& address) {
  if (max_per_address_ == 0) return true;
  const std::lock_guard lock{mutex_};
  std::size_t& count = by_address_[address_key(address)];
  if (count >= max_per_address_) return false;
  ++count;
  return true;
}

void ConnectionCounts::leave(const boost::asio::ip::address& address) {
  open_.fetch_sub(1);
  if (max_per_address_ == 0) return;
  const std::lock_guard lock{mutex_};
  const auto found = by_address_.find(address_key(address));
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

}  // namespace mentat_sync
