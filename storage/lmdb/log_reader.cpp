// Reading the records of users' logs.
#include "storage/lmdb/log_reader.hpp"

#include "storage/lmdb/read_ahead.hpp"
#include "storage/lmdb/seq_cursor.hpp"

namespace mentat_sync {

using format::Bytes;
using format::StoreId;

Bytes checked_payload(const format::ChunkRecord& record, std::optional<Bytes> found) {
  if (!found) throw CorruptRecord{"a chunk's payload is not there"};
  if (found->size() + record.tail.size() != record.size) {
    throw CorruptRecord{"a chunk's payload has another size than its record says"};
  }
  return *found;
}

format::CommittedRecord checked_committed(std::optional<Bytes> found) {
  if (!found) throw CorruptRecord{"the list of committed transactions has a gap"};
  return format::decode_committed(*found);
}

std::optional<StoreId> LogReader::find_store(UserId user) const {
  const auto value = get(txn_, tables_.users, format::user_key(user).bytes());
  if (!value) return std::nullopt;
  return StoreId{format::decode_u64(*value)};
}

format::LogState LogReader::state(StoreId store) const {
  const auto value = get(txn_, tables_.logs, format::state_key(store).bytes());
  if (!value) throw CorruptRecord{"a user's log has no state"};
  return format::decode_state(*value);
}

std::optional<Bytes> LogReader::transaction_bytes_view(StoreId store, TransactionId id) const {
  return get(txn_, tables_.logs, format::transaction_key(store, id).bytes());
}

std::optional<format::TransactionRecord> LogReader::transaction(StoreId store,
                                                                TransactionId id) const {
  const auto value = transaction_bytes_view(store, id);
  if (!value) return std::nullopt;
  return format::decode_transaction(*value);
}

std::optional<format::TransactionRecord> LogReader::link(StoreId store, TransactionId id) const {
  const auto value = transaction_bytes_view(store, id);
  if (!value) return std::nullopt;
  return format::decode_transaction_link(*value);
}

std::optional<format::TransactionView> LogReader::transaction_view(StoreId store,
                                                                   TransactionId id) const {
  const auto value = transaction_bytes_view(store, id);
  if (!value) return std::nullopt;
  return format::view_transaction(*value);
}

Bytes LogReader::transaction_bytes(StoreId store, TransactionId id) const {
  const auto value = transaction_bytes_view(store, id);
  if (!value) throw CorruptRecord{"a transaction that another record names is not there"};
  return *value;
}

bool LogReader::is_committed(StoreId store, TransactionId id, std::uint64_t seq) const {
  const auto value = get(txn_, tables_.logs, format::committed_key(store, seq).bytes());
  return value && format::decode_committed(*value).id == id;
}

format::CommittedRecord LogReader::committed_at(StoreId store, std::uint64_t seq) const {
  return checked_committed(get(txn_, tables_.logs, format::committed_key(store, seq).bytes()));
}

std::vector<TransactionId> LogReader::committed(StoreId store, std::uint64_t first_seq,
                                                std::uint64_t count) const {
  std::vector<TransactionId> ids;
  if (count == 0) return ids;
  ids.reserve(count);
  SeqCursor committed{txn_, tables_, store, format::Kind::committed};
  for (std::uint64_t seq = first_seq; seq < first_seq + count; ++seq) {
    ids.push_back(checked_committed(committed.at(seq)).id);
  }
  return ids;
}

bool LogReader::has_pending_child(StoreId store, TransactionId id) const {
  const format::Key prefix = format::pending_prefix(store, id);
  const Cursor cursor{txn_, tables_.logs};
  MDB_val key = to_val(prefix.bytes());
  MDB_val value{};
  const int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  if (code == MDB_NOTFOUND) return false;
  check("mdb_cursor_get", code);
  return to_bytes(key).starts_with(prefix.bytes());
}

std::optional<format::ChunkRecord> LogReader::chunk(StoreId store, const ChunkId& id) const {
  return chunk(store, pack(id).view());
}

std::optional<format::ChunkRecord> LogReader::chunk(StoreId store, PackedIdView id) const {
  const auto value = get(txn_, tables_.logs, format::chunk_key(store, id).bytes());
  if (!value) return std::nullopt;
  return format::decode_chunk(*value);
}

format::ChunkRecord LogReader::existing_chunk(StoreId store, PackedIdView id) const {
  const auto record = chunk(store, id);
  if (!record) throw CorruptRecord{"a chunk that a transaction names is not there"};
  return *record;
}

Bytes LogReader::payload(const format::ChunkRecord& record) const {
  const Bytes payload =
      checked_payload(record, get(txn_, tables_.payloads, integer_key(record.payload)));
  will_need(payload);
  return payload;
}

}  // namespace mentat_sync
