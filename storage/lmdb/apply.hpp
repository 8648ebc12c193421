// Applier: validates and applies commands inside one write transaction.
//
// Each command is validated as a whole before its first write, so that a refused one leaves no
// trace in the transaction; commands see what those before them in the transaction did.
//
// Thread-safety: belongs to the writer's thread.
// Lifetime: one write transaction.
// Failures: throws LmdbFailure and CorruptRecord, after which the transaction must be aborted.
#pragma once

#include "storage/commands.hpp"
#include "storage/lmdb/log_writer.hpp"
#include "storage/outcome.hpp"

namespace mentat_sync {

class Applier {
 public:
  explicit Applier(WriteContext context) : context_(context) {}

  Outcome apply(const Command& command);

 private:
  Outcome apply_command(const PutChunk& put);
  Outcome apply_command(const PutTransaction& put);
  Outcome apply_command(const AdvanceHead& advance);
  Outcome apply_command(const DeleteUser& remove);
  Outcome apply_command(const Push& push);
  Outcome apply_command(const FindMissing& find);
  Outcome apply_command(const Collect& collect);

  WriteContext context_;
};

}  // namespace mentat_sync
