// How the latency of a user's operations grows with the length of the user's log.
//
// Thread-safety: blocks and uses the calling thread only.
// Failures: throws std::runtime_error, also when the server refuses anything.
#pragma once

#include "bench/scale_options.hpp"

namespace mentat_sync {

/// Prints its tables; the store stays, in long_logs_store().
void measure_long_logs(const ScaleOptions& options);

inline std::filesystem::path long_logs_store(const ScaleOptions& options) {
  return options.stores() / "logs";
}

}  // namespace mentat_sync
