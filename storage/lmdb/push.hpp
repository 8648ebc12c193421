// Pusher: one Push, validated as a whole, then written with each record once.
//
// Thread-safety: belongs to the writer's thread.
// Lifetime: one command; refers to the log and the push.
// Failures: throws LmdbFailure and CorruptRecord, after which the transaction must be aborted.
#pragma once

#include "storage/commands.hpp"
#include "storage/lmdb/log_writer.hpp"
#include "storage/outcome.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

class Pusher {
 public:
  Pusher(LogWriter& log, const Push& push, const WriteContext& context)
      : log_(log), push_(push), context_(context) {}

  Outcome apply();

 private:
  /// What becomes of a chunk that the push brings or names.
  struct Planned {
    /// To be stored; nullptr: it is stored.
    const std::string* bytes = nullptr;
    /// In the places where new transactions name it.
    ChunkNaming naming;
    bool lease_is_due = false;
  };

  /// Whether all of it was applied before, by this push or by others.
  bool is_replay() const;
  bool all_committed() const;
  bool all_stored() const;

  /// `applied` when nothing is in the way.
  Verdict plan();
  Verdict plan_chunks();
  Verdict plan_chunk(const Push::Chunk& chunk);
  Verdict plan_transactions();
  void count_references();
  void reference(const ChunkId& id, std::uint64_t seq);
  /// What writing it would add to what the user stores.
  std::uint64_t bytes_added() const;

  void write();
  void write_chunks();
  void write_transactions();
  std::optional<PulledChunk> pulled_chunk(const ChunkId& id, std::uint64_t mentions);
  void renew_leases();

  LogWriter& log_;
  const Push& push_;
  const WriteContext& context_;
  /// Ordered: the client chooses the ids, and those that collide would make a hash table a list.
  std::map<ChunkId, Planned> chunks_;
  /// Of each of the push's transactions, whether it is there already, pending.
  std::vector<bool> is_pending_;
  std::vector<ChunkId> missing_;
};

}  // namespace mentat_sync
