// See representations.hpp.
#include "http/representations.hpp"

#include "http/answers.hpp"
#include "http/conditional.hpp"
#include "http/problem.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace mentat_sync {
namespace {

Response range_not_satisfiable(std::size_t size_bytes) {
  const std::string size = std::to_string(size_bytes);
  return to_response(Problem{.kind = problems::range_not_satisfiable,
                             .detail = "The chunk has " + size + " bytes.",
                             .headers = "Content-Range: bytes */" + size + "\r\n"});
}

Response chunk_not_found() {
  return to_response(
      Problem{problems::chunk_not_found, "No chunk is stored under this id, for this user."});
}

}  // namespace

Response head_response(const RequestHeader& header, const Head& head) {
  switch (evaluate_read(header, tag_of(head))) {
    case Precondition::not_modified:
      return head_not_modified(head);
    case Precondition::failed:
      return to_response(Problem{.kind = problems::precondition_failed,
                                 .detail = "HEAD is at current_head, not where If-Match wants it.",
                                 .current_head = head.head});
    case Precondition::holds:
      break;
  }
  return head_answer(head);
}

Response whole_chunk_response(const ChunkId& id, Chunk& chunk) {
  return chunk.found ? chunk_answer(id, std::move(chunk.bytes), {}) : chunk_not_found();
}

Response chunk_response(const RequestHeader& header, const ChunkId& id, Chunk& chunk) {
  if (!chunk.found) return chunk_not_found();
  const std::string_view tag = id.text();
  switch (evaluate_read(header, tag)) {
    case Precondition::not_modified:
      return chunk_not_modified(id);
    case Precondition::failed:
      return to_response(Problem{problems::precondition_failed,
                                 "If-Match names another entity tag than the chunk's id."});
    case Precondition::holds:
      break;
  }
  const RangeDecision range = evaluate_range(header, tag, chunk.bytes.size());
  if (range.kind == RangeDecision::Kind::unsatisfiable) {
    return range_not_satisfiable(chunk.bytes.size());
  }
  return chunk_answer(id, std::move(chunk.bytes), range);
}

}  // namespace mentat_sync
