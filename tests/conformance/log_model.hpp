// LogModel: the 0.1 protocol over plain maps, as simple as can be: what the model test compares the
// server with.
//
// Thread-safety: a value type.
// Source: docs/protocol.md.
#pragma once

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
  /// Members that the problem of a refusal with that status must have.
  std::map<unsigned, nlohmann::json> extensions = {};

  /// Nothing, or how `response` differs.
  std::optional<std::string> difference_from(const HttpResponse& response) const;
};

/// One user's log.
class LogModel {
 public:
  ExpectedAnswer put_chunk(const std::string& id, const std::string& bytes);
  ExpectedAnswer put_transaction(const std::string& id, const std::string& parent,
                                 const std::vector<std::string>& chunks);
  ExpectedAnswer put_head(const std::string& id, const std::optional<std::string>& if_match);
  ExpectedAnswer delete_user();

  ExpectedAnswer get_chunk(const std::string& id) const;
  ExpectedAnswer get_transaction(const std::string& id) const;
  ExpectedAnswer get_head() const;
  ExpectedAnswer get_summary() const;
  ExpectedAnswer list(const std::string& from, std::size_t limit) const;

  const std::string& head() const { return head_; }

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

  std::map<std::string, std::string> chunks_;
  std::map<std::string, Transaction> transactions_;
  std::string head_{root_id};
};

}  // namespace mentat_sync
