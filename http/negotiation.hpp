// Negotiation: in which form and coding a client wants an answer, and how long it will wait for it.
//
// Thread-safety: pure functions.
// Failures: none; a member of a field that is malformed is passed over.
// Source: RFC 9110 section 12.5 (Accept, Accept-Encoding), RFC 7240 (Prefer).
#pragma once

#include "http/message.hpp"
#include "http/wire/content_coding.hpp"

#include <chrono>
#include <optional>

namespace mentat_sync {

/// The forms of a whole log.
enum class LogForm { cbor, ndjson };

/// The form of the highest quality, CBOR of equals; nothing when neither is acceptable.
std::optional<LogForm> accepted_log_form(const RequestHeader& header);

/// The coding to try; nothing when not even the plain form is acceptable.
std::optional<ContentCoding> accepted_coding(const RequestHeader& header);

/// Whether a body is a log in CBOR, by its Content-Type.
bool is_log(const RequestHeader& header);

/// `Prefer: wait=…`, at most bounds::watch_wait_max.
std::optional<std::chrono::seconds> preferred_wait(const RequestHeader& header);

}  // namespace mentat_sync
