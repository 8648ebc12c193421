// What a server takes at most, as it says when it refuses, and how large a push becomes.
//
// Thread-safety: pure functions. Units: bytes.
// Source: docs/protocol.md, "Errors": body-too-large, chunk-too-large.
#pragma once

#include "http/client/client_error.hpp"
#include "storage/log_item.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

/// Of a push without any items: its header and its trailer are shorter.
inline constexpr std::uint64_t push_frame_bytes = 512;

/// What an item adds to a push, at most.
std::uint64_t bytes_in_push(const LogChunk& chunk);
std::uint64_t bytes_in_push(const std::vector<ChunkId>& transaction_chunks);

/// The server's limit for a whole push, when that is why it refused one.
std::optional<std::uint64_t> push_limit(const ClientError& refusal);

/// The server's limit for a chunk, when that is why it refused a push.
std::optional<std::uint64_t> chunk_limit(const ClientError& refusal);

/// "big.jpg: 4.2 MiB, the server takes 4.0 MiB at most for one chunk".
std::string too_large_chunk(const std::string& name, std::uint64_t bytes, std::uint64_t limit);

/// When a chunk's upload (a PUT) was refused for its size, the error says too_large_chunk().
ClientError explained(ClientError error, const std::string& name, std::uint64_t bytes);

}  // namespace mentat_sync
