// What outlives the process, and what an opening store refuses.
#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/tables.hpp"
#include "store_fixture.hpp"

#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

class Durability : public StoreFixture {
 protected:
  Status open_again() {
    LmdbStoreOptions options;
    options.directory = directory();
    auto opened = LmdbStore::open(options);
    return opened ? Status{} : opened.status();
  }
  void write_format_version(std::uint32_t version) {
    auto environment = Environment::open(directory(), 1 << 20, 0);
    WriteTxn txn = (*environment)->begin_write();
    MDB_dbi meta = 0;
    ASSERT_EQ(mdb_dbi_open(txn.get(), "meta", 0, &meta), MDB_SUCCESS);
    put(txn.get(), meta, "format", format::encode(version));
    ASSERT_EQ(txn.commit(), MDB_SUCCESS);
  }
};

TEST_F(Durability, KeepsEverythingAcrossARestart) {
  put_chunk("a", "bytes");
  put_transaction(transaction(1), {}, {"a"});
  advance(transaction(1));
  put_transaction(transaction(2), transaction(1));
  open();
  EXPECT_EQ(head().head, transaction(1));
  EXPECT_EQ(read<Chunk>(ReadChunk{user, chunk_id("a")}).bytes, "bytes");
  EXPECT_EQ(advance(transaction(2)), Verdict::applied);
}

TEST_F(Durability, RefusesASecondWriter) {
  const Status status = open_again();
  EXPECT_EQ(status.code(), ErrorCode::busy);
  EXPECT_NE(status.message().find(directory().string()), std::string::npos) << status.message();
  EXPECT_NE(status.message().find(std::to_string(getpid())), std::string::npos) << status.message();
}

TEST_F(Durability, RefusesOtherFormatVersions) {
  close();
  for (const std::uint32_t other : {1U, 2U, 3U, format::version + 1}) {
    write_format_version(other);
    const Status status = open_again();
    EXPECT_EQ(status.code(), ErrorCode::invalid);
    const std::string named = "format version " + std::to_string(other);
    EXPECT_NE(status.message().find(named), std::string::npos) << status.message();
  }
}

TEST_F(Durability, RefusesAnotherProgramsFile) {
  close();
  std::filesystem::remove(directory() / "data.mdb");
  {
    auto environment = Environment::open(directory(), 1 << 20, 0);
    WriteTxn txn = (*environment)->begin_write();
    MDB_dbi other = 0;
    ASSERT_EQ(mdb_dbi_open(txn.get(), "theirs", MDB_CREATE, &other), MDB_SUCCESS);
    ASSERT_EQ(txn.commit(), MDB_SUCCESS);
  }
  EXPECT_EQ(open_again().code(), ErrorCode::invalid);
}

TEST_F(Durability, RefusesAFileThatIsNoStore) {
  close();
  std::ofstream{directory() / "data.mdb"} << std::string(100'000, 'x');
  const Status status = open_again();
  EXPECT_EQ(status.code(), ErrorCode::invalid);
  EXPECT_NE(status.message().find("data.mdb is no mentat-sync store"), std::string::npos);
}

TEST_F(Durability, RefusesATruncatedFile) {
  put_chunk("a", std::string(500'000, 'x'));
  put_chunk("b", std::string(500'000, 'y'));
  close();
  std::filesystem::resize_file(directory() / "data.mdb", 100'000 / 4096 * 4096);
  const Status status = open_again();
  EXPECT_EQ(status.code(), ErrorCode::corrupt);
  EXPECT_NE(status.message().find("truncated"), std::string::npos) << status.message();
  EXPECT_EQ(std::filesystem::file_size(directory() / "data.mdb"), 100'000 / 4096 * 4096);
}

TEST_F(Durability, OpensAFileThatEndsWithPagesThatWereNeverWritten) {
  const auto file_bytes = [&] { return std::filesystem::file_size(directory() / "data.mdb"); };
  // A commit that takes pages and gives them back leaves them out; whether they are the last ones
  // depends on where LMDB puts its list of free pages.
  bool is_short = false;
  for (unsigned count = 127; count > 20 && !is_short; count -= 5) {
    put_chunk("a", "1");
    for (unsigned n = 1; n <= count; ++n) {
      put_transaction(transaction(n), n == 1 ? TransactionId::root() : transaction(n / 2),
                      {"a", "a"});
    }
    open(collect_at_once);
    collect();
    is_short = file_bytes() < store().statistics()->used_bytes;
  }
  close();
  if (!is_short) GTEST_SKIP() << "this LMDB wrote all pages that it counts";
  const Status status = open_again();
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST_F(Durability, ClearsTheReadersOfDeadProcesses) {
  close();
  const pid_t child = fork();
  if (child == 0) {
    auto environment = Environment::open(directory(), 1 << 20, 0);
    const ReadTxn reader = (*environment)->begin_read();
    _exit(0);  // as kill -9 would: the slot stays taken
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  auto environment = Environment::open(directory(), 1 << 20, 0);
  ASSERT_TRUE(environment.ok());
  MDB_env* env = mdb_txn_env((*environment)->begin_read().get());
  int dead = -1;
  EXPECT_EQ(mdb_reader_check(env, &dead), MDB_SUCCESS);
  EXPECT_EQ(dead, 0);
}

TEST_F(Durability, SaysWhichDirectoryCannotBeMade) {
  LmdbStoreOptions options;
  options.directory = "/proc/nowhere/data";
  const auto opened = LmdbStore::open(options);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.status().message().find("/proc/nowhere/data"), std::string::npos);
}

}  // namespace
}  // namespace mentat_sync
