// Operational answers: what the server says of itself, to load balancers, operators and clients
// that want to know its bounds.
//
// Thread-safety: pure functions.
// Failures: none.
// Source: Mozilla's Dockerflow (/__lbheartbeat__, /__heartbeat__, /__version__); docs/protocol.md.
#pragma once

#include "http/message.hpp"
#include "http/published_limits.hpp"
#include "storage/result.hpp"

#include <string>

namespace mentat_sync {

/// 200, name and version in plain text.
Response sign_of_life();
/// 200, {}: requests are served.
Response lb_heartbeat_answer();
/// 200, {"status":"ok","checks":{…}}, or 503 and which check failed: whether the store can be read,
/// and whether it takes writes. Why it does not, the log says: anyone may ask for this.
Response heartbeat_answer(const Status& reads, const Status& writes);
/// 200, {"source","version","commit","build"}.
Response version_answer();
/// 200, the bounds by group.
Response limits_answer(const PublishedLimits& limits);
/// 200, Prometheus' text format.
Response metrics_answer(std::string text);

}  // namespace mentat_sync
