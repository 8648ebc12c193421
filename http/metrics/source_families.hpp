// The families of what the sources know: server, store, actors, certificate, build.
//
// Thread-safety: the caller's, one scrape at a time.
// Failures: returns how many sources failed; their families are left out.
#pragma once

#include "http/metrics/families.hpp"
#include "http/metrics/sources.hpp"

#include <cstddef>

namespace mentat_sync {

std::size_t tell_sources(Families& families, const MetricsSources& sources);

}  // namespace mentat_sync
