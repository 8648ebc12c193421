// Purging deleted logs: the purges table names what is left of them.
#include "storage/lmdb/purge.hpp"

#include "storage/bounds.hpp"
#include "storage/lmdb/environment.hpp"

#include <optional>

namespace mentat_sync {
namespace {

std::optional<format::StoreId> first_purge(MDB_txn* txn, const Tables& tables) {
  const Cursor cursor{txn, tables.purges};
  MDB_val key{};
  MDB_val value{};
  const int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_FIRST);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check("mdb_cursor_get", code);
  return format::store_of(to_bytes(key));
}

/// Moves to the first record of `store`; nothing when none is left.
std::optional<MDB_val> first_record(const Cursor& cursor, format::StoreId store, MDB_val& value) {
  const format::Key prefix = format::store_prefix(store);
  MDB_val key = to_val(prefix.bytes());
  const int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check("mdb_cursor_get", code);
  if (!to_bytes(key).starts_with(prefix.bytes())) return std::nullopt;
  return key;
}

/// How many records of `store` it removed.
std::size_t remove_records(MDB_txn* txn, const Tables& tables, format::StoreId store,
                           std::size_t max_keys) {
  const Cursor cursor{txn, tables.logs};
  std::uint64_t freed_bytes = 0;
  std::size_t removed = 0;
  while (removed < max_keys && freed_bytes < bounds::purge_bytes) {
    MDB_val value{};
    const auto key = first_record(cursor, store, value);
    if (!key) break;
    if (format::kind_of(to_bytes(*key)) == format::Kind::chunk) {
      const auto record = format::decode_chunk(to_bytes(value));
      freed_bytes += record.size;
      erase(txn, tables.payloads, integer_key(record.payload));
    }
    check("mdb_cursor_del", mdb_cursor_del(cursor.get(), 0));
    ++removed;
  }
  return removed;
}

}  // namespace

void purge_step(MDB_txn* txn, const Tables& tables, std::size_t max_keys) {
  const auto store = first_purge(txn, tables);
  if (!store) return;
  // The entry goes in a step of its own: LMDB lets freed pages be used again only after one more
  // commit, and in a full store there may be no other.
  if (remove_records(txn, tables, *store, max_keys) > 0) return;
  erase(txn, tables.purges, format::purge_key(*store).bytes());
}

bool purge_waiting(MDB_txn* txn, const Tables& tables) {
  return first_purge(txn, tables).has_value();
}

}  // namespace mentat_sync
