// JSON bodies: what the requests that carry JSON say.
//
// Fields that are not known are ignored, which leaves room for additions. A known one that occurs
// twice is refused: which of the two was meant would be a guess.
//
// Thread-safety: may be called from any thread; each thread keeps a parser of its own.
// Failures: a Problem that says what is wrong with the body.
// Source: RFC 8259; docs/protocol.md.
#pragma once

#include "http/problem.hpp"
#include "storage/ids.hpp"

#include <string_view>
#include <variant>
#include <vector>

namespace mentat_sync {

template <class T>
using Parsed = std::variant<T, Problem>;

/// {"head": uuid}
struct HeadBody {
  TransactionId head;
};
Parsed<HeadBody> parse_head_body(std::string_view body);

/// {"parent": uuid, "chunks": [id, …]}
struct TransactionBody {
  TransactionId parent;
  std::vector<ChunkId> chunks;
};
Parsed<TransactionBody> parse_transaction_body(std::string_view body);

/// {"chunks": [id, …]}
struct MissingBody {
  std::vector<ChunkId> chunks;
};
Parsed<MissingBody> parse_missing_body(std::string_view body);

}  // namespace mentat_sync
