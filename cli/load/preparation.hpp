// How logs to read are made before anything is measured: in how large bodies, and how many of them
// at once. A server is to be measured afterwards, not to be overrun before.
//
// Thread-safety: pure functions. Units: in the names.
#pragma once

#include "cli/load/load_options.hpp"

#include <cstddef>
#include <cstdint>

namespace mentat_sync {

/// Of the log that each user is given, at most.
std::uint64_t prepared_log_bytes(const LoadOptions& options);
/// Whether such a log is pushed at once; else its chunks are put one by one.
bool prepared_by_push(const LoadOptions& options, bool has_log);
/// How many devices of each thread make logs at the same time: at least one.
std::size_t preparing_devices(const LoadOptions& options, bool has_log);

}  // namespace mentat_sync
