// The key/value format, version 4: what each table holds, and the codec of its keys and records.
// docs/storage_format.md explains it; the grammar, with | for concatenation:
//
//   integers are big-endian, so that keys sort by number; uuids are their 16 bytes
//
//   table     key                                value
//   meta      "format"                           version:u32
//             "next_store"                       store:u64
//   users     user:uuid                          store:u64
//   logs      store:u64 | 1                      LogState
//             store:u64 | 2 | seq:u64            CommittedRecord                      (committed)
//             store:u64 | 3 | transaction:uuid   TransactionRecord
//             store:u64 | 4 | parent | child     (empty)                              (pending)
//             store:u64 | 5 | chunk-id           ChunkRecord
//             store:u64 | 6 | seq:u64            PullRecord                           (not of all)
//   payloads  number:u64 (native, integer key)   the chunk's bytes, without its tail
//   purges    store:u64                          user:uuid
//
//   LogState          head:uuid | seq:u64 | pending:u64 | transaction_bytes:u64 |
//                     chunk_count:u64 | chunk_bytes:u64 | unreferenced:u64 | pending_entries:u64 |
//                     uncommitted_bytes:u64
//   CommittedRecord   transaction:uuid | committed_ms:u64
//   TransactionRecord seq:u64 | parent:uuid | base:uuid | stored_ms:u64 | n:u32 | n × chunk-id
//   ChunkRecord       payload:u64 | size:u64 | references:u64 | touched_ms:u64 |
//                     named_seq:u64 | tail
//   PullRecord        chunks:u32 | chunk_bytes:u32 | transaction_at:u32 | items
//   chunk-id          0 | length:u8 | text           any id
//                     1 | 32 bytes                   64 hexadecimal digits
//                     2 | 16 bytes                   the text of a uuid
//
// A store is one generation of a user's log: DELETE drops the users row, so that all of it is gone
// at once, and leaves the rest to the purge. A transaction is committed when `logs 2 seq` names it.
//
// Thread-safety: value types and pure functions.
// Failures: decoding throws CorruptRecord on any record that does not follow the grammar.
#pragma once

#include "storage/packed_id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync::format {

inline constexpr std::uint32_t version = 4;

using Bytes = std::string_view;

/// The number of one generation of a user's log.
enum class StoreId : std::uint64_t {};

enum class Kind : std::uint8_t {
  state = 1,
  committed = 2,
  transaction = 3,
  pending = 4,
  chunk = 5,
  pull = 6
};

/// A key of at most `capacity` bytes, on the stack.
class Key {
 public:
  /// store | kind | parent | child is 41, store | kind | longest chunk id is 75.
  static constexpr std::size_t capacity = 80;

  Bytes bytes() const { return {data_.data(), size_}; }

  Key& add(std::uint8_t value);
  Key& add(std::uint64_t value);
  Key& add(StoreId store) { return add(static_cast<std::uint64_t>(store)); }
  Key& add(Kind kind) { return add(static_cast<std::uint8_t>(kind)); }
  Key& add(const Uuid& uuid);
  Key& add(PackedIdView id);

 private:
  std::array<char, capacity> data_;
  std::size_t size_ = 0;
};

Key user_key(UserId user);
Key purge_key(StoreId store);
Key state_key(StoreId store);
Key committed_key(StoreId store, std::uint64_t seq);
Key transaction_key(StoreId store, TransactionId id);
/// Of one pending transaction, or, without `child`, the prefix of all pending children of `parent`.
Key pending_key(StoreId store, TransactionId parent, TransactionId child);
Key pending_prefix(StoreId store, TransactionId parent);
Key chunk_key(StoreId store, PackedIdView id);
Key pull_key(StoreId store, std::uint64_t seq);
Key chunk_key(StoreId store, const ChunkId& id);
/// The prefix of everything of a store, or of one kind of it.
Key store_prefix(StoreId store);
Key kind_prefix(StoreId store, Kind kind);

/// What each change of a log reads and most rewrite.
struct LogState {
  TransactionId head;
  std::uint64_t seq = 0;
  /// Transactions that descend from HEAD, and that it may yet reach.
  std::uint64_t pending = 0;
  /// Of the records of committed transactions.
  std::uint64_t transaction_bytes = 0;
  std::uint64_t chunk_count = 0;
  std::uint64_t chunk_bytes = 0;
  /// Chunks that no transaction names, and transactions that HEAD has not reached, whether it yet
  /// may or not: without either there is nothing to collect.
  std::uint64_t unreferenced = 0;
  std::uint64_t pending_entries = 0;
  /// Of the records of transactions that HEAD has not reached.
  std::uint64_t uncommitted_bytes = 0;

  /// What a user's quota bounds.
  std::uint64_t stored_bytes() const { return chunk_bytes + transaction_bytes + uncommitted_bytes; }
};

struct CommittedRecord {
  TransactionId id;
  /// Wall clock when HEAD reached it, ms since 1970: since when what descends from its parent by
  /// another way is dead.
  std::uint64_t committed_ms = 0;
};

struct TransactionRecord {
  std::uint64_t seq = 0;
  TransactionId parent;
  /// The nearest ancestor that was committed when this one was stored. While a transaction is
  /// pending it descends from HEAD exactly when its base is HEAD: see docs/decisions/0013.
  TransactionId base;
  /// Wall clock when it was stored, ms since 1970: how old an abandoned one is.
  std::uint64_t stored_ms = 0;
  std::vector<ChunkId> chunks;
};

/// What reading a log takes of a TransactionRecord, with its chunks' ids as they stand in it.
struct TransactionView {
  std::uint64_t seq = 0;
  TransactionId parent;
  /// They refer to the encoded record.
  std::vector<PackedIdView> chunks;
};

struct ChunkRecord {
  /// Key in payloads.
  std::uint64_t payload = 0;
  /// Of the whole chunk, its tail included.
  std::uint64_t size = 0;
  /// How often transactions name it; a chunk without any is garbage once its lease has run out.
  std::uint64_t references = 0;
  /// Wall clock when a client was last told that it is there, ms since 1970: where its lease
  /// starts.
  std::uint64_t touched_ms = 0;
  /// Of the transaction that named it when no other did; without any it means nothing.
  std::uint64_t named_seq = 0;
  /// The last bytes of the chunk, when without them its payload takes one page less. Refers to the
  /// encoded record.
  Bytes tail;
};

/// A committed transaction as a pull sends it, with its chunks: a copy of what the other records
/// say, of transactions that have few chunks, all of them small and named by no other.
struct PullRecord {
  std::uint32_t chunks = 0;
  /// Of these chunks.
  std::uint32_t chunk_bytes = 0;
  /// Where in the items the transaction begins; before it are its chunks.
  std::uint32_t transaction_at = 0;
  /// A part of a CBOR sequence: docs/protocol.md, "The log in one piece". Refers to the encoded
  /// record.
  Bytes items;
};

/// So that four of them fit into a page. Where records are added at the end of others LMDB leaves
/// room for one in each page: of two that would be half.
inline constexpr std::size_t pull_record_bytes_max = 990;

/// How many of a chunk's last bytes stand in its record. LMDB puts a header of 16 bytes before a
/// value that has pages of its own, so that a value of 4096 bytes would take two pages.
std::size_t tail_bytes(std::uint64_t chunk_bytes);

/// What the record of a transaction of these chunks takes.
std::uint64_t transaction_record_bytes(const std::vector<ChunkId>& chunks);

std::string encode(const LogState& state);
std::string encode(const CommittedRecord& record);
std::string encode(const TransactionRecord& record);
std::string encode(const ChunkRecord& record);
std::string encode(const PullRecord& record);
std::string encode(std::uint32_t value);
std::string encode(std::uint64_t value);
std::string encode(const Uuid& uuid);

LogState decode_state(Bytes bytes);
CommittedRecord decode_committed(Bytes bytes);
TransactionRecord decode_transaction(Bytes bytes);
/// All but the chunks: what walking a chain needs.
TransactionRecord decode_transaction_link(Bytes bytes);
TransactionView view_transaction(Bytes bytes);
/// How many chunk ids a transaction's record has.
std::uint32_t count_of_chunks(Bytes transaction);
ChunkRecord decode_chunk(Bytes bytes);
PullRecord decode_pull(Bytes bytes);
/// The id that stands in a chunk's key, behind the kind.
ChunkId decode_chunk_id(Bytes bytes);
std::uint32_t decode_u32(Bytes bytes);
std::uint64_t decode_u64(Bytes bytes);
Uuid decode_uuid(Bytes bytes);

/// The parts of a logs key.
StoreId store_of(Bytes logs_key);
Kind kind_of(Bytes logs_key);
/// Of a key that ends with one.
std::uint64_t seq_of(Bytes logs_key);

}  // namespace mentat_sync::format
