// One write transaction, which is committed at the end.
#include "raw_store.hpp"

#include <stdexcept>

namespace mentat_sync {

RawStore::RawStore(const std::filesystem::path& directory) {
  check("mdb_env_create", mdb_env_create(&env_));
  check("mdb_env_set_maxdbs", mdb_env_set_maxdbs(env_, 8));
  check("mdb_env_set_mapsize", mdb_env_set_mapsize(env_, std::size_t{1} << 30));
  check("mdb_env_open", mdb_env_open(env_, directory.c_str(), 0, 0600));
  check("mdb_txn_begin", mdb_txn_begin(env_, nullptr, 0, &txn_));
  tables_ = Tables::find(txn_).value();
}

RawStore::~RawStore() {
  mdb_txn_commit(txn_);
  mdb_env_close(env_);
}

std::optional<std::string> RawStore::get(MDB_dbi table, format::Bytes key) const {
  const auto value = mentat_sync::get(txn_, table, key);
  return value ? std::optional{std::string{*value}} : std::nullopt;
}

void RawStore::put(MDB_dbi table, format::Bytes key, format::Bytes value) {
  mentat_sync::put(txn_, table, key, value);
}

void RawStore::erase(MDB_dbi table, format::Bytes key) {
  mentat_sync::erase(txn_, table, key);
}

void RawStore::alter(MDB_dbi table, format::Bytes key,
                     const std::function<std::string(const std::string&)>& change) {
  const auto value = get(table, key);
  if (!value) throw std::runtime_error{"there is nothing to alter"};
  put(table, key, change(*value));
}

}  // namespace mentat_sync
