// What types of problems are called where people count them: the end of the type's URI.
//
// Thread-safety: constants.
#pragma once

#include <array>
#include <string_view>

namespace mentat_sync {

/// Of all kinds in problem.hpp, in the order of the alphabet; a test holds them to
/// docs/protocol.md.
inline constexpr std::array<std::string_view, 48> problem_names{"bad-host",
                                                                "base-not-head",
                                                                "body-too-large",
                                                                "chunk-differs",
                                                                "chunk-id-not-sha256",
                                                                "chunk-not-found",
                                                                "chunk-too-large",
                                                                "corrupt",
                                                                "credentials-refused",
                                                                "credentials-required",
                                                                "encoded-body",
                                                                "from-not-found",
                                                                "hash-mismatch",
                                                                "head-has-children",
                                                                "head-is-current",
                                                                "head-is-root",
                                                                "head-not-descendant",
                                                                "head-unknown",
                                                                "header-too-large",
                                                                "insufficient-scope",
                                                                "malformed-body",
                                                                "malformed-credentials",
                                                                "malformed-log",
                                                                "malformed-request",
                                                                "malformed-target",
                                                                "method-not-allowed",
                                                                "missing-chunks",
                                                                "no-route",
                                                                "not-acceptable",
                                                                "other-user",
                                                                "overloaded",
                                                                "precondition-failed",
                                                                "quota-exceeded",
                                                                "range-not-satisfiable",
                                                                "request-timeout",
                                                                "storage-full",
                                                                "target-too-long",
                                                                "too-many-chunks",
                                                                "too-many-items",
                                                                "too-many-pending",
                                                                "too-many-requests",
                                                                "transaction-differs",
                                                                "transaction-is-root",
                                                                "transaction-not-found",
                                                                "unavailable",
                                                                "unknown-expectation",
                                                                "unknown-parent",
                                                                "unsupported-media-type"};

}  // namespace mentat_sync
