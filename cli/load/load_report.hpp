// How a LoadResult is told: a table for a terminal, JSON, and a page of HTML that needs nothing
// else.
//
// Thread-safety: stateless. Failures: a Status names the file that cannot be written; files appear
// whole or not at all.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/load_result.hpp"
#include "storage/result.hpp"

#include <filesystem>
#include <string>

namespace mentat_sync {

/// Throughput and p50, p90, p99, p99.9 and maximum of each operation, errors by kind, conflicts,
/// and what the ledger says.
std::string load_table(const LoadOptions& options, const LoadResult& result);

/// All of it, with options, seconds and histograms (docs/load.md has the fields).
std::string load_json(const LoadOptions& options, const LoadResult& result);

/// One self-contained page: the same, and plots of throughput and latency over time and of the
/// distribution of latencies.
std::string load_html(const LoadOptions& options, const LoadResult& result);

}  // namespace mentat_sync
