// Problem: how this API says no. One catalogue of kinds, and the one place that writes them.
//
// The fields of an answer that succeeds (head, transactions, chunks) cannot occur at the top of a
// problem: clients exist that look for them without looking at the status first.
//
// Thread-safety: value types and pure functions.
// Failures: none; text that is not UTF-8 is written with replacement characters.
// Source: RFC 9457 (application/problem+json).
#pragma once

#include "http/message.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// What stays the same from one occurrence to the next. The type's URI is `problem_urn_prefix` and
/// the slug; nothing has to be hosted under it.
struct ProblemKind {
  unsigned status = 500;
  /// Empty: the type is "about:blank", and the title that of the status.
  std::string_view slug = {};
  std::string_view title = {};
};

inline constexpr std::string_view problem_urn_prefix = "urn:mentat-sync:problem:";

/// The bound that a request exceeded: the name of the extension (unit last), and its value.
struct ProblemLimit {
  std::string_view name;
  std::uint64_t value = 0;
};

/// One occurrence.
struct Problem {
  ProblemKind kind;
  /// For a person: what is wrong here, and what to do about it.
  std::string detail;

  /// Where HEAD is: the extension `current_head`.
  std::optional<TransactionId> current_head = {};
  /// Chunks to upload first: the extension `missing`, left away when empty.
  std::vector<ChunkId> missing = {};
  std::optional<ProblemLimit> limit = {};
  /// How much of it is used.
  std::optional<ProblemLimit> used = {};
  /// Further header lines, each with its CRLF.
  std::string headers = {};
};

Response to_response(const Problem& problem);

namespace problems {

// The request is malformed.
inline constexpr ProblemKind malformed_request{400, "malformed-request", "Malformed request"};
inline constexpr ProblemKind malformed_target{400, "malformed-target", "Malformed path or query"};
inline constexpr ProblemKind malformed_body{400, "malformed-body", "Malformed request body"};
inline constexpr ProblemKind bad_host{400, "bad-host", "Missing or malformed Host header"};
inline constexpr ProblemKind request_timeout{408, "request-timeout", "The request took too long"};
inline constexpr ProblemKind target_too_long{414, "target-too-long", "Path and query too long"};
inline constexpr ProblemKind encoded_body{415, "encoded-body", "Content-Encoding not supported"};
inline constexpr ProblemKind unknown_expectation{417, "unknown-expectation",
                                                 "Expectation not supported"};
inline constexpr ProblemKind header_too_large{431, "header-too-large", "Header too large"};

// Who asks may not.
inline constexpr ProblemKind malformed_credentials{400, "malformed-credentials",
                                                   "Malformed credentials"};
inline constexpr ProblemKind credentials_required{401, "credentials-required",
                                                  "Credentials are required"};
inline constexpr ProblemKind credentials_refused{401, "credentials-refused",
                                                 "These credentials are refused"};
inline constexpr ProblemKind insufficient_scope{403, "insufficient-scope",
                                                "The credentials lack a scope"};
inline constexpr ProblemKind other_user{403, "other-user", "The credentials are for another user"};

// Nothing there, or not for this method.
inline constexpr ProblemKind no_route{404, "no-route", "No such path"};
inline constexpr ProblemKind method_not_allowed{405, "method-not-allowed", "Method not allowed"};
inline constexpr ProblemKind from_not_found{404, "from-not-found", "No such place to list from"};
inline constexpr ProblemKind transaction_not_found{404, "transaction-not-found",
                                                   "No such transaction"};
inline constexpr ProblemKind chunk_not_found{404, "chunk-not-found", "No such chunk"};

// Chunks.
inline constexpr ProblemKind body_too_large{413, "body-too-large", "Request body too large"};
inline constexpr ProblemKind chunk_too_large{413, "chunk-too-large", "Chunk too large"};
inline constexpr ProblemKind chunk_differs{409, "chunk-differs",
                                           "Another chunk has this id already"};
inline constexpr ProblemKind hash_mismatch{400, "hash-mismatch",
                                           "The chunk's id is not its SHA-256"};
inline constexpr ProblemKind chunk_id_not_sha256{400, "chunk-id-not-sha256",
                                                 "The chunk's id is no SHA-256"};
inline constexpr ProblemKind range_not_satisfiable{416, "range-not-satisfiable",
                                                   "The chunk is shorter than that"};

// A log in one piece.
inline constexpr ProblemKind malformed_log{400, "malformed-log", "Malformed log"};
inline constexpr ProblemKind not_acceptable{406, "not-acceptable",
                                            "No form of the log is acceptable"};
inline constexpr ProblemKind base_not_head{409, "base-not-head", "The log does not begin at HEAD"};
inline constexpr ProblemKind too_many_items{413, "too-many-items", "Too many items in one push"};
inline constexpr ProblemKind unsupported_media_type{415, "unsupported-media-type",
                                                    "The body is no log"};
inline constexpr ProblemKind missing_chunks_in_log{422, "missing-chunks", "Chunks are missing"};

// Transactions.
inline constexpr ProblemKind too_many_chunks{413, "too-many-chunks", "Too many chunks"};
inline constexpr ProblemKind missing_chunks{404, "missing-chunks", "Chunks are missing"};
inline constexpr ProblemKind unknown_parent{409, "unknown-parent", "The parent is not known"};
inline constexpr ProblemKind transaction_is_root{409, "transaction-is-root",
                                                 "The root's id cannot be given"};
inline constexpr ProblemKind transaction_differs{409, "transaction-differs",
                                                 "Another transaction has this id already"};
inline constexpr ProblemKind too_many_pending{507, "too-many-pending",
                                              "Too many pending transactions"};

// HEAD.
inline constexpr ProblemKind head_is_root{409, "head-is-root", "HEAD cannot move to the root"};
inline constexpr ProblemKind head_is_current{409, "head-is-current", "HEAD is there already"};
inline constexpr ProblemKind head_unknown{409, "head-unknown", "No such transaction"};
inline constexpr ProblemKind head_not_descendant{409, "head-not-descendant",
                                                 "The transaction does not descend from HEAD"};
inline constexpr ProblemKind head_has_children{409, "head-has-children",
                                               "The transaction has children"};
inline constexpr ProblemKind precondition_failed{412, "precondition-failed",
                                                 "The precondition does not hold"};

// The server.
inline constexpr ProblemKind too_many_requests{429, "too-many-requests", "Too many requests"};
inline constexpr ProblemKind corrupt{500, "corrupt", "Stored data is damaged"};
inline constexpr ProblemKind unavailable{503, "unavailable", "The store is not available"};
inline constexpr ProblemKind overloaded{503, "overloaded", "Too much to do at the moment"};
inline constexpr ProblemKind quota_exceeded{507, "quota-exceeded", "The user's quota is used up"};
inline constexpr ProblemKind storage_full{507, "storage-full", "The store is full"};

}  // namespace problems

}  // namespace mentat_sync
