// LyingServer: a server of the 0.1 protocol for one user and one connection at a time, that breaks
// one promise.
//
// Thread-safety: as ScriptedServer, which it is. Failures: as that.
#pragma once

#include "client/scripted_server.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mentat_sync {

enum class Lie {
  none,
  /// From the tenth move of HEAD on, moves of HEAD are acknowledged and not made.
  forgets_heads,
  /// A list has one transaction more.
  lists_a_foreign_transaction,
  /// A list has the first two the other way round.
  lists_in_another_order,
  /// A transaction has another parent than it was given.
  changes_parents,
  changes_chunks,
  loses_chunks,
  /// From then on, transactions are refused for chunks that were acknowledged.
  refuses_for_chunks,
  /// From then on, HEAD cannot move: the transaction, which was acknowledged, is unknown. It says
  /// so; or nothing but 409, as if HEAD were elsewhere; or 404.
  forgets_transactions,
  forgets_transactions_in_silence,
  denies_transactions,
  /// HEAD is told to be at the root, after it has moved.
  turns_head_back,
  /// No lie: the first three uploads are too many for it, and are to come again.
  is_busy_at_first,
  /// No lie, but for what it says of its load: all uploads are.
  is_busy_for_good,
};

class LyingServer {
 public:
  explicit LyingServer(Lie lie);

  std::uint16_t port() const { return server_.port(); }

 private:
  void serve(ScriptedConnection& connection);
  std::string answer_to(const std::string& method, const std::string& path,
                        const std::string& body);
  std::string get(const std::string& kind, const std::string& id) const;
  std::string put(const std::string& kind, const std::string& id, const std::string& body);
  bool is_busy();
  std::string list(const std::string& query) const;

  const Lie lie_;
  int uploads_ = 0;
  int heads_moved_ = 0;
  std::string head_;
  std::map<std::string, std::string> chunks_;
  std::map<std::string, std::string> transactions_;
  ScriptedServer server_;
};

}  // namespace mentat_sync
