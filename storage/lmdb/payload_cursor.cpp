// Stepping through the payloads.
#include "storage/lmdb/payload_cursor.hpp"

#include "storage/lmdb/log_reader.hpp"

#include <algorithm>

namespace mentat_sync {

format::Bytes PayloadCursor::payload(const format::ChunkRecord& record, std::uint64_t offset,
                                     std::uint64_t count) {
  MDB_val key = to_val(integer_key(record.payload));
  MDB_val value{};
  const bool is_next = next_ != 0 && record.payload == next_;
  const int code = mdb_cursor_get(cursor_.get(), &key, &value, is_next ? MDB_NEXT : MDB_SET);
  next_ = 0;
  if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
  const bool found = code == MDB_SUCCESS && to_bytes(key) == integer_key(record.payload);
  const auto bytes = checked_payload(record, found ? std::optional{to_bytes(value)} : std::nullopt);
  next_ = record.payload + 1;
  const auto read = bytes.substr(std::min<std::uint64_t>(offset, bytes.size()), count);
  is_next ? read_ahead_.following(read) : will_need(read);
  return bytes;
}

}  // namespace mentat_sync
