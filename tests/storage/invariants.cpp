// Scans all tables once, then compares what the records say of each other.
#include "invariants.hpp"

#include "storage/cbor_log.hpp"
#include "storage/lmdb/failure.hpp"
#include "storage/lmdb/format.hpp"
#include "storage/lmdb/tables.hpp"

#include <lmdb.h>

#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

namespace mentat_sync {
namespace {

using format::Kind;
using format::StoreId;

constexpr std::size_t kind_prefix_bytes = 9;

struct ScannedChunk {
  format::ChunkRecord record;
  std::string tail;
};

struct ScannedLog {
  std::optional<format::LogState> state;
  std::map<std::uint64_t, TransactionId> committed;
  std::map<TransactionId, format::TransactionRecord> transactions;
  std::map<TransactionId, std::uint64_t> record_bytes;
  std::vector<std::pair<TransactionId, TransactionId>> pending;
  /// By the encoded id.
  std::map<std::string, ScannedChunk> chunks;
  std::map<std::uint64_t, std::string> pulls;
};

struct ScannedStore {
  std::map<StoreId, ScannedLog> logs;
  std::set<StoreId> of_users;
  std::set<StoreId> purged;
  std::uint64_t next_store = 1;
  std::map<std::uint64_t, std::string> payloads;
};

class Scan {
 public:
  explicit Scan(MDB_txn* txn) : txn_(txn) {
    auto tables = Tables::find(txn);
    if (!tables) throw std::runtime_error{tables.status().message()};
    tables_ = *tables;
  }

  ScannedStore read() {
    ScannedStore store;
    if (const auto next = get(txn_, tables_.meta, "next_store")) {
      store.next_store = format::decode_u64(*next);
    }
    each(tables_.users, [&](format::Bytes, format::Bytes value) {
      store.of_users.insert(StoreId{format::decode_u64(value)});
    });
    each(tables_.purges,
         [&](format::Bytes key, format::Bytes) { store.purged.insert(format::store_of(key)); });
    each(tables_.payloads, [&](format::Bytes key, format::Bytes value) {
      std::uint64_t number = 0;
      std::memcpy(&number, key.data(), sizeof number);
      store.payloads[number] = value;
    });
    each(tables_.logs, [&](format::Bytes key, format::Bytes value) {
      add(store.logs[format::store_of(key)], key, value);
    });
    return store;
  }

 private:
  template <class Visit>
  void each(MDB_dbi table, Visit visit) {
    const Cursor cursor{txn_, table};
    MDB_val key{};
    MDB_val value{};
    int code = 0;
    while ((code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
      visit(to_bytes(key), to_bytes(value));
    }
    if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
  }

  static void add(ScannedLog& log, format::Bytes key, format::Bytes value) {
    const format::Bytes rest = key.substr(kind_prefix_bytes);
    const auto id_at = [&](std::size_t at) {
      return TransactionId{format::decode_uuid(rest.substr(at, sizeof(Uuid)))};
    };
    switch (format::kind_of(key)) {
      case Kind::state:
        log.state = format::decode_state(value);
        break;
      case Kind::committed:
        log.committed[format::seq_of(key)] = format::decode_committed(value).id;
        break;
      case Kind::transaction:
        log.transactions[id_at(0)] = format::decode_transaction(value);
        log.record_bytes[id_at(0)] = value.size();
        break;
      case Kind::pending:
        log.pending.emplace_back(id_at(0), id_at(sizeof(Uuid)));
        break;
      case Kind::chunk: {
        const auto record = format::decode_chunk(value);
        log.chunks[std::string{rest}] = {record, std::string{record.tail}};
        break;
      }
      case Kind::pull:
        log.pulls[format::seq_of(key)] = value;
        break;
    }
  }

  MDB_txn* const txn_;
  Tables tables_;
};

/// Compares the records of one log, which is some user's present one.
class LogCheck {
 public:
  LogCheck(StoreId store, const ScannedLog& log,
           const std::map<std::uint64_t, std::string>& payloads, std::vector<std::string>& broken)
      : store_(store), log_(log), payloads_(payloads), state_(*log.state), broken_(broken) {}

  void run() {
    check_committed();
    check_ancestors();
    check_pending();
    check_chunks();
    for (const auto& [seq, value] : log_.pulls) check_pull(seq, value);
  }

 private:
  void expect(bool holds, const std::string& what) {
    if (!holds) {
      broken_.push_back("store " + std::to_string(static_cast<std::uint64_t>(store_)) + ": " +
                        what);
    }
  }
  void expect_equal(std::uint64_t counter, std::uint64_t counted, const std::string& name) {
    expect(counter == counted,
           name + " is " + std::to_string(counter) + ", but there are " + std::to_string(counted));
  }

  void check_committed() {
    TransactionId parent;
    std::uint64_t seq = 0;
    std::uint64_t bytes = 0;
    for (const auto& [number, id] : log_.committed) {
      expect(number == ++seq, "a gap before committed number " + std::to_string(number));
      const auto record = log_.transactions.find(id);
      if (record == log_.transactions.end()) {
        expect(false, "committed " + id.to_string() + " has no record");
        continue;
      }
      expect(record->second.seq == number, "a committed transaction has another seq");
      expect(record->second.parent == parent, "a committed transaction's parent is another");
      expect(committed_.insert(id).second, "a transaction is committed twice");
      bytes += log_.record_bytes.at(id);
      parent = id;
    }
    expect(state_.head == parent, "HEAD is not the last committed transaction");
    expect_equal(state_.seq, seq, "seq");
    expect_equal(state_.transaction_bytes, bytes, "transaction_bytes");
    std::uint64_t all_bytes = 0;
    for (const auto& [id, record_bytes] : log_.record_bytes) all_bytes += record_bytes;
    expect_equal(state_.uncommitted_bytes, all_bytes - bytes, "uncommitted_bytes");
  }

  bool is_committed(TransactionId id) const { return id.is_root() || committed_.contains(id); }

  /// In the order of seq, so that a parent is looked at before its children.
  void check_ancestors() {
    std::map<std::uint64_t, std::vector<TransactionId>> by_seq;
    for (const auto& [id, record] : log_.transactions) by_seq[record.seq].push_back(id);
    for (const auto& [seq, ids] : by_seq) {
      for (const TransactionId id : ids) check_ancestor(id, log_.transactions.at(id));
    }
  }

  void check_ancestor(TransactionId id, const format::TransactionRecord& record) {
    const auto parent = log_.transactions.find(record.parent);
    const bool known = record.parent.is_root() || parent != log_.transactions.end();
    expect(known, id.to_string() + " has no parent");
    if (!known) return;
    const std::uint64_t parent_seq = record.parent.is_root() ? 0 : parent->second.seq;
    expect(record.seq == parent_seq + 1, id.to_string() + " has not its parent's seq + 1");
    expect(is_committed(record.base), id.to_string() + " has a base that is not committed");
    if (is_committed(id)) return;
    const TransactionId nearest =
        is_committed(record.parent) ? record.parent : nearest_committed_[record.parent];
    nearest_committed_[id] = nearest;
    const bool alive = record.base == state_.head;
    expect(alive == (nearest == state_.head), id.to_string() + " has a base that misleads");
    alive_ += alive ? 1 : 0;
  }

  void check_pending() {
    std::set<TransactionId> entries;
    for (const auto& [parent, child] : log_.pending) {
      const auto record = log_.transactions.find(child);
      expect(record != log_.transactions.end(), "a pending entry without a record");
      expect(!is_committed(child), "a committed transaction has a pending entry");
      expect(entries.insert(child).second, "a transaction has two pending entries");
      if (record != log_.transactions.end()) {
        expect(record->second.parent == parent, "a pending entry names another parent");
      }
    }
    expect(entries.size() + committed_.size() == log_.transactions.size(),
           "a transaction is neither committed nor pending");
    expect_equal(state_.pending_entries, log_.pending.size(), "pending_entries");
    expect_equal(state_.pending, alive_, "pending");
  }

  void check_chunks() {
    std::map<std::string, std::uint64_t> references;
    for (const auto& [id, record] : log_.transactions) {
      for (const ChunkId& chunk : record.chunks) {
        const format::Key key = format::chunk_key(store_, chunk);
        ++references[std::string{key.bytes().substr(kind_prefix_bytes)}];
      }
    }
    std::uint64_t bytes = 0;
    std::uint64_t unreferenced = 0;
    for (const auto& [id, chunk] : log_.chunks) {
      expect_equal(chunk.record.references, references[id], "references");
      bytes += chunk.record.size;
      unreferenced += chunk.record.references == 0 ? 1 : 0;
      references.erase(id);
    }
    expect(references.empty(), "a transaction names a chunk that is not there");
    expect_equal(state_.chunk_count, log_.chunks.size(), "chunk_count");
    expect_equal(state_.chunk_bytes, bytes, "chunk_bytes");
    expect_equal(state_.unreferenced, unreferenced, "unreferenced");
  }

  /// It is what the items written one by one make, its chunks are those it names, each named there
  /// first.
  void check_pull(std::uint64_t seq, const std::string& value) {
    const auto committed = log_.committed.find(seq);
    expect(committed != log_.committed.end(), "a pull record of nothing committed");
    if (committed == log_.committed.end()) return;
    const auto& record = log_.transactions.at(committed->second);
    std::string items;
    std::set<ChunkId> chunks;
    std::uint64_t bytes = 0;
    for (const ChunkId& id : record.chunks) {
      if (!chunks.insert(id).second) continue;
      const format::Key key = format::chunk_key(store_, id);
      const ScannedChunk& chunk =
          log_.chunks.at(std::string{key.bytes().substr(kind_prefix_bytes)});
      expect(chunk.record.named_seq == seq, "a pull record has a chunk that was named before");
      append_cbor(items, LogChunk{id, payloads_.at(chunk.record.payload) + chunk.tail});
      bytes += chunk.record.size;
    }
    const std::size_t transaction_at = items.size();
    append_cbor(items, LogTransaction{committed->second, seq, record.parent, record.chunks});
    const auto pull = format::decode_pull(value);
    expect(pull.items == items, "a pull record has other items than its transaction");
    expect(pull.transaction_at == transaction_at, "a pull record's transaction is elsewhere");
    expect_equal(pull.chunks, chunks.size(), "a pull record's chunks");
    expect_equal(pull.chunk_bytes, bytes, "a pull record's chunk_bytes");
    expect(value.size() <= format::pull_record_bytes_max, "a pull record is too large");
  }

  const StoreId store_;
  const ScannedLog& log_;
  const std::map<std::uint64_t, std::string>& payloads_;
  const format::LogState& state_;
  std::vector<std::string>& broken_;
  std::set<TransactionId> committed_;
  std::map<TransactionId, TransactionId> nearest_committed_;
  std::uint64_t alive_ = 0;
};

/// Of all logs, also those that are being purged.
void check_payloads(const ScannedStore& store, std::vector<std::string>& broken) {
  auto payloads = store.payloads;
  for (const auto& [id, log] : store.logs) {
    for (const auto& [key, chunk] : log.chunks) {
      const auto payload = payloads.extract(chunk.record.payload);
      if (payload.empty()) {
        broken.push_back("a chunk has no payload, or shares one");
        continue;
      }
      const bool whole = payload.mapped().size() + chunk.tail.size() == chunk.record.size;
      if (!whole) broken.push_back("payload and tail are not the chunk's size");
      const bool short_tail = chunk.tail.size() == format::tail_bytes(chunk.record.size);
      if (!short_tail) broken.push_back("a tail has another length than its chunk's size gives");
    }
  }
  if (!payloads.empty()) broken.push_back("payloads belong to no chunk");
}

void check_stores(ScannedStore& store, std::vector<std::string>& broken) {
  for (const auto& [id, log] : store.logs) {
    if (static_cast<std::uint64_t>(id) >= store.next_store) broken.push_back("a store to come");
    if (store.purged.contains(id)) continue;
    if (!store.of_users.contains(id)) broken.push_back("a log is no user's");
    if (!log.state) {
      broken.push_back("a log has no state");
    } else {
      LogCheck{id, log, store.payloads, broken}.run();
    }
  }
  for (const StoreId id : store.of_users) {
    if (!store.logs.contains(id)) broken.push_back("a user's log is not there");
    if (store.purged.contains(id)) broken.push_back("a user's log is being purged");
  }
}

struct CloseEnvironment {
  void operator()(MDB_env* environment) const { mdb_env_close(environment); }
};

}  // namespace

std::vector<std::string> broken_invariants(const std::filesystem::path& directory) {
  MDB_env* created = nullptr;
  check("mdb_env_create", mdb_env_create(&created));
  const std::unique_ptr<MDB_env, CloseEnvironment> environment{created};
  check("mdb_env_set_maxdbs", mdb_env_set_maxdbs(created, 8));
  check("mdb_env_open", mdb_env_open(created, directory.c_str(), MDB_RDONLY, 0600));
  MDB_txn* txn = nullptr;
  check("mdb_txn_begin", mdb_txn_begin(created, nullptr, MDB_RDONLY, &txn));
  const std::unique_ptr<MDB_txn, decltype(&mdb_txn_abort)> transaction{txn, &mdb_txn_abort};
  std::vector<std::string> broken;
  ScannedStore store = Scan{txn}.read();
  check_payloads(store, broken);
  check_stores(store, broken);
  return broken;
}

}  // namespace mentat_sync
