// UploadLedger: one user that uploads until the server goes away, and the record, kept outside the
// server, of what it was told is on disk.
//
// Thread-safety: one thread at a time; upload() on a worker, then verify() on the test's;
// acknowledged() from any.
// Failures: upload() returns when the connection fails; verify() reports through GoogleTest.
#pragma once

#include "support/sync_client.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

/// What no committed transaction names yet must stay for so long, at least: a server of these tests
/// has no shorter --chunk-lease and --gc-abandoned-after.
inline constexpr std::chrono::seconds uncommitted_kept{5};

class UploadLedger {
 public:
  explicit UploadLedger(std::uint64_t seed) : random_(seed) {}

  /// Uploads chunks, transactions and heads, and now and then deletes it all, until the server is
  /// gone.
  void upload(std::uint16_t port);

  /// Everything acknowledged is there, byte for byte, and HEAD is the last acknowledged one or one
  /// that was in flight. Then takes over what turned out to have been applied.
  void verify(std::uint16_t port);

  /// Everything the server ever acknowledged to this user.
  std::size_t acknowledged() const { return acknowledged_; }
  /// Acknowledged things that verify() has looked at, again and again.
  std::size_t verified() const { return verified_; }

 private:
  struct Transaction {
    std::string parent;
    std::vector<std::string> chunks;
  };

  void upload_round(HttpConnection& connection);
  std::vector<std::string> upload_chunks(HttpConnection& connection);
  void upload_transaction(HttpConnection& connection);
  void advance_head(HttpConnection& connection);
  void delete_user(HttpConnection& connection);
  void acknowledge(const HttpResponse& response, unsigned status);
  /// Whether the server still owes what is acknowledged, but not committed.
  bool owed() const;
  void commit_pending();
  HttpRequest put(const std::string& path, std::string body) const;
  /// The content of a chunk follows from its id; sizes vary from nothing to several pages.
  static std::string content_of(const std::string& chunk);

  void settle_delete(SyncClient& client);
  void settle_head(SyncClient& client);
  void verify_chunks(std::uint16_t port);
  void verify_chunk(const std::string& id, const HttpResponse& response, bool owed_now);
  void verify_pending(SyncClient& client);
  void verify_in_flight(SyncClient& client);

  std::mt19937_64 random_;
  const std::string user_ = new_uuid();
  std::atomic<std::size_t> acknowledged_{0};
  std::size_t verified_ = 0;

  std::vector<std::string> chunks_;  // Of the log.
  std::vector<std::string> loose_;   // Acknowledged, not of the log; the first since:
  std::chrono::steady_clock::time_point loose_since_;
  std::vector<std::string> chunks_in_flight_;  // Sent, perhaps stored.
  std::vector<std::string> log_;               // The chain to the acknowledged HEAD.
  std::vector<std::string> pending_;           // Acknowledged, after HEAD.
  std::map<std::string, Transaction> pending_content_;
  std::optional<std::pair<std::string, Transaction>> transaction_in_flight_;
  bool head_in_flight_ = false;  // To the last of pending_.
  bool delete_in_flight_ = false;
};

}  // namespace mentat_sync
