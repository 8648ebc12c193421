// The stored format: its bytes are a promise to stores that exist.
#include "storage/lmdb/format.hpp"

#include "storage/lmdb/failure.hpp"

#include <gtest/gtest.h>

namespace mentat_sync::format {
namespace {

using namespace std::string_literals;

const Uuid uuid = *Uuid::parse("00112233-4455-6677-8899-aabbccddeeff");
const std::string uuid_bytes = "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"s;
const TransactionId transaction_base{*Uuid::parse("0f0e0d0c-0b0a-0908-0706-050403020100")};
const StoreId store{0x0102030405060708};
const std::string store_bytes = "\x01\x02\x03\x04\x05\x06\x07\x08"s;

TEST(Format, LaysOutItsKeys) {
  EXPECT_EQ(user_key(UserId{uuid}).bytes(), uuid_bytes);
  EXPECT_EQ(state_key(store).bytes(), store_bytes + "\x01"s);
  EXPECT_EQ(committed_key(store, 3).bytes(), store_bytes + "\x02\0\0\0\0\0\0\0\x03"s);
  EXPECT_EQ(transaction_key(store, {uuid}).bytes(), store_bytes + "\x03"s + uuid_bytes);
  EXPECT_EQ(pending_key(store, {uuid}, {uuid}).bytes(),
            store_bytes + "\x04"s + uuid_bytes + uuid_bytes);
  EXPECT_EQ(chunk_key(store, *ChunkId::parse("ab")).bytes(), store_bytes + "\x05\x00\x02"s + "ab");
}

TEST(Format, SortsSequenceNumbersAsNumbers) {
  EXPECT_LT(committed_key(store, 255).bytes(), committed_key(store, 256).bytes());
}

TEST(Format, PacksTheChunkIdsThatClientsUse) {
  const auto prefix = store_bytes + "\x05"s;
  EXPECT_EQ(chunk_key(store, *ChunkId::parse(uuid.to_string())).bytes(),
            prefix + "\x02"s + uuid_bytes);
  EXPECT_EQ(chunk_key(store, *ChunkId::parse(std::string(62, '0') + "af")).bytes(),
            prefix + "\x01"s + std::string(31, '\0') + "\xaf");
  EXPECT_LE(chunk_key(store, *ChunkId::parse(std::string(64, 'z'))).bytes().size(), Key::capacity);
}

TEST(Format, TakesBackTheTransactionsItWrote) {
  TransactionRecord record;
  record.seq = 7;
  record.parent = {uuid};
  record.base = transaction_base;
  record.stored_ms = 1'700'000'000'000;
  for (const std::string& text :
       {"a"s, std::string(64, 'z'), std::string(64, 'e'), uuid.to_string()}) {
    record.chunks.push_back(*ChunkId::parse(text));
  }
  const std::string bytes = encode(record);
  const auto back = decode_transaction(bytes);
  EXPECT_EQ(back.seq, record.seq);
  EXPECT_EQ(back.parent, record.parent);
  EXPECT_EQ(back.base, record.base);
  EXPECT_EQ(back.stored_ms, record.stored_ms);
  EXPECT_EQ(back.chunks, record.chunks);
  EXPECT_EQ(decode_transaction_link(bytes).parent, record.parent);
  EXPECT_EQ(transaction_record_bytes(record.chunks), bytes.size());
}

TEST(Format, ViewsATransactionsChunksAsTheirKeysHaveThem) {
  TransactionRecord record;
  record.seq = 7;
  record.parent = {uuid};
  for (const std::string& text : {"a"s, std::string(64, 'e'), uuid.to_string()}) {
    record.chunks.push_back(*ChunkId::parse(text));
  }
  const std::string bytes = encode(record);
  const auto view = view_transaction(bytes);
  EXPECT_EQ(view.seq, record.seq);
  EXPECT_EQ(view.parent, record.parent);
  ASSERT_EQ(view.chunks.size(), record.chunks.size());
  for (std::size_t i = 0; i < view.chunks.size(); ++i) {
    EXPECT_EQ(unpack(view.chunks[i]), record.chunks[i]);
    EXPECT_EQ(chunk_key(store, view.chunks[i]).bytes(), chunk_key(store, record.chunks[i]).bytes());
  }
}

TEST(Format, TakesBackTheChunkRecordsItWrote) {
  const std::string bytes = encode(ChunkRecord{5, 4096, 2, 99, 7, "tail"});
  const auto back = decode_chunk(bytes);
  EXPECT_EQ(back.payload, 5U);
  EXPECT_EQ(back.size, 4096U);
  EXPECT_EQ(back.references, 2U);
  EXPECT_EQ(back.touched_ms, 99U);
  EXPECT_EQ(back.named_seq, 7U);
  EXPECT_EQ(back.tail, "tail");
}

TEST(Format, TakesBackThePullRecordsItWrote) {
  const std::string bytes = encode(PullRecord{1, 5, 6, "chunk transaction"});
  EXPECT_EQ(bytes.substr(0, 12), (std::string{"\0\0\0\1\0\0\0\5\0\0\0\6", 12}));
  const auto back = decode_pull(bytes);
  EXPECT_EQ(back.chunks, 1U);
  EXPECT_EQ(back.chunk_bytes, 5U);
  EXPECT_EQ(back.transaction_at, 6U);
  EXPECT_EQ(back.items, "chunk transaction");
  EXPECT_THROW(decode_pull(encode(PullRecord{0, 0, 4, "tran"})), CorruptRecord);
  EXPECT_THROW(decode_pull(bytes.substr(0, 11)), CorruptRecord);
}

TEST(Format, TakesBackTheStatesItWrote) {
  const auto back = decode_state(encode(LogState{{uuid}, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(back.head, TransactionId{uuid});
  EXPECT_EQ(back.seq, 1U);
  EXPECT_EQ(back.pending, 2U);
  EXPECT_EQ(back.transaction_bytes, 3U);
  EXPECT_EQ(back.chunk_count, 4U);
  EXPECT_EQ(back.chunk_bytes, 5U);
  EXPECT_EQ(back.unreferenced, 6U);
  EXPECT_EQ(back.pending_entries, 7U);
  EXPECT_EQ(back.uncommitted_bytes, 8U);
}

TEST(Format, LaysOutWhatIsCommitted) {
  const std::string bytes = encode(CommittedRecord{{uuid}, 0x0102030405060708});
  EXPECT_EQ(bytes, uuid_bytes + store_bytes);
  EXPECT_EQ(decode_committed(bytes).id, TransactionId{uuid});
  EXPECT_EQ(decode_committed(bytes).committed_ms, 0x0102030405060708U);
  EXPECT_THROW(decode_committed(bytes + "x"), CorruptRecord);
}

TEST(Format, RefusesRecordsOfEveryWrongLength) {
  TransactionRecord record;
  record.chunks = {*ChunkId::parse("abc"), *ChunkId::parse(uuid.to_string())};
  const std::string transaction = encode(record);
  for (std::size_t size = 0; size < transaction.size(); ++size) {
    EXPECT_THROW(decode_transaction(Bytes{transaction}.substr(0, size)), CorruptRecord) << size;
    EXPECT_THROW(view_transaction(Bytes{transaction}.substr(0, size)), CorruptRecord) << size;
  }
  EXPECT_THROW(decode_transaction(transaction + "x"), CorruptRecord);
  EXPECT_THROW(view_transaction(transaction + "x"), CorruptRecord);
  const std::string state = encode(LogState{});
  EXPECT_THROW(decode_state(Bytes{state}.substr(1)), CorruptRecord);
  EXPECT_THROW(decode_state(state + "x"), CorruptRecord);
  EXPECT_THROW(decode_chunk("short"), CorruptRecord);
  EXPECT_THROW(decode_u64("1234567"), CorruptRecord);
  EXPECT_THROW(decode_uuid(uuid_bytes + "x"), CorruptRecord);
}

TEST(Format, RefusesATransactionWithMoreChunksThanItHasBytes) {
  std::string bytes = encode(TransactionRecord{});
  bytes[bytes.size() - 4] = '\x7f';
  EXPECT_THROW(decode_transaction(bytes), CorruptRecord);
  EXPECT_THROW(view_transaction(bytes), CorruptRecord);
}

TEST(Format, RefusesAStoredChunkIdThatIsNone) {
  std::string bytes = encode(TransactionRecord{});
  bytes.back() = 1;
  for (const auto& id : {"\x00\x02"s + "A!", "\x00\x00"s, "\x09\x02"s + "ab"}) {
    EXPECT_THROW(decode_transaction(bytes + id), CorruptRecord);
    EXPECT_THROW(view_transaction(bytes + id), CorruptRecord);
  }
}

TEST(Format, KeepsATailWhereItSavesAPage) {
  EXPECT_EQ(tail_bytes(4096), 16U);
  EXPECT_EQ(tail_bytes(4080), 0U);
  EXPECT_EQ(tail_bytes(4081), 1U);
  EXPECT_EQ(tail_bytes(4096 + 16), 32U);
  EXPECT_EQ(tail_bytes(4096 + 17), 0U);
  EXPECT_EQ(tail_bytes(65536), 16U);
  EXPECT_EQ(tail_bytes(0), 0U);
  EXPECT_EQ(tail_bytes(100), 0U);
}

}  // namespace
}  // namespace mentat_sync::format
