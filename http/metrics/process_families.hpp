// The families that every program has by convention, of this process: process_….
//
// Thread-safety: any thread.
// Failures: what the system does not tell is left out.
// Source: Prometheus, "Writing client libraries", process metrics; proc(5).
#pragma once

#include "http/metrics/families.hpp"

namespace mentat_sync {

void tell_process(Families& families);

}  // namespace mentat_sync
