// Conditional and range requests: which answer a client that knows an entity tag, or wants a part,
// is to get.
//
// Every representation of this API has a strong entity tag; none has a modification date, so the
// fields that compare dates are not looked at.
//
// Thread-safety: pure functions.
// Failures: none. A tag that is malformed matches nothing; a range that is malformed is ignored.
// Source: RFC 9110, sections 8.8.3 (entity tags), 13 (conditional), 14 (ranges).
#pragma once

#include "http/message.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mentat_sync {

enum class Precondition {
  /// Answer as without conditions.
  holds,
  /// 304: If-None-Match names what is there.
  not_modified,
  /// 412: If-Match does not name what is there.
  failed,
};

/// Whether there is anything for evaluate_read() or evaluate_range() to look at: most requests have
/// nothing, and then neither a tag nor the header is needed any more.
bool is_conditional(const RequestHeader& header);

/// Of a GET or HEAD of something that exists, with `opaque_tag` as its entity tag, without quotes.
Precondition evaluate_read(const RequestHeader& header, std::string_view opaque_tag);

/// If-Match of a PUT of HEAD: the transactions it names. Nothing when there is no condition ("*"
/// is none: a HEAD always exists).
std::optional<std::vector<TransactionId>> if_match_heads(const RequestHeader& header);

/// Which bytes of a representation to send.
struct RangeDecision {
  enum class Kind {
    /// 200: all.
    whole,
    /// 206: from `first` to `last`, both inclusive.
    part,
    /// 416: there is no such part.
    unsatisfiable,
  };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Honours a single byte range of a GET, when If-Range, if any, names `opaque_tag`.
RangeDecision evaluate_range(const RequestHeader& header, std::string_view opaque_tag,
                             std::uint64_t size_bytes);

}  // namespace mentat_sync
