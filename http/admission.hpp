// Admission checks: what the header of a request decides alone, before its body is read.
//
// Framing (Content-Length against Transfer-Encoding, the version) is the connection's business.
//
// Thread-safety: pure functions.
// Failures: a Problem to answer with.
// Source: RFC 9110 (Host, Expect, Content-Encoding, Content-Length), RFC 9112 section 3.2.
#pragma once

#include "http/message.hpp"
#include "http/problem.hpp"
#include "storage/bounds.hpp"

#include <cstdint>
#include <optional>

namespace mentat_sync {

/// Refuses what is wrong with the header whatever it asks for: the target's length, Host, Expect,
/// Content-Encoding.
std::optional<Problem> problem_with_header(const RequestHeader& header,
                                           std::size_t target_bytes = bounds::target_bytes);

/// Refuses a body whose announced length is beyond `limit_bytes`.
std::optional<Problem> problem_with_length(const RequestHeader& header, std::uint64_t limit_bytes);

/// 413.
Problem body_too_large(std::uint64_t limit_bytes);

}  // namespace mentat_sync
