// Stepping through the records of a log.
#include "storage/lmdb/seq_cursor.hpp"

#include <limits>

namespace mentat_sync {

std::optional<format::Bytes> SeqCursor::at(std::uint64_t seq) {
  if (seq_ < seq) move_to(seq);
  return seq_ == seq ? std::optional{value_} : std::nullopt;
}

/// Or to the next one there is.
void SeqCursor::move_to(std::uint64_t seq) {
  format::Key wanted = prefix_;
  wanted.add(seq);
  MDB_val key = to_val(wanted.bytes());
  MDB_val value{};
  const bool is_next = seq_ != 0 && seq_ + 1 == seq;
  const int code = mdb_cursor_get(cursor_.get(), &key, &value, is_next ? MDB_NEXT : MDB_SET_RANGE);
  if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
  const bool found = code == MDB_SUCCESS && to_bytes(key).starts_with(prefix_.bytes());
  seq_ = found ? format::seq_of(to_bytes(key)) : std::numeric_limits<std::uint64_t>::max();
  value_ = found ? to_bytes(value) : format::Bytes{};
}

}  // namespace mentat_sync
