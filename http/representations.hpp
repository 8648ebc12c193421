// Representations: the answers of what can be asked for conditionally, or in part.
//
// Thread-safety: pure functions.
// Failures: none; what is not there, or does not fulfil the conditions, is a problem's answer.
// Source: RFC 9110, sections 13 (conditional requests) and 14 (ranges).
#pragma once

#include "http/message.hpp"
#include "storage/ids.hpp"
#include "storage/queries.hpp"

namespace mentat_sync {

/// 200; 304 or 412 as the conditions say.
Response head_response(const RequestHeader& header, const Head& head);
/// Of a GET without conditions: 200 or 404. Takes the chunk's bytes.
Response whole_chunk_response(const ChunkId& id, Chunk& chunk);
/// 200, 206, 404; 304, 412 or 416 as the conditions say. Takes the chunk's bytes.
Response chunk_response(const RequestHeader& header, const ChunkId& id, Chunk& chunk);

}  // namespace mentat_sync
