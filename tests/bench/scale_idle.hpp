// What a server costs while nothing happens: memory of idle connections and of idle user actors,
// what of it stays when they are gone, and processor time.
//
// Thread-safety: blocks; what it starts has ended when it returns.
// Failures: throws std::runtime_error, also when the server refuses anything.
#pragma once

#include "bench/scale_options.hpp"

namespace mentat_sync {

/// Prints its tables.
void measure_idle(const ScaleOptions& options);

}  // namespace mentat_sync
