// Refusals: the outcomes and failures of the store, said in HTTP. The only place that knows which
// status belongs to which verdict.
//
// Thread-safety: pure functions.
// Failures: none.
// Source: docs/protocol.md.
#pragma once

#include "http/problem.hpp"
#include "storage/outcome.hpp"
#include "storage/result.hpp"

#include <chrono>
#include <string>

namespace mentat_sync {

/// The header line that says when to ask again.
std::string retry_after(std::chrono::seconds wait);

/// Of a command that did not succeed.
Problem problem_of(const Outcome& outcome);

/// Of a query that failed. What the status says is for the operator, not for a client: not
/// repeated.
Problem problem_of(const Status& status);

/// Of a listing or a pull whose "from" is no committed transaction.
Problem from_not_found();

}  // namespace mentat_sync
