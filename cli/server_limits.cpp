// Sizes are bounds from above: what is in a push besides chunks and ids is a few short fields.
#include "cli/server_limits.hpp"

#include "cli/units.hpp"
#include "storage/bounds.hpp"

#include <utility>

namespace mentat_sync {
namespace {

constexpr std::uint64_t item_bytes = 128;  // less its chunk's bytes and its chunks' ids
constexpr std::uint64_t id_bytes = bounds::chunk_id_chars + 2;

std::optional<std::uint64_t> limit_of(const ClientError& refusal, const char* type) {
  return refusal.type == type ? refusal.limit : std::nullopt;
}

}  // namespace

std::uint64_t bytes_in_push(const LogChunk& chunk) {
  return item_bytes + id_bytes + chunk.bytes.size();
}

std::uint64_t bytes_in_push(const std::vector<ChunkId>& transaction_chunks) {
  return item_bytes + id_bytes * transaction_chunks.size();
}

std::optional<std::uint64_t> push_limit(const ClientError& refusal) {
  return limit_of(refusal, "body-too-large");
}

std::optional<std::uint64_t> chunk_limit(const ClientError& refusal) {
  return limit_of(refusal, "chunk-too-large");
}

std::string too_large_chunk(const std::string& name, std::uint64_t bytes, std::uint64_t limit) {
  auto size = to_human_size(bytes);
  auto most = to_human_size(limit);
  if (size == most) {  // "4.0 MiB, the server takes 4.0 MiB at most" would be a riddle
    size = count_of(bytes, "byte");
    most = std::to_string(limit);
  }
  return name + ": " + size + ", the server takes " + most + " at most for one chunk";
}

ClientError explained(ClientError error, const std::string& name, std::uint64_t bytes) {
  // HTTP's check of the body comes before the store's of the chunk.
  const auto limit = push_limit(error) ? push_limit(error) : chunk_limit(error);
  if (limit) error.message = too_large_chunk(name, bytes, *limit);
  return error;
}

}  // namespace mentat_sync
