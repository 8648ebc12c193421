// Content: what chunks contain follows from their ids, and their ids from their transaction's, so
// that the ledger need not keep them, and any answer can be compared.
//
// Thread-safety: pure. Failures: none.
#pragma once

#include "cli/load/chunk_sizes.hpp"
#include "cli/load/random.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mentat_sync {

/// A random uuid (version 4), as real clients have them.
Uuid random_uuid(Random& random);

/// The uuid that is the id of chunk `number` of those made for `transaction`.
Uuid chunk_of(const TransactionId& transaction, std::uint32_t number);

std::uint64_t size_of_chunk(const Uuid& chunk, const ChunkSizes& sizes);
/// Replaces `content`.
void make_content(const Uuid& chunk, std::uint64_t bytes, std::string& content);
/// Whether it is what make_content() makes of that many bytes.
bool is_content_of(const Uuid& chunk, std::string_view content);

/// The user of that number, of the test with that seed.
UserId user_of(std::uint64_t seed, std::uint64_t number);

}  // namespace mentat_sync
