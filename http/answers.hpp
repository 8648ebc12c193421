// Answers: how this API says yes. One function for each kind of answer.
//
// Thread-safety: pure functions.
// Failures: none.
// Units and shapes: ids are written as they are; no form of id has a character that JSON, a header
// or a URI would want escaped.
// Source: docs/protocol.md; RFC 8288 (Link), RFC 9110 (ETag, ranges), RFC 9111 (Cache-Control).
#pragma once

#include "http/conditional.hpp"
#include "http/message.hpp"
#include "storage/ids.hpp"
#include "storage/queries.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mentat_sync {

/// The entity tag, without quotes. That of a chunk is its id.
std::string tag_of(const Head& head);

/// 200, {"head"}
Response head_answer(const Head& head);
/// 200, {"head","seq","transactions":{"count","bytes"},"chunks":{"count","bytes"}}
Response summary_answer(const Summary& summary);
/// 200, {"from","limit","transactions"}, and a Link to the next page when there are more.
Response page_answer(const ListTransactions& query, const TransactionPage& page);
/// 200, {"id","seq","parent","chunks"}
Response transaction_answer(const Transaction& transaction);
/// 200, the bytes; 206 a part of them. Not for a range that is unsatisfiable.
Response chunk_answer(const ChunkId& id, std::string bytes, const RangeDecision& range);

/// 200, {"missing"}
Response missing_answer(const std::vector<ChunkId>& missing);
/// 201 or 200, {"head","seq"}, and HEAD's entity tag.
Response pushed_answer(const Head& head, bool is_new);

/// 200, text/event-stream.
Response event_stream(std::shared_ptr<BodySource> source);

/// 304, with what the 200 would have said about caching.
Response head_not_modified(const Head& head);
Response chunk_not_modified(const ChunkId& id);

}  // namespace mentat_sync
