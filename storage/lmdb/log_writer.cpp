// Changing the records of users' logs, each change with its counters.
#include "storage/lmdb/log_writer.hpp"

#include <cstring>

namespace mentat_sync {

using format::StoreId;

namespace {

std::uint64_t number_after_last_payload(MDB_txn* txn, const Tables& tables) {
  const Cursor cursor{txn, tables.payloads};
  MDB_val key{};
  MDB_val value{};
  const int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_LAST);
  if (code == MDB_NOTFOUND) return 1;
  check("mdb_cursor_get", code);
  std::uint64_t last = 0;
  if (key.mv_size != sizeof last) throw CorruptRecord{"a payload's number has another size"};
  std::memcpy(&last, key.mv_data, sizeof last);
  return last + 1;
}

StoreId next_store(MDB_txn* txn, const Tables& tables) {
  const auto stored = get(txn, tables.meta, "next_store");
  const std::uint64_t number = stored ? format::decode_u64(*stored) : 1;
  put(txn, tables.meta, "next_store", format::encode(number + 1));
  return StoreId{number};
}

/// Counters never wrap: one that would contradicts what is stored.
void decrement(std::uint64_t& counter, std::uint64_t by = 1) {
  if (counter < by) throw CorruptRecord{"a counter is smaller than what it counts"};
  counter -= by;
}

}  // namespace

WriteContext::WriteContext(MDB_txn* transaction, const Tables& all_tables,
                           const GarbageRules& garbage_rules, const UserLimits& user_limits,
                           std::uint64_t clock_ms, std::size_t records_per_collection)
    : txn(transaction),
      tables(all_tables),
      rules(garbage_rules),
      limits(user_limits),
      now_ms(clock_ms),
      collect_changes(records_per_collection),
      next_payload(number_after_last_payload(transaction, all_tables)) {}

LogWriter::LogWriter(WriteContext& context, UserId user)
    : context_(context),
      reader_(context.txn, context.tables),
      user_(user),
      store_(reader_.find_store(user)) {
  if (store_) state_ = reader_.state(*store_);
}

// --- Reading -----------------------------------------------------------------------------------

std::optional<format::TransactionRecord> LogWriter::transaction(TransactionId id) const {
  return store_ ? reader_.transaction(*store_, id) : std::nullopt;
}

std::optional<format::TransactionRecord> LogWriter::link(TransactionId id) const {
  return store_ ? reader_.link(*store_, id) : std::nullopt;
}

std::optional<format::ChunkRecord> LogWriter::chunk(const ChunkId& id) const {
  return store_ ? reader_.chunk(*store_, id) : std::nullopt;
}

bool LogWriter::is_committed(TransactionId id, std::uint64_t seq) const {
  return store_ && reader_.is_committed(*store_, id, seq);
}

bool LogWriter::has_pending_child(TransactionId id) const {
  return state_.pending_entries > 0 && reader_.has_pending_child(*store_, id);
}

bool LogWriter::holds(const format::ChunkRecord& record, std::string_view bytes) const {
  return record.size == bytes.size() && bytes.ends_with(record.tail) &&
         bytes.starts_with(reader_.payload(record));
}

bool LogWriter::quota_allows(std::uint64_t bytes) const {
  const std::uint64_t limit = context_.limits.bytes;
  return limit == 0 || bytes == 0 || state_.stored_bytes() + bytes <= limit;
}

// --- Chunks ------------------------------------------------------------------------------------

void LogWriter::store_chunk(const ChunkId& id, std::string_view bytes, ChunkNaming naming) {
  begin();
  const auto payload = bytes.substr(0, bytes.size() - format::tail_bytes(bytes.size()));
  format::ChunkRecord record;
  record.payload = context_.next_payload++;
  record.size = bytes.size();
  record.references = naming.references;
  record.touched_ms = context_.now_ms;
  record.named_seq = naming.first_seq;
  record.tail = bytes.substr(payload.size());
  put(context_.txn, context_.tables.payloads, integer_key(record.payload), payload, MDB_APPEND);
  put_chunk(id, record);
  state_.chunk_count += 1;
  state_.chunk_bytes += bytes.size();
  if (naming.references == 0) state_.unreferenced += 1;
}

void LogWriter::renew_lease(const ChunkId& id, format::ChunkRecord record) {
  record.touched_ms = context_.now_ms;
  put_chunk(id, record);
}

void LogWriter::add_references(const ChunkId& id, ChunkNaming naming) {
  format::ChunkRecord record = reader_.existing_chunk(*store_, pack(id).view());
  if (record.references == 0) {
    decrement(state_.unreferenced);
    record.named_seq = naming.first_seq;
  }
  record.references += naming.references;
  put_chunk(id, record);
}

void LogWriter::drop_reference(const ChunkId& id) {
  format::ChunkRecord record = reader_.existing_chunk(*store_, pack(id).view());
  decrement(record.references);
  if (record.references == 0) {
    record.touched_ms = context_.now_ms;
    state_.unreferenced += 1;
  }
  put_chunk(id, record);
}

void LogWriter::erase_chunk(format::Bytes key, const format::ChunkRecord& record) {
  erase(context_.txn, context_.tables.payloads, integer_key(record.payload));
  erase(context_.txn, context_.tables.logs, key);
  decrement(state_.chunk_count);
  decrement(state_.chunk_bytes, record.size);
  if (record.references == 0) decrement(state_.unreferenced);
}

/// The record's tail may lie in the page that is written: encode() has copied it by then.
void LogWriter::put_chunk(const ChunkId& id, const format::ChunkRecord& record) {
  const std::string encoded = format::encode(record);
  put(context_.txn, context_.tables.logs, format::chunk_key(*store_, id).bytes(), encoded);
}

// --- Transactions ------------------------------------------------------------------------------

void LogWriter::store_pending(TransactionId id, const format::TransactionRecord& record) {
  begin();
  const std::string encoded = format::encode(record);
  put(context_.txn, context_.tables.logs, format::transaction_key(*store_, id).bytes(), encoded);
  put(context_.txn, context_.tables.logs, format::pending_key(*store_, record.parent, id).bytes(),
      {});
  for (const ChunkId& chunk : record.chunks) add_references(chunk, {1, record.seq});
  state_.pending_entries += 1;
  state_.uncommitted_bytes += encoded.size();
  if (record.base == state_.head) state_.pending += 1;
}

void LogWriter::erase_pending(TransactionId id, const format::TransactionRecord& record) {
  decrement(state_.uncommitted_bytes, reader_.transaction_bytes(*store_, id).size());
  erase(context_.txn, context_.tables.logs, format::transaction_key(*store_, id).bytes());
  erase(context_.txn, context_.tables.logs,
        format::pending_key(*store_, record.parent, id).bytes());
  for (const ChunkId& chunk : record.chunks) drop_reference(chunk);
  decrement(state_.pending_entries);
  if (record.base == state_.head) decrement(state_.pending);
}

void LogWriter::advance_to(TransactionId id) {
  // Both before anything is written: that would end the view of the record.
  const format::Bytes record = reader_.transaction_bytes(*store_, id);
  const auto pull = pull_record_of_stored(id, record);
  const std::uint64_t record_bytes = record.size();
  erase(context_.txn, context_.tables.logs, format::pending_key(*store_, state_.head, id).bytes());
  decrement(state_.pending_entries);
  decrement(state_.uncommitted_bytes, record_bytes);
  append_committed(id, record_bytes, pull);
}

void LogWriter::advance_to_new(TransactionId id, TransactionId base,
                               const std::vector<ChunkId>& chunks, const FindPulled& find) {
  begin();
  format::TransactionRecord record;
  record.seq = state_.seq + 1;
  record.parent = state_.head;
  record.base = base;
  record.stored_ms = context_.now_ms;
  record.chunks = chunks;
  std::optional<std::string> pull;
  if (chunks.size() <= pulled_chunks_max) {
    pull = make_pull_record({id, record.seq, record.parent, PackedIds{chunks}.views()}, find);
  }
  const std::string encoded = format::encode(record);
  put(context_.txn, context_.tables.logs, format::transaction_key(*store_, id).bytes(), encoded);
  append_committed(id, encoded.size(), pull);
}

void LogWriter::append_committed(TransactionId id, std::uint64_t record_bytes,
                                 const std::optional<std::string>& pull) {
  state_.seq += 1;
  put(context_.txn, context_.tables.logs, format::committed_key(*store_, state_.seq).bytes(),
      format::encode(format::CommittedRecord{id, context_.now_ms}));
  if (pull) {
    put(context_.txn, context_.tables.logs, format::pull_key(*store_, state_.seq).bytes(), *pull);
  }
  state_.transaction_bytes += record_bytes;
  state_.head = id;
  state_.pending = 0;  // what else was pending descends from another base now
}

std::optional<std::string> LogWriter::pull_record_of_stored(TransactionId id,
                                                            format::Bytes record) {
  // One that is as large already would only be larger.
  if (record.size() > format::pull_record_bytes_max) return std::nullopt;
  const std::size_t count = format::count_of_chunks(record);
  if (count > pulled_chunks_max || !may_read_for_pulls(1 + count)) return std::nullopt;
  const auto view = format::view_transaction(record);
  return make_pull_record({id, view.seq, view.parent, view.chunks},
                          [&](std::size_t index, std::uint64_t mentions) {
                            return pulled_chunk(view.chunks[index], mentions);
                          });
}

/// One that other transactions name too has other places where it may come in a pull.
std::optional<PulledChunk> LogWriter::pulled_chunk(PackedIdView id, std::uint64_t mentions) const {
  const format::ChunkRecord record = reader_.existing_chunk(*store_, id);
  const bool is_named_here = record.references == mentions && record.named_seq == state_.seq + 1;
  if (!is_named_here || record.size > format::pull_record_bytes_max) return std::nullopt;
  return PulledChunk{reader_.payload(record), record.tail};
}

bool LogWriter::may_read_for_pulls(std::size_t count) {
  if (pull_reads_left_ < count) return false;
  pull_reads_left_ -= count;
  return true;
}

// --- The log -----------------------------------------------------------------------------------

void LogWriter::begin() {
  if (store_) return;
  store_ = next_store(context_.txn, context_.tables);
  put(context_.txn, context_.tables.users, format::user_key(user_).bytes(),
      format::encode(static_cast<std::uint64_t>(*store_)));
}

void LogWriter::save() {
  put(context_.txn, context_.tables.logs, format::state_key(*store_).bytes(),
      format::encode(state_));
}

}  // namespace mentat_sync
