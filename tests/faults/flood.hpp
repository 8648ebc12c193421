// Flood: a client that wants more than it may have, on many connections, from an address of its
// own, for as long as it lives. It counts what it is told, so that a test can tell that it came up
// against its limit.
//
// Thread-safety: one thread makes, asks and ends it; the flood has a thread of its own.
// Ownership and lifetime: the destructor ends the thread and closes the connections.
// Failures: what the server does to it is what it is there for; without a socket it goes on with
// those that it has.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mentat_sync {

struct FloodPlan {
  std::string name;
  std::size_t connections = 10;
  /// What a connection says first, and then again and again; either may be null.
  std::function<std::string()> opening = {};
  std::function<std::string()> more = {};
  /// Whether it reads its answers.
  bool reads = true;
  /// Each of these it must have seen; `connection_ended` is one.
  std::vector<unsigned> refusals = {};
  std::chrono::milliseconds pause{10};
};

class Flood {
 public:
  /// In place of a status: the server ended a connection.
  static constexpr unsigned connection_ended = 0;

  /// `source`: an address of the loopback network.
  Flood(std::uint16_t port, std::string source, FloodPlan plan);

  const FloodPlan& plan() const { return plan_; }
  /// How often it has seen that status so far.
  std::size_t seen(unsigned status) const { return seen_.at(status); }
  /// As "429: 12, ended: 3".
  std::string summary() const;

 private:
  struct Lane;

  void run(const std::stop_token& stop);
  void step(Lane& lane);
  void count(std::string_view received);

  const std::uint16_t port_;
  const std::string source_;
  const FloodPlan plan_;
  std::array<std::atomic<std::size_t>, 600> seen_{};
  std::jthread thread_;
};

}  // namespace mentat_sync
