// Making the record of a committed transaction as a pull sends it, so that a pull copies it instead
// of looking up each chunk: docs/decisions/0032.
//
// Thread-safety: pure.
// Failures: std::bad_alloc, and what `find` throws.
#pragma once

#include "storage/lmdb/format.hpp"
#include "storage/log_taker.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace mentat_sync {

/// The bytes of a chunk, in two pieces, one behind the other. They may lie in the store.
struct PulledChunk {
  format::Bytes bytes;
  format::Bytes tail = {};
};

/// The chunk that `chunks[index]` names, and that `chunks` names so many times; nothing: the
/// transaction shall have no such record.
using FindPulled =
    std::function<std::optional<PulledChunk>(std::size_t index, std::uint64_t mentions)>;

/// Transactions with more mentions of chunks than this have no such record.
inline constexpr std::size_t pulled_chunks_max = 32;

/// The encoded record; nothing where there shall be none, or where it would be too large.
std::optional<std::string> make_pull_record(const LogTransactionView& transaction,
                                            const FindPulled& find);

}  // namespace mentat_sync
