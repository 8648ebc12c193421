// Collector: one step of the collection of a user's garbage.
//
// First the pending transactions: those that HEAD can no longer reach, or that were abandoned, go
// leaf first, and from each one upwards as far as nothing else hangs there. Then the chunks that no
// transaction names. Keys are gathered before anything is changed, so that no cursor is used across
// a change. docs/decisions/0014 has the rules.
//
// Thread-safety: belongs to the writer's thread.
// Lifetime: one command; refers to the log.
// Failures: throws LmdbFailure and CorruptRecord, after which the transaction must be aborted.
#pragma once

#include "storage/lmdb/collection_place.hpp"
#include "storage/lmdb/log_writer.hpp"
#include "storage/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

class Collector {
 public:
  Collector(LogWriter& log, const WriteContext& context);

  Outcome step(std::string_view resume_at);

 private:
  struct GarbageChunk {
    std::string key;
    format::ChunkRecord record;
  };

  // Each false: the step's budget has come to its end, at place_.
  bool collect_transactions();
  bool collect_upwards(TransactionId id);
  bool collect_chunks();

  std::vector<std::string> gather_pending();
  bool may_go(TransactionId id, const format::TransactionRecord& record);
  bool is_due(const format::TransactionRecord& record);
  std::uint64_t dead_since_ms(TransactionId base);
  bool affords(std::size_t changes) const;

  /// False when visits or changes came to their end before the chunks did.
  bool gather_chunks(std::vector<GarbageChunk>& garbage);
  void erase(const std::vector<GarbageChunk>& garbage);

  bool changed() const { return collected_.transactions + collected_.chunks > 0; }

  LogWriter& log_;
  const WriteContext& context_;
  CollectionPlace place_;
  Collected collected_;
  std::size_t visits_left_;
  std::size_t changes_ = 0;
  /// The base last asked for: forks have it in common.
  std::optional<TransactionId> dead_base_;
  std::uint64_t dead_since_ms_ = 0;
};

}  // namespace mentat_sync
