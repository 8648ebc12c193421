// The functions of LMDB, each of which fails when it is its turn. The linker's --wrap=f sends the
// calls of f to __wrap_f, and those of __real_f to LMDB.
#include "lmdb_faults.hpp"

#include <lmdb.h>

using mentat_sync::faults::due;

extern "C" {

int __real_mdb_env_create(MDB_env** env);
int __real_mdb_env_set_maxdbs(MDB_env* env, MDB_dbi dbs);
int __real_mdb_env_set_maxreaders(MDB_env* env, unsigned readers);
int __real_mdb_env_set_mapsize(MDB_env* env, size_t size);
int __real_mdb_env_open(MDB_env* env, const char* path, unsigned flags, mdb_mode_t mode);
int __real_mdb_reader_check(MDB_env* env, int* dead);
int __real_mdb_txn_begin(MDB_env* env, MDB_txn* parent, unsigned flags, MDB_txn** txn);
int __real_mdb_txn_renew(MDB_txn* txn);
int __real_mdb_txn_commit(MDB_txn* txn);
int __real_mdb_dbi_open(MDB_txn* txn, const char* name, unsigned flags, MDB_dbi* dbi);
int __real_mdb_stat(MDB_txn* txn, MDB_dbi dbi, MDB_stat* stat);
int __real_mdb_get(MDB_txn* txn, MDB_dbi dbi, MDB_val* key, MDB_val* data);
int __real_mdb_put(MDB_txn* txn, MDB_dbi dbi, MDB_val* key, MDB_val* data, unsigned flags);
int __real_mdb_del(MDB_txn* txn, MDB_dbi dbi, MDB_val* key, MDB_val* data);
int __real_mdb_cursor_open(MDB_txn* txn, MDB_dbi dbi, MDB_cursor** cursor);
int __real_mdb_cursor_get(MDB_cursor* cursor, MDB_val* key, MDB_val* data, MDB_cursor_op op);
int __real_mdb_cursor_del(MDB_cursor* cursor, unsigned flags);

int __wrap_mdb_env_create(MDB_env** env) {
  const int code = due("mdb_env_create");
  return code ? code : __real_mdb_env_create(env);
}
int __wrap_mdb_env_set_maxdbs(MDB_env* env, MDB_dbi dbs) {
  const int code = due("mdb_env_set_maxdbs");
  return code ? code : __real_mdb_env_set_maxdbs(env, dbs);
}
int __wrap_mdb_env_set_maxreaders(MDB_env* env, unsigned readers) {
  const int code = due("mdb_env_set_maxreaders");
  return code ? code : __real_mdb_env_set_maxreaders(env, readers);
}
int __wrap_mdb_env_set_mapsize(MDB_env* env, size_t size) {
  const int code = due("mdb_env_set_mapsize");
  return code ? code : __real_mdb_env_set_mapsize(env, size);
}
int __wrap_mdb_env_open(MDB_env* env, const char* path, unsigned flags, mdb_mode_t mode) {
  const int code = due("mdb_env_open");
  return code ? code : __real_mdb_env_open(env, path, flags, mode);
}
int __wrap_mdb_reader_check(MDB_env* env, int* dead) {
  const int code = due("mdb_reader_check");
  return code ? code : __real_mdb_reader_check(env, dead);
}
int __wrap_mdb_txn_begin(MDB_env* env, MDB_txn* parent, unsigned flags, MDB_txn** txn) {
  const int code = due("mdb_txn_begin");
  return code ? code : __real_mdb_txn_begin(env, parent, flags, txn);
}
int __wrap_mdb_txn_renew(MDB_txn* txn) {
  const int code = due("mdb_txn_renew");
  return code ? code : __real_mdb_txn_renew(txn);
}
/// The transaction ends either way.
int __wrap_mdb_txn_commit(MDB_txn* txn) {
  const int code = due("mdb_txn_commit");
  if (code == 0) return __real_mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return code;
}
int __wrap_mdb_dbi_open(MDB_txn* txn, const char* name, unsigned flags, MDB_dbi* dbi) {
  const int code = due("mdb_dbi_open");
  return code ? code : __real_mdb_dbi_open(txn, name, flags, dbi);
}
int __wrap_mdb_stat(MDB_txn* txn, MDB_dbi dbi, MDB_stat* stat) {
  const int code = due("mdb_stat");
  return code ? code : __real_mdb_stat(txn, dbi, stat);
}
int __wrap_mdb_get(MDB_txn* txn, MDB_dbi dbi, MDB_val* key, MDB_val* data) {
  const int code = due("mdb_get");
  return code ? code : __real_mdb_get(txn, dbi, key, data);
}
int __wrap_mdb_put(MDB_txn* txn, MDB_dbi dbi, MDB_val* key, MDB_val* data, unsigned flags) {
  const int code = due("mdb_put");
  return code ? code : __real_mdb_put(txn, dbi, key, data, flags);
}
int __wrap_mdb_del(MDB_txn* txn, MDB_dbi dbi, MDB_val* key, MDB_val* data) {
  const int code = due("mdb_del");
  return code ? code : __real_mdb_del(txn, dbi, key, data);
}
int __wrap_mdb_cursor_open(MDB_txn* txn, MDB_dbi dbi, MDB_cursor** cursor) {
  const int code = due("mdb_cursor_open");
  return code ? code : __real_mdb_cursor_open(txn, dbi, cursor);
}
int __wrap_mdb_cursor_get(MDB_cursor* cursor, MDB_val* key, MDB_val* data, MDB_cursor_op op) {
  const int code = due("mdb_cursor_get");
  return code ? code : __real_mdb_cursor_get(cursor, key, data, op);
}
int __wrap_mdb_cursor_del(MDB_cursor* cursor, unsigned flags) {
  const int code = due("mdb_cursor_del");
  return code ? code : __real_mdb_cursor_del(cursor, flags);
}
}
