// Opening the tables and checking the format's version.
#include "storage/lmdb/tables.hpp"

namespace mentat_sync {
namespace {

MDB_dbi open_table(MDB_txn* txn, const char* name, unsigned flags) {
  MDB_dbi table = 0;
  check("mdb_dbi_open", mdb_dbi_open(txn, name, flags, &table));
  return table;
}

/// Entries of LMDB's unnamed database: the names of the tables.
std::size_t tables_present(MDB_txn* txn) {
  MDB_dbi unnamed = 0;
  check("mdb_dbi_open", mdb_dbi_open(txn, nullptr, 0, &unnamed));
  MDB_stat stat{};
  check("mdb_stat", mdb_stat(txn, unnamed, &stat));
  return stat.ms_entries;
}

Status check_version(MDB_txn* txn, MDB_dbi meta) {
  const auto stored = get(txn, meta, "format");
  if (!stored) return {ErrorCode::invalid, "the data file is an LMDB file of another program"};
  const std::uint32_t version = format::decode_u32(*stored);
  if (version == format::version) return {};
  return {ErrorCode::invalid, "the store has format version " + std::to_string(version) +
                                  "; this program knows version " +
                                  std::to_string(format::version) +
                                  " only: use the program that wrote it, or export and import"};
}

/// `create` is MDB_CREATE or 0.
Result<Tables> open_in(MDB_txn* txn, unsigned create) {
  const bool fresh = tables_present(txn) == 0;
  if (fresh && create == 0) return Status{ErrorCode::invalid, "the data file holds no store"};
  Tables tables;
  tables.meta = open_table(txn, "meta", create);
  if (fresh) {
    put(txn, tables.meta, "format", format::encode(format::version));
  } else if (Status status = check_version(txn, tables.meta); !status.ok()) {
    return status;
  }
  tables.users = open_table(txn, "users", create);
  tables.logs = open_table(txn, "logs", create);
  tables.payloads = open_table(txn, "payloads", create | MDB_INTEGERKEY);
  tables.purges = open_table(txn, "purges", create);
  return tables;
}

}  // namespace

Result<Tables> Tables::open(Environment& environment) {
  try {
    WriteTxn transaction = environment.begin_write();
    auto tables = open_in(transaction.get(), MDB_CREATE);
    if (tables.ok()) check("mdb_txn_commit", transaction.commit());
    return tables;
  } catch (const LmdbFailure& failure) {
    return to_status(failure);
  } catch (const CorruptRecord& record) {
    return Status{ErrorCode::corrupt, record.what()};
  }
}

Result<Tables> Tables::find(MDB_txn* txn) {
  try {
    return open_in(txn, 0);
  } catch (const LmdbFailure& failure) {
    if (failure.code() == MDB_NOTFOUND) {
      return Status{ErrorCode::invalid, "the data file is an LMDB file of another program"};
    }
    return to_status(failure);
  } catch (const CorruptRecord& record) {
    return Status{ErrorCode::corrupt, record.what()};
  }
}

std::optional<format::Bytes> get(MDB_txn* txn, MDB_dbi table, format::Bytes key) {
  MDB_val k = to_val(key);
  MDB_val v{};
  const int code = mdb_get(txn, table, &k, &v);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check("mdb_get", code);
  return to_bytes(v);
}

void put(MDB_txn* txn, MDB_dbi table, format::Bytes key, format::Bytes value, unsigned flags) {
  MDB_val k = to_val(key);
  MDB_val v = to_val(value);
  check("mdb_put", mdb_put(txn, table, &k, &v, flags));
}

void erase(MDB_txn* txn, MDB_dbi table, format::Bytes key) {
  MDB_val k = to_val(key);
  const int code = mdb_del(txn, table, &k, nullptr);
  if (code == MDB_NOTFOUND) throw CorruptRecord{"a record that another one names is not there"};
  check("mdb_del", code);
}

}  // namespace mentat_sync
