// Filling a store until it refuses, and seeing that it takes more again.
//
// Thread-safety: one thread for each client.
// Failures: reported through GoogleTest: a refusal of another kind than 507, a store that never
// becomes full.
#pragma once

#include "support/sync_client.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mentat_sync {

inline constexpr std::size_t filling_chunk_bytes = 32 * 1024;

/// What a chunk of that id is filled with.
std::string content_of(const std::string& chunk);

/// Uploads chunks until one is refused; returns those acknowledged. The refusal must be 507.
/// There may still be room for smaller ones after that.
std::vector<std::string> fill(SyncClient& client);

/// Takes the room that fill() left, with chunks of a hundred bytes.
void fill_to_the_last_page(SyncClient& client);

void expect_readable(SyncClient& client, const std::vector<std::string>& chunks);

/// Repeats a PUT until it is taken; false when it never is. No other refusal than 507 is right.
bool becomes_writable(SyncClient& client);

}  // namespace mentat_sync
