// ConnectionCounts: how many connections a server has, in all and from each address, and whether
// one more may come.
//
// Thread-safety: any thread. A mutex protects the table; it is held for one look-up, twice in the
// life of a connection.
// Ownership and lifetime: who entered leaves, exactly once.
#pragma once

#include "http/address_key.hpp"
#include "storage/seeded_hash.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace mentat_sync {

class ConnectionCounts {
 public:
  enum class Entry { entered, too_many, too_many_from_address };

  /// `max_per_address` 0: no bound.
  ConnectionCounts(std::size_t max, std::size_t max_per_address)
      : max_(max), max_per_address_(max_per_address) {}

  Entry enter(const boost::asio::ip::address& address);
  void leave(const boost::asio::ip::address& address);

  /// Connections now.
  std::size_t open() const { return open_.load(std::memory_order_relaxed); }
  // Since the server was started:
  std::uint64_t accepted() const { return accepted_.load(std::memory_order_relaxed); }
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }
  std::uint64_t refused_by_address() const {
    return refused_by_address_.load(std::memory_order_relaxed);
  }

 private:
  bool enter_address(const boost::asio::ip::address& address);

  const std::size_t max_;
  const std::size_t max_per_address_;
  std::atomic<std::size_t> open_{0};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> refused_by_address_{0};

  std::mutex mutex_;
  std::unordered_map<AddressKey, std::size_t, SeededHash> by_address_;
};

}  // namespace mentat_sync
