// Any bytes as the records of a store: refused as damaged, or one value with one encoding. The
// first byte says which kind of record.
#include "fuzz/fuzz.hpp"
#include "storage/lmdb/failure.hpp"
#include "storage/lmdb/format.hpp"

#include <string>

namespace mentat_sync {
namespace {

template <class Decode>
void check(Decode decode, format::Bytes bytes) {
  try {
    must_hold(format::encode(decode(bytes)) == bytes, "a record has one encoding");
  } catch (const CorruptRecord&) {
    // Said, not believed.
  }
}

void check_chunk_id(format::Bytes bytes) {
  try {
    const ChunkId id = format::decode_chunk_id(bytes);
    format::Key key;
    must_hold(key.add(pack(id).view()).bytes() == bytes, "an id has one key");
  } catch (const CorruptRecord&) {
    // Said, not believed.
  }
}

/// What a log's reading takes of a transaction is what its record has.
void check_view(format::Bytes bytes) {
  try {
    const auto view = format::view_transaction(bytes);
    const auto record = format::decode_transaction(bytes);
    must_hold(view.seq == record.seq && view.parent == record.parent, "the same transaction");
    must_hold(view.chunks.size() == record.chunks.size(), "the same number of chunks");
    for (std::size_t i = 0; i < view.chunks.size(); ++i) {
      must_hold(unpack(view.chunks[i]) == record.chunks[i], "the same chunks");
    }
  } catch (const CorruptRecord&) {
    // Said, not believed.
  }
}

void check_link(format::Bytes bytes) {
  try {
    const auto link = format::decode_transaction_link(bytes);
    must_hold(link.chunks.empty(), "a link is without its chunks");
  } catch (const CorruptRecord&) {
    // Said, not believed.
  }
}

}  // namespace
}  // namespace mentat_sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mentat_sync;
  if (size == 0) return 0;
  const ExactCopy copy{view_of(data + 1, size - 1)};
  const format::Bytes bytes = copy.view();
  switch (data[0] % 8) {
    case 0:
      check(format::decode_state, bytes);
      break;
    case 1:
      check(format::decode_committed, bytes);
      break;
    case 2:
      check(format::decode_transaction, bytes);
      check_link(bytes);
      check_view(bytes);
      break;
    case 3:
      check(format::decode_chunk, bytes);
      break;
    case 4:
      check_chunk_id(bytes);
      break;
    case 5:
      check(format::decode_uuid, bytes);
      break;
    case 7:
      check(format::decode_pull, bytes);
      break;
    default:
      check(format::decode_u64, bytes);
      check(format::decode_u32, bytes);
  }
  return 0;
}
