// How long a server takes to start: with the stores that were measured before, and with a larger
// one that is made for it.
//
// Thread-safety: blocks; what it starts has ended when it returns.
// Failures: throws std::runtime_error when a server does not start, and when the disk has no room
// for the larger store.
#pragma once

#include "bench/scale_options.hpp"

namespace mentat_sync {

/// Prints its table; the stores that were measured before must be there.
void measure_start(const ScaleOptions& options);

}  // namespace mentat_sync
