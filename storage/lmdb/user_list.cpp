// Walking the table of users.
#include "storage/lmdb/user_list.hpp"

#include "storage/lmdb/log_reader.hpp"

namespace mentat_sync {
namespace {

bool has_garbage(const LogReader& log, format::StoreId store) {
  const auto state = log.state(store);
  return state.pending_entries > 0 || state.unreferenced > 0;
}

}  // namespace

UserPage list_users(MDB_txn* txn, const Tables& tables, const ListUsers& query) {
  UserPage page;
  const LogReader log{txn, tables};
  const Cursor cursor{txn, tables.users};
  const format::Key from = format::user_key(query.after.value_or(UserId{}));
  MDB_val key = to_val(from.bytes());
  MDB_val value{};
  int code = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  std::uint32_t seen = 0;
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) {
    const UserId user{format::decode_uuid(to_bytes(key))};
    if (user == query.after) continue;
    if (seen == query.limit) return page;  // this one is for the next page
    ++seen;
    page.next = user;
    const format::StoreId store{format::decode_u64(to_bytes(value))};
    if (!query.with_garbage || has_garbage(log, store)) page.users.push_back(user);
  }
  if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
  page.next.reset();
  return page;
}

}  // namespace mentat_sync
