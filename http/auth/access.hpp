// Access: whether who asks may ask that. What each action needs, and how the API says no.
//
// The store is not looked at, so no refusal tells whether a user exists.
//
// Thread-safety: pure functions but for the authenticator, which is thread-safe.
// Failures: a Problem to answer with.
// Source: RFC 6750 (the header, the challenge and its errors), RFC 9110 section 11 (401, 403).
#pragma once

#include "http/auth/authenticator.hpp"
#include "http/message.hpp"
#include "http/problem.hpp"
#include "http/router.hpp"

#include <optional>

namespace mentat_sync {

/// What a request of this kind needs; nothing: anyone may ask.
std::optional<Scope> scope_needed(Action action);

/// 401 without credentials or for those that are refused, 400 for a malformed header, 403 for what
/// they are not good for. Only the Authorization header is looked at: a token in a query would end
/// in logs and histories.
std::optional<Problem> problem_with_access(const Authenticator& authenticator,
                                           const RequestHeader& header, const Route& route);

}  // namespace mentat_sync
