// The codec of the format that format.hpp lays down.
#include "storage/lmdb/format.hpp"

#include "storage/lmdb/failure.hpp"
#include "storage/lmdb/record_decoder.hpp"

#include <bit>
#include <cassert>
#include <cstring>
#include <endian.h>

namespace mentat_sync::format {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t page_header_bytes = 16;
/// Beyond this the page that is saved is not worth what the record grows by.
constexpr std::size_t tail_bytes_max = 32;

/// seq, parent, base, stored_ms and n.
constexpr std::size_t transaction_fixed_bytes = 8 + 16 + 16 + 8 + 4;

std::array<char, 8> big_endian(std::uint64_t value) {
  return std::bit_cast<std::array<char, 8>>(htobe64(value));
}

/// What comes before a packed id's bytes: its form, and of a text its length.
std::size_t id_prefix_bytes(PackedIdView id) {
  return id.form == IdForm::text ? 2 : 1;
}

/// Half the space of the text for the two forms that clients use.
void append(std::string& out, const ChunkId& id) {
  const PackedId packed = pack(id);
  out += static_cast<char>(packed.form);
  if (packed.form == IdForm::text) out += static_cast<char>(packed.size);
  out += packed.view().bytes;
}

void append(std::string& out, std::uint64_t value) {
  const auto bytes = big_endian(value);
  out.append(bytes.data(), bytes.size());
}

void append(std::string& out, std::uint32_t value) {
  out.append(big_endian(value).data() + sizeof value, sizeof value);
}

void append(std::string& out, const Uuid& uuid) {
  out += bytes_of(uuid);
}

TransactionRecord decode_link(Decoder& in) {
  TransactionRecord record;
  record.seq = in.u64();
  record.parent = TransactionId{in.uuid()};
  record.base = TransactionId{in.uuid()};
  record.stored_ms = in.u64();
  return record;
}

/// How many chunk ids follow: no more than there are bytes.
std::uint32_t decode_count(Decoder& in) {
  const std::uint32_t count = in.u32();
  if (count > in.rest().size())
    throw CorruptRecord{"a stored transaction has no room for its chunks"};
  return count;
}

}  // namespace

Key& Key::add(std::uint8_t value) {
  assert(size_ + 1 <= capacity);
  data_[size_++] = static_cast<char>(value);
  return *this;
}

Key& Key::add(std::uint64_t value) {
  const auto bytes = big_endian(value);
  assert(size_ + bytes.size() <= capacity);
  std::memcpy(data_.data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
  return *this;
}

Key& Key::add(const Uuid& uuid) {
  assert(size_ + uuid.bytes.size() <= capacity);
  std::memcpy(data_.data() + size_, uuid.bytes.data(), uuid.bytes.size());
  size_ += uuid.bytes.size();
  return *this;
}

Key& Key::add(PackedIdView id) {
  assert(size_ + id_prefix_bytes(id) + id.bytes.size() <= capacity);
  add(static_cast<std::uint8_t>(id.form));
  if (id.form == IdForm::text) add(static_cast<std::uint8_t>(id.bytes.size()));
  std::memcpy(data_.data() + size_, id.bytes.data(), id.bytes.size());
  size_ += id.bytes.size();
  return *this;
}

Key user_key(UserId user) {
  return Key{}.add(user.uuid);
}
Key purge_key(StoreId store) {
  return Key{}.add(store);
}
Key state_key(StoreId store) {
  return Key{}.add(store).add(Kind::state);
}
Key committed_key(StoreId store, std::uint64_t seq) {
  return Key{}.add(store).add(Kind::committed).add(seq);
}
Key transaction_key(StoreId store, TransactionId id) {
  return Key{}.add(store).add(Kind::transaction).add(id.uuid);
}
Key pending_key(StoreId store, TransactionId parent, TransactionId child) {
  return pending_prefix(store, parent).add(child.uuid);
}
Key pending_prefix(StoreId store, TransactionId parent) {
  return Key{}.add(store).add(Kind::pending).add(parent.uuid);
}
Key chunk_key(StoreId store, const ChunkId& id) {
  return chunk_key(store, pack(id).view());
}
Key chunk_key(StoreId store, PackedIdView id) {
  return Key{}.add(store).add(Kind::chunk).add(id);
}
Key pull_key(StoreId store, std::uint64_t seq) {
  return Key{}.add(store).add(Kind::pull).add(seq);
}
Key store_prefix(StoreId store) {
  return Key{}.add(store);
}
Key kind_prefix(StoreId store, Kind kind) {
  return Key{}.add(store).add(kind);
}

std::size_t tail_bytes(std::uint64_t chunk_bytes) {
  const std::size_t over = (chunk_bytes + page_header_bytes) % page_bytes;
  const bool saves_a_page = chunk_bytes + page_header_bytes > page_bytes && over <= tail_bytes_max;
  return saves_a_page ? over : 0;
}

std::uint64_t transaction_record_bytes(const std::vector<ChunkId>& chunks) {
  std::uint64_t bytes = transaction_fixed_bytes;
  for (const ChunkId& id : chunks) {
    const PackedId packed = pack(id);
    bytes += id_prefix_bytes(packed.view()) + packed.size;
  }
  return bytes;
}

std::string encode(const LogState& state) {
  std::string out;
  append(out, state.head.uuid);
  append(out, state.seq);
  append(out, state.pending);
  append(out, state.transaction_bytes);
  append(out, state.chunk_count);
  append(out, state.chunk_bytes);
  append(out, state.unreferenced);
  append(out, state.pending_entries);
  append(out, state.uncommitted_bytes);
  return out;
}

std::string encode(const CommittedRecord& record) {
  std::string out;
  append(out, record.id.uuid);
  append(out, record.committed_ms);
  return out;
}

std::string encode(const TransactionRecord& record) {
  std::string out;
  out.reserve(transaction_fixed_bytes + record.chunks.size() * (1 + sha256_bytes));
  append(out, record.seq);
  append(out, record.parent.uuid);
  append(out, record.base.uuid);
  append(out, record.stored_ms);
  append(out, static_cast<std::uint32_t>(record.chunks.size()));
  for (const ChunkId& id : record.chunks) append(out, id);
  return out;
}

std::string encode(const ChunkRecord& record) {
  std::string out;
  append(out, record.payload);
  append(out, record.size);
  append(out, record.references);
  append(out, record.touched_ms);
  append(out, record.named_seq);
  out += record.tail;
  return out;
}

std::string encode(const PullRecord& record) {
  std::string out;
  out.reserve(3 * sizeof(std::uint32_t) + record.items.size());
  append(out, record.chunks);
  append(out, record.chunk_bytes);
  append(out, record.transaction_at);
  out += record.items;
  return out;
}

std::string encode(std::uint32_t value) {
  std::string out;
  append(out, value);
  return out;
}

std::string encode(std::uint64_t value) {
  std::string out;
  append(out, value);
  return out;
}

std::string encode(const Uuid& uuid) {
  return std::string{bytes_of(uuid)};
}

LogState decode_state(Bytes bytes) {
  Decoder in{bytes};
  LogState state;
  state.head = TransactionId{in.uuid()};
  state.seq = in.u64();
  state.pending = in.u64();
  state.transaction_bytes = in.u64();
  state.chunk_count = in.u64();
  state.chunk_bytes = in.u64();
  state.unreferenced = in.u64();
  state.pending_entries = in.u64();
  state.uncommitted_bytes = in.u64();
  in.expect_end();
  return state;
}

CommittedRecord decode_committed(Bytes bytes) {
  Decoder in{bytes};
  CommittedRecord record;
  record.id = TransactionId{in.uuid()};
  record.committed_ms = in.u64();
  in.expect_end();
  return record;
}

TransactionRecord decode_transaction(Bytes bytes) {
  Decoder in{bytes};
  TransactionRecord record = decode_link(in);
  const std::uint32_t count = decode_count(in);
  record.chunks.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) record.chunks.push_back(in.chunk_id());
  in.expect_end();
  return record;
}

TransactionView view_transaction(Bytes bytes) {
  Decoder in{bytes};
  const TransactionRecord link = decode_link(in);
  TransactionView view{link.seq, link.parent, {}};
  const std::uint32_t count = decode_count(in);
  view.chunks.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) view.chunks.push_back(in.valid_packed_id());
  in.expect_end();
  return view;
}

std::uint32_t count_of_chunks(Bytes transaction) {
  Decoder in{transaction};
  decode_link(in);
  return decode_count(in);
}

TransactionRecord decode_transaction_link(Bytes bytes) {
  Decoder in{bytes};
  return decode_link(in);
}

ChunkRecord decode_chunk(Bytes bytes) {
  Decoder in{bytes};
  ChunkRecord record;
  record.payload = in.u64();
  record.size = in.u64();
  record.references = in.u64();
  record.touched_ms = in.u64();
  record.named_seq = in.u64();
  record.tail = in.rest();
  if (record.tail.size() > record.size) throw CorruptRecord{"a stored chunk's tail is too long"};
  return record;
}

PullRecord decode_pull(Bytes bytes) {
  Decoder in{bytes};
  PullRecord record;
  record.chunks = in.u32();
  record.chunk_bytes = in.u32();
  record.transaction_at = in.u32();
  record.items = in.rest();
  if (record.transaction_at >= record.items.size())
    throw CorruptRecord{"a stored pull has no transaction"};
  return record;
}

ChunkId decode_chunk_id(Bytes bytes) {
  Decoder in{bytes};
  const ChunkId id = in.chunk_id();
  in.expect_end();
  return id;
}

std::uint32_t decode_u32(Bytes bytes) {
  Decoder in{bytes};
  const auto value = in.u32();
  in.expect_end();
  return value;
}

std::uint64_t decode_u64(Bytes bytes) {
  Decoder in{bytes};
  const auto value = in.u64();
  in.expect_end();
  return value;
}

Uuid decode_uuid(Bytes bytes) {
  Decoder in{bytes};
  const auto uuid = in.uuid();
  in.expect_end();
  return uuid;
}

StoreId store_of(Bytes logs_key) {
  return StoreId{Decoder{logs_key}.u64()};
}

Kind kind_of(Bytes logs_key) {
  Decoder in{logs_key};
  in.u64();
  return Kind{in.u8()};
}

std::uint64_t seq_of(Bytes logs_key) {
  Decoder in{logs_key};
  in.u64();
  in.u8();
  return in.u64();
}

}  // namespace mentat_sync::format
