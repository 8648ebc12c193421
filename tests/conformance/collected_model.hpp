// CollectedModel: what may be said of one user's log while its garbage is collected beneath it.
//
// What is committed is known exactly. Of the rest it is known only for a time that it is there: a
// chunk until the lease ends that some answer gave, a transaction that HEAD can reach until it
// counts as abandoned. After that both answers are right, and the one that comes is learned from.
//
// Thread-safety: a value type; one client's requests, one after the other.
// Units: times are those at which a request was begun, so never later than the server's.
// Source: docs/protocol.md, "Garbage and leases".
#pragma once

#include "support/cbor_log.hpp"
#include "support/sync_client.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mentat_sync {

class CollectedModel {
 public:
  using Clock = std::chrono::steady_clock;
  struct Rules {
    std::chrono::milliseconds abandoned_after{};
    std::chrono::milliseconds lease{};
  };
  struct Transaction {
    std::string parent;
    std::vector<std::string> chunks;
    friend bool operator==(const Transaction&, const Transaction&) = default;
  };

  explicit CollectedModel(Rules rules) : rules_(rules) {}

  // Each is told of a request and its answer, and says what is wrong with that, if anything.
  using Wrong = std::optional<std::string>;
  Wrong put_chunk(const std::string& id, const std::string& bytes, Clock::time_point begun,
                  const HttpResponse& response);
  Wrong put_transaction(const std::string& id, const Transaction& content, Clock::time_point begun,
                        const HttpResponse& response);
  Wrong put_head(const std::string& id, const HttpResponse& response);
  /// Of new transactions after HEAD, each naming `named`; the chunks of the log are `brought`.
  Wrong push(const std::map<std::string, std::string>& brought,
             const std::vector<std::pair<std::string, std::vector<std::string>>>& transactions,
             Clock::time_point begun, const HttpResponse& response);
  /// `tells`: whether this request makes a promise (HEAD does, GET does not).
  Wrong get_chunk(const std::string& id, bool tells, Clock::time_point begun,
                  const HttpResponse& response);
  Wrong missing(const std::vector<std::string>& ids, Clock::time_point begun,
                const HttpResponse& response);
  /// All of the log, which is known exactly.
  Wrong pulled(const HttpResponse& response) const;

  const std::string& head() const { return head_; }
  std::uint64_t seq() const { return log_.size(); }

 private:
  struct Chunk {
    std::string bytes;
    Clock::time_point told;
  };
  struct Pending {
    Transaction content;
    Clock::time_point stored;
    /// HEAD when it was stored after it; another HEAD, and it is dead.
    std::string base;
  };

  bool committed(const std::string& id) const;
  bool surely_there(const std::string& chunk) const;
  bool may_be_there(const std::string& chunk) const { return chunks_.contains(chunk); }
  bool surely_pending(const std::string& id) const;
  bool surely_known(const std::string& id) const;
  bool may_be_known(const std::string& id) const;
  /// From HEAD (exclusive) to `id`, the oldest first; nothing when it does not lead there.
  std::optional<std::vector<std::string>> chain_to(std::string id) const;
  bool may_have_children(const std::string& id) const;

  void commit(const std::string& id, const Transaction& content);
  /// Those that an answer says are not there. Something is wrong with one that must be.
  Wrong learn_missing(const std::vector<std::string>& ids);
  Wrong refused_transaction(const Transaction& content, const HttpResponse& response);

  Rules rules_;
  std::string head_{root_id};
  std::vector<std::pair<std::string, Transaction>> log_;
  std::set<std::string> committed_chunks_;
  std::map<std::string, Chunk> chunks_;
  std::map<std::string, Pending> pending_;
};

}  // namespace mentat_sync
