// One environment, one table, one transaction after the other.
#include "bench/raw_lmdb.hpp"

#include <lmdb.h>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

namespace mentat_sync {
namespace {

constexpr std::size_t map_bytes = std::size_t{4} * 1024 * 1024 * 1024;

void check(int code) {
  if (code != MDB_SUCCESS) throw std::runtime_error{mdb_strerror(code)};
}

struct Close {
  void operator()(MDB_env* environment) const { mdb_env_close(environment); }
};
using Environment = std::unique_ptr<MDB_env, Close>;

Environment open(const std::filesystem::path& directory) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  MDB_env* environment = nullptr;
  check(mdb_env_create(&environment));
  Environment owned{environment};
  check(mdb_env_set_mapsize(environment, map_bytes));
  check(mdb_env_open(environment, directory.c_str(), 0, 0600));
  return owned;
}

class Keys {
 public:
  MDB_val next() {
    for (auto& word : words_) word = random_();
    return {sizeof words_, words_.data()};
  }

 private:
  std::mt19937_64 random_{1};
  std::array<std::uint64_t, 4> words_{};
};

void commit_batch(MDB_env* environment, Keys& keys, std::size_t puts, std::string& value) {
  MDB_txn* txn = nullptr;
  check(mdb_txn_begin(environment, nullptr, 0, &txn));
  MDB_dbi table = 0;
  check(mdb_dbi_open(txn, nullptr, 0, &table));
  for (std::size_t i = 0; i < puts; ++i) {
    MDB_val key = keys.next();
    MDB_val bytes{value.size(), value.data()};
    check(mdb_put(txn, table, &key, &bytes, 0));
  }
  check(mdb_txn_commit(txn));
}

}  // namespace

double lmdb_puts_a_second(const std::filesystem::path& directory, std::size_t puts_in_a_commit,
                          std::size_t value_bytes, std::chrono::duration<double> time) {
  using Clock = std::chrono::steady_clock;
  const Environment environment = open(directory);
  Keys keys;
  std::string value(value_bytes, 'x');
  std::size_t puts = 0;
  const auto start = Clock::now();
  std::chrono::duration<double> elapsed{};
  do {
    commit_batch(environment.get(), keys, puts_in_a_commit, value);
    puts += puts_in_a_commit;
    elapsed = Clock::now() - start;
  } while (elapsed < time);
  std::filesystem::remove_all(directory);
  return static_cast<double>(puts) / elapsed.count();
}

}  // namespace mentat_sync
