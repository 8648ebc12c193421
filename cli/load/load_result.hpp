// LoadResult: what a load test has found. Made by the shards, merged, then told: on the terminal,
// as JSON, as a page of HTML.
//
// Thread-safety: values. Units: in the names; times are of the steady clock, from the beginning of
// what is measured (after the ramp).
#pragma once

#include "cli/load/latency_histogram.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// What is measured by itself.
enum class LoadOperation : std::uint8_t {
  get_head,
  put_head,
  list_transactions,
  get_transaction,
  put_transaction,
  get_chunk,
  put_chunk,
  pull_log,
  push_log,
  get_user,
  delete_user,
  /// From when HEAD was asked to move to when a watcher heard that it had.
  hear_of_change,
  /// A whole run of a scenario, from when it was due.
  iteration,
};

inline constexpr std::size_t load_operation_count = 13;

/// "PUT head"; the last two: "hear of a change", "iteration".
std::string_view name_of(LoadOperation operation);
/// "put_head", as in the JSON.
std::string_view key_of(LoadOperation operation);

struct OperationResult {
  LatencyHistogram latencies;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
};

/// One second of the run.
struct LoadSecond {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  /// Of all requests that were answered in it.
  LatencyHistogram latencies;
};

/// What contradicts the ledger.
struct Violation {
  /// As it was seen first.
  std::string sentence;
  std::uint64_t times = 1;
};

struct LoadResult {
  /// For who reads it later; set by the command that runs it, and not merged.
  std::chrono::system_clock::time_point began_at{};
  std::chrono::nanoseconds elapsed{0};
  std::array<OperationResult, load_operation_count> operations{};
  std::vector<LoadSecond> seconds;
  /// By kind: "503", "timeout", "connection lost", "not connected", "other content"…
  std::map<std::string, std::uint64_t> errors;
  /// Expected, and no errors: HEAD was elsewhere (409, 412).
  std::uint64_t conflicts = 0;
  std::uint64_t connections_opened = 0;
  /// Of an open loop: iterations that were due, and that had not begun when time was up.
  std::uint64_t iterations_due = 0;
  std::uint64_t iterations_not_begun = 0;
  /// CPU of this process; near 1 a thread, the load tool was the limit.
  std::chrono::nanoseconds own_cpu{0};

  /// What the end's reading found.
  std::uint64_t users_verified = 0;
  /// Whose log could not be read again: nothing is known of it.
  std::uint64_t users_not_verified = 0;
  std::uint64_t transactions_verified = 0;
  std::uint64_t chunks_verified = 0;
  /// Each once, however often it was seen; at most violations_listed of them.
  std::vector<Violation> violations;
  std::uint64_t violations_count = 0;

  static constexpr std::size_t violations_listed = 100;

  void merge(const LoadResult& other);
  OperationResult& of(LoadOperation operation) {
    return operations[static_cast<std::size_t>(operation)];
  }
  const OperationResult& of(LoadOperation operation) const {
    return operations[static_cast<std::size_t>(operation)];
  }
  /// All but hear_of_change and iteration.
  std::uint64_t requests() const;
};

}  // namespace mentat_sync
