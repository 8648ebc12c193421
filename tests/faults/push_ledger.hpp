// PushLedger: one user that pushes until the server goes away, and the record, kept outside the
// server, of what it was told is on disk.
//
// Thread-safety: one thread at a time; push_until_gone() on a worker, then verify() on the test's;
// acknowledged() from any.
// Failures: push_until_gone() returns when the connection fails; verify() reports through
// GoogleTest.
#pragma once

#include "support/cbor_log.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

class PushLedger {
 public:
  explicit PushLedger(std::uint64_t seed) : random_(seed) {}

  /// Pushes, and deletes it all when it has become long, until the server is gone.
  void push_until_gone(std::uint16_t port);

  /// The log is the acknowledged pushes, each whole, and then perhaps the one that was in flight,
  /// whole as well or not at all.
  void verify(std::uint16_t port);

  std::size_t acknowledged() const { return acknowledged_; }
  /// Acknowledged things that verify() has looked at, again and again.
  std::size_t verified() const { return verified_; }
  /// Pushes in flight at a kill that turned out to have been applied, and not.
  std::size_t applied_in_flight() const { return applied_in_flight_; }
  std::size_t lost_in_flight() const { return lost_in_flight_; }

 private:
  struct Content {
    std::vector<std::pair<std::string, std::vector<std::string>>> transactions;
    std::map<std::string, std::string> chunks;
    /// One that no transaction names; may be empty.
    std::string loose;
    std::chrono::steady_clock::time_point sent;
  };

  Content draw();
  void push(SyncClient& client);
  void delete_user(SyncClient& client);
  void acknowledge(const HttpResponse& response, unsigned status);
  void forget();
  std::string encode(const Content& content) const;
  std::string head() const;
  void take_over(const Content& content);
  void settle(SyncClient& client);
  void settle_delete(SyncClient& client);
  void verify_log(const ReceivedLog& log);
  void verify_loose(SyncClient& client);
  void expect_nothing_of(const Content& content, SyncClient& client);

  std::mt19937_64 random_;
  const std::string user_ = new_uuid();
  std::atomic<std::size_t> acknowledged_{0};
  std::size_t verified_ = 0;
  std::size_t applied_in_flight_ = 0;
  std::size_t lost_in_flight_ = 0;
  std::vector<std::pair<std::string, std::vector<std::string>>> log_;
  std::map<std::string, std::string> chunks_;
  /// Once there; the collector may take them when they are old enough.
  std::vector<std::pair<std::string, std::chrono::steady_clock::time_point>> loose_;
  std::optional<Content> in_flight_;
  bool delete_in_flight_ = false;
};

}  // namespace mentat_sync
