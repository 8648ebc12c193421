// Read transactions that are kept and used again: they show what was committed last, to all threads
// in one order, and keep no page from being written to.
#include "storage/lmdb/environment.hpp"

#include "storage/lmdb/format.hpp"
#include "storage/lmdb/tables.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mentat_sync {
namespace {

class KeptReaders : public testing::Test {
 protected:
  KeptReaders() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mentat-sync-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error{"mkdtemp failed"};
    directory_ = pattern;
    environment_ = Environment::open(directory_, 64 << 20, 0).value();
    tables_ = Tables::open(*environment_).value();
    write(0);
  }
  ~KeptReaders() override {
    environment_.reset();
    std::filesystem::remove_all(directory_);
  }

  void write(std::uint64_t number, std::size_t padding = 0) {
    WriteTxn txn = environment_->begin_write();
    put(txn.get(), tables_.meta, "number", format::encode(number) + std::string(padding, 'x'));
    ASSERT_EQ(txn.commit(), MDB_SUCCESS);
  }
  std::uint64_t number_in(const ReadTxn& txn) const {
    return format::decode_u64(get(txn.get(), tables_.meta, "number")->substr(0, 8));
  }
  std::uint64_t read() { return number_in(environment_->begin_read()); }

  std::filesystem::path directory_;
  std::unique_ptr<Environment> environment_;
  Tables tables_;
};

TEST_F(KeptReaders, ShowWhatWasCommittedLast) {
  for (std::uint64_t n = 1; n < 100; ++n) {
    write(n);
    EXPECT_EQ(read(), n);
    EXPECT_EQ(read(), n);
  }
}

TEST_F(KeptReaders, AreUsedAgainWhileNothingIsCommitted) {
  MDB_txn* const first = environment_->begin_read().get();
  const ReadTxn again = environment_->begin_read();
  EXPECT_EQ(again.get(), first);
  const ReadTxn beside = environment_->begin_read();
  EXPECT_NE(beside.get(), first);
  EXPECT_EQ(mdb_txn_id(beside.get()), mdb_txn_id(again.get()));
}

TEST_F(KeptReaders, ShowTheirSnapshotWhileOthersShowALaterOne) {
  const ReadTxn before = environment_->begin_read();
  write(1);
  EXPECT_EQ(number_in(before), 0U);
  EXPECT_EQ(read(), 1U);
  EXPECT_EQ(number_in(before), 0U);
}

TEST_F(KeptReaders, ThatEndedAfterACommitAreNotTakenForLaterOnes) {
  {
    const ReadTxn before = environment_->begin_read();
    write(1);
  }
  EXPECT_EQ(read(), 1U);
}

TEST_F(KeptReaders, SeeNothingOfAWriteThatIsAborted) {
  EXPECT_EQ(read(), 0U);
  {
    const WriteTxn txn = environment_->begin_write();
    put(txn.get(), tables_.meta, "number", format::encode(std::uint64_t{7}));
    EXPECT_EQ(read(), 0U);
  }
  EXPECT_EQ(read(), 0U);
}

TEST_F(KeptReaders, KeepNoPageFromBeingUsedAgain) {
  constexpr std::size_t pages = 100 * 4096;
  for (std::uint64_t n = 1; n < 10; ++n) write(n, pages);
  const std::uint64_t used = environment_->size().used_bytes;
  {
    // Of two that are kept, one is used from now on.
    const ReadTxn one = environment_->begin_read();
    const ReadTxn other = environment_->begin_read();
  }
  for (std::uint64_t n = 10; n < 50; ++n) {
    EXPECT_EQ(read(), n - 1);
    write(n, pages);
  }
  EXPECT_LE(environment_->size().used_bytes, used + pages);
}

TEST_F(KeptReaders, AreNoneWhenTheMapGrows) {
  EXPECT_EQ(read(), 0U);
  ASSERT_TRUE(environment_->grow());
  EXPECT_EQ(read(), 0U);
  write(1);
  EXPECT_EQ(read(), 1U);
}

// What one has seen, nobody reads an earlier state of later.
TEST_F(KeptReaders, GoOnlyForwardForAllThreadsTogether) {
  std::atomic<std::uint64_t> seen{0};
  std::atomic<bool> ends{false};
  std::atomic<int> backwards{0};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!ends) {
        const std::uint64_t at_least = seen;
        const std::uint64_t number = read();
        if (number < at_least) ++backwards;
        std::uint64_t before = seen;
        while (before < number && !seen.compare_exchange_weak(before, number)) {
        }
      }
    });
  }
  for (std::uint64_t n = 1; n <= 2'000; ++n) {
    write(n);
    const std::uint64_t number = read();
    EXPECT_EQ(number, n);
  }
  ends = true;
  readers.clear();
  EXPECT_EQ(backwards, 0);
}

}  // namespace
}  // namespace mentat_sync
