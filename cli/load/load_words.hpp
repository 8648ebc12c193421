// What table, JSON and page have in common: numbers as they are told, and what is told of options
// and ledger.
//
// Thread-safety: pure functions. Units: in the names.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/load_result.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

/// "1,234,567".
std::string grouped(std::uint64_t number);
/// "1,234.5".
std::string grouped(double number, int decimals);
/// "1,234.567": milliseconds, always with as many decimals, so that columns line up.
std::string as_ms(LatencyHistogram::Duration latency);
/// "850 ns", "12.3 µs", "4.57 ms", "1.20 s": three digits and their unit.
std::string with_unit(LatencyHistogram::Duration latency);
/// "10 s", "1.5 s", "250 ms", "2 min".
std::string spoken(std::chrono::milliseconds duration);

/// "2026-01-31T12:34:56Z".
std::string began_at_told(const LoadResult& result);

double seconds_of(std::chrono::nanoseconds time);
/// 0 when no time has passed.
double per_second(double count, const LoadResult& result);

/// All latencies of requests: without hear_of_change and iteration.
LatencyHistogram latencies_of_requests(const LoadResult& result);
std::uint64_t errors_of(const LoadResult& result);
/// Errors, of a hundred requests that were answered or failed.
double error_percent(const LoadResult& result);

/// Of the processors that the threads could use, from 0 to 1.
double own_cpu_share(const LoadOptions& options, const LoadResult& result);
/// The load tool itself was so busy that it has measured itself.
bool tool_was_limit(const LoadOptions& options, const LoadResult& result);

/// Where the load went: the URL, or "a server of its own".
std::string target_of(const LoadOptions& options);
/// "closed loop", or "open loop, 500 iterations a second".
std::string loop_of(const LoadOptions& options);
/// What an option is called, and what it was: "Users" and "100, of each up to 3 devices at once".
std::vector<std::pair<std::string, std::string>> options_told(const LoadOptions& options);
/// The sentence, and how often it was seen.
std::string violation_told(const Violation& violation);
/// In a sentence: what was compared, and whether it held.
std::string ledger_told(const LoadOptions& options, const LoadResult& result);

}  // namespace mentat_sync
