// SoakDevice: one device of a soak. It owns its users, so it knows what their logs must be, and
// looks whether they are.
//
// Thread-safety: each belongs to one thread.
// Failures: std::runtime_error that says what is wrong with the server; HttpError.
#pragma once

#include "support/sync_client.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace mentat_sync {

class SoakDevice {
 public:
  SoakDevice(std::uint16_t port, unsigned seed, std::size_t users);

  /// One thing that a device does, at random, to one of its users.
  void act();

  std::uint64_t acts() const { return acts_; }
  std::uint64_t transactions() const { return transactions_; }

 private:
  struct Log {
    explicit Log(std::uint16_t port) : client(port, new_uuid()) {}
    SyncClient client;
    std::vector<std::string> ids;
    std::string head() const { return ids.empty() ? std::string{root_id} : ids.back(); }
  };

  void push(Log& log);
  void commit_by_steps(Log& log);
  void abandon(Log& log);
  void watch(Log& log);
  void compare(Log& log);
  void forget(Log& log);

  const std::uint16_t port_;
  std::mt19937 random_;
  std::vector<Log> logs_;
  std::uint64_t acts_ = 0;
  std::uint64_t transactions_ = 0;
};

}  // namespace mentat_sync
