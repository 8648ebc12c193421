// Walking a log. The cursor names the next thing to read, so that a piece costs what it holds.
#include "storage/lmdb/log_walk.hpp"

#include "storage/lmdb/failure.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mentat_sync {
namespace {

/// What an item weighs besides a chunk's bytes or the ids in a transaction.
constexpr std::uint64_t item_overhead_bytes = 64;

/// The ids of committed transactions, from one on, in order.
class CommittedIds {
 public:
  CommittedIds(MDB_txn* txn, const Tables& tables, format::StoreId store, std::uint64_t first_seq)
      : cursor_(txn, tables.logs), store_(store), seq_(first_seq) {}

  /// The next one, which must be there.
  TransactionId next() {
    const format::Key expected = format::committed_key(store_, seq_);
    MDB_val key = to_val(expected.bytes());
    MDB_val value{};
    const int code = mdb_cursor_get(cursor_.get(), &key, &value, step_);
    if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
    if (code == MDB_NOTFOUND || to_bytes(key) != expected.bytes()) {
      throw CorruptRecord{"the list of committed transactions has a gap"};
    }
    step_ = MDB_NEXT;
    seq_ += 1;
    return format::decode_committed(to_bytes(value)).id;
  }

 private:
  const Cursor cursor_;
  const format::StoreId store_;
  std::uint64_t seq_;
  MDB_cursor_op step_ = MDB_SET_KEY;
};

/// `count` bytes of a chunk from `offset` on: of its payload, then of its tail.
LogChunkView part_of(PackedIdView id, const format::ChunkRecord& record, format::Bytes payload,
                     std::uint64_t offset, std::uint64_t count) {
  LogChunkView part{id, record.size, offset, {}};
  if (offset < payload.size()) part.bytes = payload.substr(offset, count);
  const std::uint64_t left = count - part.bytes.size();
  if (left > 0) part.tail = record.tail.substr(offset + part.bytes.size() - payload.size(), left);
  return part;
}

}  // namespace

LogWalk::LogWalk(MDB_txn* txn, const Tables& tables, ReadLog query)
    : txn_(txn),
      tables_(tables),
      reader_(txn, tables),
      payloads_(txn, tables),
      query_(std::move(query)) {}

LogPiece LogWalk::next_piece() {
  const bool there = query_.resume ? resume() : begin();
  if (!there) return {};
  read_transactions();
  if (is_at_end()) {
    query_.taker->take(trailer());
    return {true, std::nullopt};
  }
  return {true, std::move(at_)};
}

bool LogWalk::begin() {
  at_.from = at_.last = query_.from;
  const auto store = reader_.find_store(query_.user);
  if (store) {
    store_ = *store;
    at_.generation = static_cast<std::uint64_t>(store_);
  }
  if (!query_.from.is_root()) {
    const auto link = store ? reader_.link(store_, query_.from) : std::nullopt;
    if (!link || !reader_.is_committed(store_, query_.from, link->seq)) return false;
    at_.from_seq = link->seq;
  }
  const format::LogState state = store ? reader_.state(store_) : format::LogState{};
  at_.last_seq = state.seq;
  at_.seq = at_.from_seq + 1;
  query_.taker->take(LogHeader{query_.from, state.head});
  has_room_after(0);
  return true;
}

bool LogWalk::resume() {
  at_ = std::move(*query_.resume);
  const auto store = reader_.find_store(query_.user);
  if (!store || static_cast<std::uint64_t>(*store) != at_.generation) return false;
  store_ = *store;
  return true;
}

bool LogWalk::is_at_end() const {
  if (at_.seq > at_.last_seq) return true;
  const bool limited =
      at_.transactions >= query_.max_transactions || at_.chunk_bytes >= query_.max_bytes;
  return limited && at_.chunk == 0 && at_.chunk_offset == 0 && at_.transactions > 0;
}

void LogWalk::read_transactions() {
  const bool is_full = piece_bytes_ > 0 && piece_bytes_ >= query_.piece_bytes;
  if (is_full || is_at_end()) return;
  CommittedIds ids{txn_, tables_, store_, at_.seq};
  while (read_transaction(ids.next()) && !is_at_end()) {
  }
}

bool LogWalk::read_transaction(TransactionId id) {
  const auto transaction = reader_.transaction_view(store_, id);
  if (!transaction || transaction->seq != at_.seq) {
    throw CorruptRecord{"a committed transaction is not there"};
  }
  if (query_.with_chunks && !read_chunks(*transaction)) return false;
  query_.taker->take(
      LogTransactionView{id, transaction->seq, transaction->parent, transaction->chunks});
  at_.chunk = 0;
  at_.seq += 1;
  at_.transactions += 1;
  at_.last = id;
  return has_room_after(transaction->chunks.size() * sizeof(ChunkId));
}

bool LogWalk::read_chunks(const format::TransactionView& transaction) {
  while (at_.chunk < transaction.chunks.size()) {
    const PackedIdView id = transaction.chunks[at_.chunk];
    const auto chunk = reader_.chunk(store_, id);
    if (!chunk) throw CorruptRecord{"a chunk that a transaction names is not there"};
    if (at_.chunk_offset == 0 && is_sent(*chunk)) {
      at_.chunk += 1;
    } else if (!read_chunk(id, *chunk)) {
      return false;
    }
  }
  return true;
}

/// Or what the piece has room for of it.
bool LogWalk::read_chunk(PackedIdView id, const format::ChunkRecord& record) {
  const bool goes_on = at_.chunk_offset > 0;
  if (goes_on && at_.chunk_offset >= record.size) throw CorruptRecord{"a chunk has become shorter"};
  const std::uint64_t left = record.size - at_.chunk_offset;
  const std::uint64_t count = std::min(left, part_bytes());
  const auto payload = payloads_.payload(record, at_.chunk_offset, count);
  query_.taker->take(part_of(id, record, payload, at_.chunk_offset, count));
  at_.chunk_offset += count;
  if (count == left) {
    at_.chunk += 1;
    at_.chunk_offset = 0;
    at_.chunks += 1;
    at_.chunk_bytes += record.size;
  }
  return has_room_after(count);
}

/// What the piece has room for, so that the base64 of a part ends with it.
std::uint64_t LogWalk::part_bytes() const {
  if (!query_.split_chunks) return std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t room = query_.piece_bytes - std::min(query_.piece_bytes, piece_bytes_);
  return std::max(room / 3 * 3, bounds::log_part_bytes_min);
}

/// Remembers what it says of a chunk that can come again.
bool LogWalk::is_sent(const format::ChunkRecord& record) {
  if (record.references == 1) return false;
  if (at_.sent.contains(record.payload)) return true;
  if (at_.sent.size() < bounds::log_remembered_chunks) at_.sent.insert(record.payload);
  return false;
}

bool LogWalk::has_room_after(std::uint64_t bytes) {
  piece_bytes_ += item_overhead_bytes + bytes;
  return piece_bytes_ < query_.piece_bytes;
}

LogTrailer LogWalk::trailer() const {
  LogTrailer trailer;
  trailer.next = at_.last;
  trailer.more = at_.from_seq + at_.transactions < at_.last_seq;
  trailer.transactions = at_.transactions;
  trailer.chunks = at_.chunks;
  trailer.chunk_bytes = at_.chunk_bytes;
  return trailer;
}

}  // namespace mentat_sync
