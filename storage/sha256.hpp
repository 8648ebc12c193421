// SHA-256 of a chunk, and whether an id is it.
//
// Thread-safety: may be called from any thread; each keeps one digest context for itself.
// Failures: a failure of the library (no memory, no such digest) ends the process with a message:
// no chunk may be accepted unchecked. Source: FIPS 180-4, by OpenSSL.
#pragma once

#include "storage/ids.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mentat_sync {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);

/// 64 lower-case hexadecimal digits.
std::string to_hex(const Sha256& digest);

/// Only for an id that is_sha256().
bool is_sha256_of(const ChunkId& id, std::string_view bytes);

}  // namespace mentat_sync
