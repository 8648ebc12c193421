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
  const bool is_full = piece_bytes_ > 0 && !has_room();
  if (is_full || is_at_end()) return;
  SeqCursor pulls{txn_, tables_, store_, format::Kind::pull};
  SeqCursor committed{txn_, tables_, store_, format::Kind::committed};
  bool goes_on = true;
  while (goes_on && !is_at_end()) {
    goes_on = read_pull_record(pulls)
                  ? has_room()
                  : read_transaction(checked_committed(committed.at(at_.seq)).id);
  }
  if (at_.transactions > 0) at_.last = reader_.committed_at(store_, at_.seq - 1).id;
}

bool LogWalk::read_pull_record(SeqCursor& pulls) {
  const bool is_begun = at_.chunk > 0 || at_.chunk_offset > 0;
  const auto bytes = takes_cbor_ && !is_begun ? pulls.at(at_.seq) : std::nullopt;
  if (!bytes) return false;
  const format::PullRecord record = format::decode_pull(*bytes);
  const auto items = query_.with_chunks ? record.items : record.items.substr(record.transaction_at);
  read_ahead_.following(*bytes);
  takes_cbor_ = query_.taker->take_cbor(items);
  if (!takes_cbor_) return false;
  at_.seq += 1;
  at_.transactions += 1;
  if (query_.with_chunks) {
    at_.chunks += record.chunks;
    at_.chunk_bytes += record.chunk_bytes;
  }
  piece_bytes_ += items.size();
  return true;
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
  return has_room_after(transaction->chunks.size() * sizeof(ChunkId));
}

bool LogWalk::read_chunks(const format::TransactionView& transaction) {
  while (at_.chunk < transaction.chunks.size()) {
    const PackedIdView id = transaction.chunks[at_.chunk];
    const auto chunk = reader_.existing_chunk(store_, id);
    if (at_.chunk_offset == 0 && is_sent(id, chunk)) {
      at_.chunk += 1;
    } else if (!read_chunk(id, chunk)) {
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
bool LogWalk::is_sent(PackedIdView id, const format::ChunkRecord& record) {
  if (record.references == 1) return false;
  if (at_.sent.contains(record.payload)) return true;
  const bool is_sent = came_with_pull_record(id, record);
  if (at_.sent.size() < bounds::log_remembered_chunks) at_.sent.insert(record.payload);
  return is_sent;
}

/// These are not remembered when they come. The transaction that the record's number says may be
/// another.
bool LogWalk::came_with_pull_record(PackedIdView id, const format::ChunkRecord& record) const {
  const std::uint64_t seq = record.named_seq;
  if (seq <= at_.from_seq || seq >= at_.seq) return false;
  if (!get(txn_, tables_.logs, format::pull_key(store_, seq).bytes())) return false;
  const auto named_by = reader_.transaction_view(store_, reader_.committed_at(store_, seq).id);
  return named_by && std::ranges::find(named_by->chunks, id) != named_by->chunks.end();
}

bool LogWalk::has_room_after(std::uint64_t bytes) {
  piece_bytes_ += item_overhead_bytes + bytes;
  return has_room();
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
