// What the queues need to know of a command.
#include "storage/commands.hpp"

namespace mentat_sync {
namespace {

/// The rest of a queued command: the variant itself, its handler, and their allocations.
constexpr std::size_t command_overhead_bytes = 256;
/// A chunk or a transaction of a push, its id included, and its allocation.
constexpr std::size_t item_overhead_bytes = 128;
static_assert(item_overhead_bytes >= sizeof(Push::Chunk));
static_assert(item_overhead_bytes >= sizeof(Push::Transaction));

struct PayloadBytes {
  std::size_t operator()(const PutChunk& put) const { return put.bytes.size(); }
  std::size_t operator()(const PutTransaction& put) const {
    return put.chunks.size() * sizeof(ChunkId);
  }
  std::size_t operator()(const AdvanceHead& advance) const {
    return advance.if_match ? advance.if_match->size() * sizeof(TransactionId) : 0;
  }
  std::size_t operator()(const DeleteUser&) const { return 0; }
  std::size_t operator()(const Push& push) const {
    std::size_t bytes = 0;
    for (const auto& chunk : push.chunks) bytes += bytes_of(chunk);
    for (const auto& transaction : push.transactions) bytes += bytes_of(transaction);
    return bytes;
  }
  std::size_t operator()(const FindMissing& find) const {
    return find.chunks.size() * sizeof(ChunkId);
  }
  std::size_t operator()(const Collect& collect) const { return collect.resume_at.size(); }
};

}  // namespace

UserId user_of(const Command& command) {
  return std::visit([](const auto& c) { return c.user; }, command);
}

std::size_t bytes_of(const Command& command) {
  return command_overhead_bytes + std::visit(PayloadBytes{}, command);
}

std::size_t bytes_of(const Push::Chunk& chunk) {
  return item_overhead_bytes + chunk.bytes.size();
}

std::size_t bytes_of(const Push::Transaction& transaction) {
  return item_overhead_bytes + transaction.chunks.size() * sizeof(ChunkId);
}

}  // namespace mentat_sync
