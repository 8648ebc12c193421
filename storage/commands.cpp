// What the queues need to know of a command.
#include "storage/commands.hpp"

namespace mentat_sync {
namespace {

/// The rest of a queued command: the variant itself, its handler, and their allocations.
constexpr std::size_t command_overhead_bytes = 256;

struct PayloadBytes {
  std::size_t operator()(const PutChunk& put) const { return put.bytes.size(); }
  std::size_t operator()(const PutTransaction& put) const {
    return put.chunks.size() * sizeof(ChunkId);
  }
  std::size_t operator()(const AdvanceHead& advance) const {
    return advance.if_match ? advance.if_match->size() * sizeof(TransactionId) : 0;
  }
  std::size_t operator()(const DeleteUser&) const { return 0; }
};

}  // namespace

UserId user_of(const Command& command) {
  return std::visit([](const auto& c) { return c.user; }, command);
}

std::size_t bytes_of(const Command& command) {
  return command_overhead_bytes + std::visit(PayloadBytes{}, command);
}

}  // namespace mentat_sync
