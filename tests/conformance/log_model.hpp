// LogModel: the protocol over plain maps, as simple as can be: what the model test compares the
// server with. It collects no garbage; for a server that does, see collected_model.hpp.
//
// Thread-safety: a value type.
// Source: docs/protocol.md.
#pragma once

#include "support/cbor_log.hpp"
#include "support/sync_client.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

/// What an answer must be. Where several reasons to refuse apply, any of their statuses is right.
struct ExpectedAnswer {
  std::vector<unsigned> statuses;
  /// The body of a success: JSON, or bytes.
  std::optional<nlohmann::json> json = {};
  std::optional<std::string> bytes = {};
  /// Or a log in one piece, as comparable() writes it.
  std::optional<nlohmann::json> log = {};
  /// Members that the problem of a refusal with that status must have.
  std::map<unsigned, nlohmann::json> extensions = {};

  /// Nothing, or how `response` differs.
  std::optional<std::string> difference_from(const HttpResponse& response) const;
};

/// A log with all that matters in it, as JSON.
nlohmann::json comparable(const ReceivedLog& log);

/// A log to be pushed.
struct LogPush {
  struct Transaction {
    std::string id;
    std::vector<std::string> chunks;
  };
  std::string base;
  /// Each id once.
  std::vector<std::pair<std::string, std::string>> chunks = {};
  std::vector<Transaction> transactions = {};
};

/// The part of a log that is asked for.
struct LogPull {
  std::string from;
  std::size_t limit = 0;
  std::size_t max_bytes = 0;
};

/// One user's log.
class LogModel {
 public:
  ExpectedAnswer put_chunk(const std::string& id, const std::string& bytes);
  ExpectedAnswer put_transaction(const std::string& id, const std::string& parent,
                                 const std::vector<std::string>& chunks);
  ExpectedAnswer put_head(const std::string& id, const std::optional<std::string>& if_match);
  ExpectedAnswer delete_user();
  ExpectedAnswer push(const LogPush& push);

  ExpectedAnswer get_chunk(const std::string& id) const;
  ExpectedAnswer get_transaction(const std::string& id) const;
  ExpectedAnswer get_head() const;
  ExpectedAnswer get_summary() const;
  ExpectedAnswer list(const std::string& from, std::size_t limit) const;
  ExpectedAnswer find_missing(const std::vector<std::string>& chunks) const;
  ExpectedAnswer pull(const LogPull& pull) const;

  const std::string& head() const { return head_; }
  /// 0 when it is not known.
  std::size_t seq_of(const std::string& id) const;
  std::optional<std::string> bytes_of(const std::string& chunk) const;

 private:
  struct Transaction {
    std::string parent;
    std::vector<std::string> chunks;
    friend bool operator==(const Transaction&, const Transaction&) = default;
  };

  bool known(const std::string& id) const { return id == root_id || transactions_.contains(id); }
  bool has_children(const std::string& id) const;
  /// `id` and its ancestors without the root, the oldest first.
  std::vector<std::string> chain_to(std::string id) const;
  /// Whether `id` is HEAD or behind it.
  bool committed(const std::string& id) const;
  bool descends_from_head(const std::string& id) const;
  std::vector<std::string> missing(const std::vector<std::string>& chunks) const;
  bool is_replay(const LogPush& push) const;
  /// Why it is refused; no statuses when it is not.
  ExpectedAnswer refusal_of(const LogPush& push) const;
  ExpectedAnswer refusal_at_head(const LogPush& push) const;
  ExpectedAnswer pushed(unsigned status) const;

  std::map<std::string, std::string> chunks_;
  std::map<std::string, Transaction> transactions_;
  std::string head_{root_id};
};

}  // namespace mentat_sync
