// Many users, each of whom something is done for once, by many connections at a time.
//
// Thread-safety: blocks; `work` runs on threads of its own, one for each connection.
// Failures: as LeanClient's, from whichever thread.
#pragma once

#include "bench/lean_client.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <string>
#include <vector>

namespace mentat_sync {

inline constexpr std::size_t filling_connections = 64;

/// work(client) for each of `users`, whom the client then speaks for; in any order.
template <class Work>
void for_each_user(std::uint16_t port, const std::vector<std::string>& users, Work work) {
  std::atomic<std::size_t> next = 0;
  const auto take_some = [&] {
    LeanClient client{port, {}};
    for (std::size_t i = next++; i < users.size(); i = next++) {
      client.speak_for(users[i]);
      work(client);
    }
  };
  std::vector<std::future<void>> connections;
  for (std::size_t i = 0; i < filling_connections; ++i) {
    connections.push_back(std::async(std::launch::async, take_some));
  }
  for (auto& connection : connections) connection.get();
}

}  // namespace mentat_sync
