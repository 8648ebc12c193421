// StoreLedger: what must be in a store, and what must not, by the answers that its commands got.
//
// What was answered as done is there; what was refused is not; of a command that ended as
// unavailable nobody knows.
//
// Thread-safety: one thread.
// Failures: reported through GoogleTest.
#pragma once

#include "storage/store.hpp"

#include <map>
#include <set>
#include <vector>

namespace mentat_sync {

class StoreLedger {
 public:
  void note(const Command& command, const Outcome& outcome);

  /// Whatever the store answers must agree; a query that fails agrees with everything.
  void expect_agreement(Store& store) const;
  /// Every query is answered, and repeats of what was acknowledged change nothing.
  void expect_kept(Store& store) const;

 private:
  enum class Known { absent, present, unknown };

  struct Facts {
    std::map<ChunkId, Known> chunks;
    /// Chunks of pushes that went through: nothing collects them.
    std::set<ChunkId> committed;
    std::map<TransactionId, std::pair<PutTransaction, Known>> transactions;
    /// Where HEAD may be.
    std::set<TransactionId> heads{TransactionId::root()};
  };

  static Known after(Known before, Verdict verdict);
  static void forget(Facts& facts);

  void note_command(const PutChunk& put, const Outcome& outcome);
  void note_command(const PutTransaction& put, const Outcome& outcome);
  void note_command(const AdvanceHead& advance, const Outcome& outcome);
  void note_command(const DeleteUser& remove, const Outcome& outcome);
  void note_command(const Push& push, const Outcome& outcome);
  void note_command(const FindMissing& find, const Outcome& outcome);
  void note_command(const Collect& collect, const Outcome& outcome);
  void note_head(Facts& facts, TransactionId head, const Outcome& outcome);
  void expect_chunk(Store& store, UserId user, const ChunkId& id, Known known) const;
  void expect_transaction(Store& store, const PutTransaction& put, Known known) const;

  std::map<UserId, Facts> users_;
  /// What each chunk's bytes are, stored or not.
  std::map<ChunkId, std::string> bytes_;
};

/// Submits, and waits for the answer.
Outcome submit(Store& store, Command command);

}  // namespace mentat_sync
