// LogCheck: judges the records of one log by what docs/storage_format.md promises of them, in one
// snapshot.
//
// Thread-safety: one thread. Lifetime: one log, one snapshot.
// Memory: 16 bytes for each time that a transaction names a chunk.
// Failures: what is wrong with a record is a finding; throws CorruptRecord when the log's pages
// cannot be walked any further.
#pragma once

#include "storage/lmdb/pull_record.hpp"
#include "storage/lmdb/store_pages.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

struct LogCounts {
  std::uint64_t records = 0;
  std::uint64_t transactions = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;
  /// Of chunks whose id is their hash.
  std::uint64_t hashable_bytes = 0;
};

class LogCheck {
 public:
  using Found = std::function<void(const std::string& what)>;
  /// Called with the payload of each chunk.
  using Owns = std::function<void(std::uint64_t payload)>;

  LogCheck(StorePages& store, format::StoreId id, Found found, Owns owns);

  /// `purging`: it was deleted, and only part of it may be left.
  LogCounts run(bool purging);

 private:
  using Digest = std::array<std::uint8_t, 16>;

  void read_state();
  void walk(bool purging);
  void visit(TreeCursor& at, bool purging);
  void visit_committed(format::Bytes rest, format::Bytes value);
  void visit_transaction(format::Bytes rest, format::Bytes value, bool purging);
  void visit_pending(format::Bytes rest, format::Bytes value, bool purging);
  void visit_chunk(format::Bytes key, format::Bytes value, bool purging);
  void visit_pull(format::Bytes rest, format::Bytes value);

  void check_link(TransactionId id, const format::TransactionRecord& record);
  void check_base(TransactionId id, const format::TransactionRecord& record, bool committed,
                  const std::optional<format::TransactionRecord>& parent);
  void check_payload(const ChunkId& id, const format::ChunkRecord& record);
  void check_references(const ChunkId& id, const format::ChunkRecord& record);
  void check_counters();
  std::optional<std::string> pull_record_of(TransactionId id, std::uint64_t seq);
  std::optional<std::string> bytes_of_chunk(const ChunkId& id, std::uint64_t named_seq);
  void name_missing_chunks();

  Tree logs() { return store_.trees().logs; }
  std::optional<std::string> find(const format::Key& key) {
    return store_.find(logs(), key.bytes());
  }
  std::optional<format::TransactionRecord> link(TransactionId id);
  bool is_committed(TransactionId id, std::uint64_t seq);
  Digest digest_of(const ChunkId& id) const;
  void expect(bool holds, const std::string& what);
  void expect_equal(const char* name, std::uint64_t counter, std::uint64_t counted);

  StorePages& store_;
  const format::StoreId id_;
  const Found found_;
  const Owns owns_;
  LogCounts counts_;
  format::LogState state_;
  bool has_state_ = false;
  /// What the state should say.
  format::LogState counted_;
  /// Sorted once all transactions have been read.
  std::vector<Digest> named_;
  bool named_sorted_ = false;
  std::uint64_t named_found_ = 0;
};

}  // namespace mentat_sync
