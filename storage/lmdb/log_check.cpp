// One pass over a log's records in the order of their keys: the state, what is committed, the
// transactions, what is pending, the chunks. What one record says of another is looked up.
#include "storage/lmdb/log_check.hpp"

#include "storage/lmdb/tables.hpp"
#include "storage/sha256.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mentat_sync {
namespace {

using format::Bytes;
using format::Kind;
using format::StoreId;

constexpr std::size_t kind_prefix_bytes = 9;

TransactionId transaction_at(Bytes rest, std::size_t at) {
  if (rest.size() < at) throw CorruptRecord{"a key is too short"};
  return {format::decode_uuid(rest.substr(at, sizeof(Uuid)))};
}

std::string named(TransactionId id) {
  return "transaction " + id.to_string();
}

std::string named(const ChunkId& id) {
  return "chunk " + id.to_string();
}

bool seek_payload(TreeCursor& at, const format::ChunkRecord& record) {
  const Bytes key = integer_key(record.payload);
  return at.seek(key) && at.key() == key;
}

void expect_size(Bytes rest, std::size_t size) {
  if (rest.size() != size) throw CorruptRecord{"a key has another length"};
}

}  // namespace

LogCheck::LogCheck(StorePages& store, StoreId id, Found found, Owns owns)
    : store_(store), id_(id), found_(std::move(found)), owns_(std::move(owns)) {}

void LogCheck::expect(bool holds, const std::string& what) {
  if (!holds) found_(what);
}

void LogCheck::expect_equal(const char* name, std::uint64_t counter, std::uint64_t counted) {
  expect(counter == counted, std::string{name} + " is " + std::to_string(counter) +
                                 " in its state, but should be " + std::to_string(counted));
}

LogCounts LogCheck::run(bool purging) {
  if (!purging) read_state();
  walk(purging);
  if (!purging) {
    if (named_found_ != named_.size()) name_missing_chunks();
    if (has_state_) check_counters();
  }
  return counts_;
}

void LogCheck::read_state() {
  const auto value = find(format::state_key(id_));
  if (!value) {
    found_("it has no state");
    return;
  }
  try {
    state_ = format::decode_state(*value);
    has_state_ = true;
  } catch (const CorruptRecord& record) {
    found_(std::string{"its state: "} + record.what());
  }
}

void LogCheck::walk(bool purging) {
  const format::Key prefix = format::store_prefix(id_);
  TreeCursor at{store_.pages(), logs()};
  bool more = at.seek(prefix.bytes());
  for (; more && at.key().starts_with(prefix.bytes()); more = at.next()) {
    counts_.records += 1;
    visit(at, purging);
  }
}

void LogCheck::visit(TreeCursor& at, bool purging) {
  const Bytes key = at.key();
  try {
    const Bytes rest = key.substr(std::min(key.size(), kind_prefix_bytes));
    switch (format::kind_of(key)) {
      case Kind::state:
        return expect_size(rest, 0);
      case Kind::committed:
        if (!purging) visit_committed(rest, at.value());
        return;
      case Kind::transaction:
        return visit_transaction(rest, at.value(), purging);
      case Kind::pending:
        return visit_pending(rest, at.value(), purging);
      case Kind::chunk:
        return visit_chunk(key, at.value(), purging);
      case Kind::pull:
        if (!purging) visit_pull(rest, at.value());
        return;
    }
    found_("it has a record of no known kind");
  } catch (const CorruptRecord& record) {
    found_("record " + std::to_string(counts_.records) + ": " + record.what());
  }
}

std::optional<format::TransactionRecord> LogCheck::link(TransactionId id) {
  const auto value = find(format::transaction_key(id_, id));
  if (!value) return std::nullopt;
  return format::decode_transaction_link(*value);
}

bool LogCheck::is_committed(TransactionId id, std::uint64_t seq) {
  const auto value = find(format::committed_key(id_, seq));
  return value && format::decode_committed(*value).id == id;
}

// --- Committed ---------------------------------------------------------------------------------

void LogCheck::visit_committed(Bytes rest, Bytes value) {
  expect_size(rest, sizeof(std::uint64_t));
  const std::uint64_t seq = format::decode_u64(rest);
  const TransactionId before = counted_.head;
  const TransactionId id = format::decode_committed(value).id;
  counted_.seq += 1;
  counted_.head = id;
  if (seq != counted_.seq) {
    found_("committed number " + std::to_string(counted_.seq) + " is not there");
    counted_.seq = seq;
  }
  const auto record = find(format::transaction_key(id_, id));
  if (!record) return found_("committed " + named(id) + " is not there");
  counted_.transaction_bytes += record->size();
  const auto there = format::decode_transaction_link(*record);
  expect(there.seq == seq, "committed " + named(id) + " has seq " + std::to_string(there.seq) +
                               ", but is number " + std::to_string(seq));
  expect(there.parent == before, "committed " + named(id) + " has parent " +
                                     there.parent.to_string() + ", but comes after " +
                                     before.to_string());
}

// --- Transactions ------------------------------------------------------------------------------

void LogCheck::visit_transaction(Bytes rest, Bytes value, bool purging) {
  expect_size(rest, sizeof(Uuid));
  const TransactionId id = transaction_at(rest, 0);
  counts_.transactions += 1;
  try {
    const auto record = format::decode_transaction(value);
    if (purging) return;
    expect(!id.is_root(), "the root has a record");
    for (const ChunkId& chunk : record.chunks) named_.push_back(digest_of(chunk));
    const bool committed = is_committed(id, record.seq);
    if (!committed) {
      counted_.uncommitted_bytes += value.size();
      counted_.pending += record.base == counted_.head ? 1 : 0;
      expect(find(format::pending_key(id_, record.parent, id)).has_value(),
             named(id) + " is neither committed nor pending");
    }
    check_link(id, record);
  } catch (const CorruptRecord& record) {
    found_(named(id) + ": " + record.what());
  }
}

void LogCheck::check_link(TransactionId id, const format::TransactionRecord& record) {
  const bool committed = is_committed(id, record.seq);
  const auto parent = record.parent.is_root() ? std::nullopt : link(record.parent);
  if (!record.parent.is_root() && !parent) {
    return found_("the parent of " + named(id) + ", " + record.parent.to_string() +
                  ", is not there");
  }
  const std::uint64_t parent_seq = parent ? parent->seq : 0;
  expect(record.seq == parent_seq + 1, named(id) + " has seq " + std::to_string(record.seq) +
                                           ", but its parent has " + std::to_string(parent_seq));
  check_base(id, record, committed, parent);
}

/// What hangs on HEAD is told by its base alone, so it must not mislead. By the parent's, which is
/// checked in the same way, this is so for the whole chain.
void LogCheck::check_base(TransactionId id, const format::TransactionRecord& record, bool committed,
                          const std::optional<format::TransactionRecord>& parent) {
  const std::string its_base = "the base of " + named(id) + ", " + record.base.to_string() + ",";
  const auto base = record.base.is_root() ? std::nullopt : link(record.base);
  const std::uint64_t base_seq = base ? base->seq : 0;
  if (!record.base.is_root() && !(base && is_committed(record.base, base_seq))) {
    return found_(its_base + " is not committed");
  }
  expect(base_seq < record.seq, its_base + " is not one of those before it");
  if (committed) return;
  const bool after_committed = !parent || is_committed(record.parent, parent->seq);
  const TransactionId parents_base = parent ? parent->base : TransactionId{};
  if (!after_committed) {
    expect(record.base == parents_base, its_base + " is not that of its parent");
    return;
  }
  expect(record.base == record.parent || record.base == parents_base,
         its_base + " is neither its parent nor that of its parent");
  expect((record.base == counted_.head) == (record.parent == counted_.head),
         its_base + " misleads about HEAD");
}

void LogCheck::visit_pending(Bytes rest, Bytes value, bool purging) {
  expect_size(rest, 2 * sizeof(Uuid));
  counted_.pending_entries += 1;
  if (purging) return;
  expect(value.empty(), "a pending entry has a value");
  const TransactionId parent = transaction_at(rest, 0);
  const TransactionId child = transaction_at(rest, sizeof(Uuid));
  const auto record = link(child);
  if (!record) return found_("pending " + named(child) + " is not there");
  expect(record->parent == parent, "pending " + named(child) + " has parent " +
                                       record->parent.to_string() + ", but its entry says " +
                                       parent.to_string());
  expect(!is_committed(child, record->seq), named(child) + " is both committed and pending");
}

// --- Chunks ------------------------------------------------------------------------------------

/// Enough of a hash that nobody can make two ids of one.
LogCheck::Digest LogCheck::digest_of(const ChunkId& id) const {
  const Sha256 whole = sha256(id.text());
  Digest digest;
  std::copy_n(whole.begin(), digest.size(), digest.begin());
  return digest;
}

void LogCheck::visit_chunk(Bytes key, Bytes value, bool purging) {
  const ChunkId id = format::decode_chunk_id(key.substr(kind_prefix_bytes));
  counts_.chunks += 1;
  try {
    expect(format::chunk_key(id_, id).bytes() == key, named(id) + " is encoded in another way");
    const auto record = format::decode_chunk(value);
    counts_.chunk_bytes += record.size;
    counts_.hashable_bytes += id.is_sha256() ? record.size : 0;
    counted_.unreferenced += record.references == 0 ? 1 : 0;
    if (!purging) check_references(id, record);
    check_payload(id, record);
  } catch (const CorruptRecord& record) {
    found_(named(id) + ": " + record.what());
  }
}

void LogCheck::check_references(const ChunkId& id, const format::ChunkRecord& record) {
  if (!std::exchange(named_sorted_, true)) std::sort(named_.begin(), named_.end());
  const auto range = std::equal_range(named_.begin(), named_.end(), digest_of(id));
  const auto references = static_cast<std::uint64_t>(range.second - range.first);
  named_found_ += references;
  expect(record.references == references,
         named(id) + " counts " + std::to_string(record.references) +
             " references, but transactions name it " + std::to_string(references) + " times");
}

void LogCheck::check_payload(const ChunkId& id, const format::ChunkRecord& record) {
  owns_(record.payload);
  expect(record.tail.size() == format::tail_bytes(record.size),
         "the tail of " + named(id) + " has another length than its size gives");
  TreeCursor at{store_.pages(), store_.trees().payloads};
  if (!seek_payload(at, record)) {
    return found_("payload " + std::to_string(record.payload) + " of " + named(id) +
                  " is not there");
  }
  expect(at.value_bytes() + record.tail.size() == record.size,
         named(id) + " has " + std::to_string(at.value_bytes() + record.tail.size()) +
             " bytes, but should have " + std::to_string(record.size));
}

/// Only when there are any: which transaction names a chunk that is not there.
void LogCheck::name_missing_chunks() {
  const format::Key prefix = format::kind_prefix(id_, Kind::transaction);
  TreeCursor at{store_.pages(), logs()};
  bool more = at.seek(prefix.bytes());
  for (; more && at.key().starts_with(prefix.bytes()); more = at.next()) {
    try {
      const TransactionId id = transaction_at(at.key().substr(kind_prefix_bytes), 0);
      for (const ChunkId& chunk : format::decode_transaction(at.value()).chunks) {
        expect(find(format::chunk_key(id_, chunk)).has_value(),
               named(chunk) + ", which " + named(id) + " names, is not there");
      }
    } catch (const CorruptRecord&) {  // it has been told of
    }
  }
}

// --- Pulls -------------------------------------------------------------------------------------

/// They say again what other records say.
void LogCheck::visit_pull(Bytes rest, Bytes value) {
  expect_size(rest, sizeof(std::uint64_t));
  const std::uint64_t seq = format::decode_u64(rest);
  const auto committed = find(format::committed_key(id_, seq));
  if (!committed) {
    return found_("number " + std::to_string(seq) + " has a pull record, but is not committed");
  }
  const TransactionId id = format::decode_committed(*committed).id;
  expect(pull_record_of(id, seq) == value,
         "the pull record of " + named(id) + " is not what it and its chunks give");
}

std::optional<std::string> LogCheck::pull_record_of(TransactionId id, std::uint64_t seq) {
  const auto value = find(format::transaction_key(id_, id));
  if (!value) return std::nullopt;
  const auto record = format::decode_transaction(*value);
  const PackedIds chunks{record.chunks};
  std::optional<std::string> bytes;
  return make_pull_record(LogTransactionView{id, record.seq, record.parent, chunks.views()},
                          [&](std::size_t index, std::uint64_t) -> std::optional<PulledChunk> {
                            bytes = bytes_of_chunk(record.chunks[index], seq);
                            if (!bytes) return std::nullopt;
                            return PulledChunk{*bytes};
                          });
}

/// Of one that the transaction of that number named first.
std::optional<std::string> LogCheck::bytes_of_chunk(const ChunkId& id, std::uint64_t named_seq) {
  const auto value = find(format::chunk_key(id_, id));
  if (!value) return std::nullopt;
  const auto record = format::decode_chunk(*value);
  TreeCursor at{store_.pages(), store_.trees().payloads};
  if (!seek_payload(at, record) || record.named_seq != named_seq ||
      record.size > format::pull_record_bytes_max) {
    return std::nullopt;
  }
  return std::string{at.value()}.append(record.tail);
}

// --- Counters ----------------------------------------------------------------------------------

void LogCheck::check_counters() {
  expect(state_.head == counted_.head, "HEAD is " + state_.head.to_string() +
                                           ", but the last committed transaction is " +
                                           counted_.head.to_string());
  expect_equal("seq", state_.seq, counted_.seq);
  expect_equal("pending", state_.pending, counted_.pending);
  expect_equal("transaction_bytes", state_.transaction_bytes, counted_.transaction_bytes);
  expect_equal("chunk_count", state_.chunk_count, counts_.chunks);
  expect_equal("chunk_bytes", state_.chunk_bytes, counts_.chunk_bytes);
  expect_equal("unreferenced", state_.unreferenced, counted_.unreferenced);
  expect_equal("pending_entries", state_.pending_entries, counted_.pending_entries);
  expect_equal("uncommitted_bytes", state_.uncommitted_bytes, counted_.uncommitted_bytes);
}

}  // namespace mentat_sync
