// The header names the last transaction, which is known at the end only: it is written twice, over
// itself, for its length does not depend on the ids in it.
#include "http/client/push_body.hpp"

#include "storage/cbor_log.hpp"

#include <cassert>
#include <utility>

namespace mentat_sync {

PushBody::PushBody(Head base) : base_(base), head_(base) {
  append_cbor(encoded_, LogHeader{.from = base.head, .head = base.head});
}

void PushBody::add_chunk(const LogChunk& chunk) {
  assert(!finished_);
  append_cbor(encoded_, chunk);
  trailer_.chunk_bytes += chunk.bytes.size();
  ++trailer_.chunks;
  ++items_;
}

void PushBody::add_transaction(const TransactionId& id, std::vector<ChunkId> chunks) {
  assert(!finished_);
  items_ += 1 + chunks.size();
  append_cbor(
      encoded_,
      LogTransaction{
          .id = id, .seq = head_.seq + 1, .parent = head_.head, .chunks = std::move(chunks)});
  head_ = {id, head_.seq + 1};
  ++trailer_.transactions;
}

std::string_view PushBody::finish() {
  if (std::exchange(finished_, true)) return encoded_;
  std::string header;
  append_cbor(header, LogHeader{.from = base_.head, .head = head_.head});
  encoded_.replace(0, header.size(), header);
  trailer_.next = head_.head;
  append_cbor(encoded_, trailer_);
  return encoded_;
}

}  // namespace mentat_sync
