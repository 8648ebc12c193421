// Copies of a store: that they are whole, that nothing is replaced by mistake, and that what fails
// leaves everything as it was.
#include "storage/backup.hpp"

#include "check_fixture.hpp"
#include "invariants.hpp"
#include "storage/census.hpp"
#include "storage/lmdb/directory_lock.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class BackupTest : public CheckTest {
 protected:
  BackupTest() { fs::create_directory(place()); }
  ~BackupTest() override { fs::remove_all(place()); }

  fs::path place() const { return directory().string() + "-copies"; }
  fs::path target() const { return place() / "copy.mdb"; }

  std::set<std::string> files(const fs::path& where) const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{where}) {
      names.insert(entry.path().filename());
    }
    return names;
  }

  void fill_and_free() {
    open();
    for (unsigned i = 0; i < 100; ++i) {
      submit(PutChunk{other_user, chunk_id("c" + std::to_string(i)), std::string(20'000, 'z')});
    }
    submit(DeleteUser{other_user});
    while (store().statistics()->purges_pending > 0) ::usleep(1'000);
    close();
  }

  std::uint64_t users_in(const fs::path& where) const { return take_census(where, 0)->users; }
};

TEST_F(BackupTest, IsASoundStoreOfTheSame) {
  const auto bytes = back_up(directory(), target(), {});
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();
  EXPECT_EQ(*bytes, fs::file_size(target()));
  const auto copy = check_file(target());
  ASSERT_TRUE(copy.ok());
  EXPECT_TRUE(copy->sound());
  EXPECT_EQ(copy->transactions, report().transactions);
  EXPECT_EQ(copy->chunk_bytes, report().chunk_bytes);
  fs::rename(target(), place() / "data.mdb");
  EXPECT_THAT(broken_invariants(place()), IsEmpty());
}

TEST_F(BackupTest, IsForItsOwnerOnly) {
  ASSERT_TRUE(back_up(directory(), target(), {}).ok());
  EXPECT_EQ(fs::status(target()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(BackupTest, ReplacesNothingUnlessToldTo) {
  std::ofstream{target()} << "mine";
  const auto refused = back_up(directory(), target(), {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().code(), ErrorCode::invalid);
  EXPECT_EQ(fs::file_size(target()), 4U);
  EXPECT_TRUE(back_up(directory(), target(), {true, {}}).ok());
  EXPECT_TRUE(check_file(target())->sound());
  EXPECT_EQ(files(place()), std::set<std::string>{"copy.mdb"});
}

TEST_F(BackupTest, IsJudgedUnderAnotherNameAndReplacesNothingWhenItIsRefused) {
  std::ofstream{target()} << "mine";
  BackupOptions options;
  options.replace = true;
  bool was_sound = false;
  options.judge = [&](const fs::path& copy) {
    EXPECT_NE(copy, target());
    was_sound = check_file(copy)->sound();
    return Status{ErrorCode::corrupt, "no good"};
  };
  const auto refused = back_up(directory(), target(), options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().message(), "no good");
  EXPECT_TRUE(was_sound);
  EXPECT_EQ(fs::file_size(target()), 4U);
  EXPECT_EQ(files(place()), std::set<std::string>{"copy.mdb"});
}

TEST_F(BackupTest, NeverReplacesTheStoreItself) {
  const auto refused = back_up(directory(), directory() / "data.mdb", {true, {}});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.status().message(), HasSubstr("is the store itself"));
  EXPECT_TRUE(report().sound());
}

TEST_F(BackupTest, NeverTakesThePlaceOfAServersFile) {
  const auto other = place() / "other";
  fs::create_directory(other);
  ASSERT_TRUE(DirectoryLock::acquire(other).ok());
  fs::create_directory_symlink(directory(), place() / "link");
  for (const auto& where : {directory(), other, place() / "link", directory() / "."}) {
    const auto before = files(where);
    for (const char* name : {"mentat-sync.lock", "lock.mdb", "data.mdb", "copy.mdb"}) {
      const auto refused = back_up(directory(), where / name, {true, {}});
      ASSERT_FALSE(refused.ok()) << where / name;
      EXPECT_EQ(refused.status().code(), ErrorCode::invalid);
    }
    EXPECT_EQ(files(where), before);
  }
  EXPECT_TRUE(report().sound());
}

TEST_F(BackupTest, LeavesNothingBehindWhenItIsStopped) {
  const CopyProgress stop = [](std::uint64_t, std::uint64_t) { return false; };
  const auto stopped = back_up(directory(), target(), {false, stop});
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.status().code(), ErrorCode::unavailable);
  EXPECT_THAT(files(place()), IsEmpty());
}

TEST_F(BackupTest, SaysWhenThereIsNoStoreOrNoPlace) {
  EXPECT_FALSE(back_up(place(), target(), {}).ok());
  EXPECT_THAT(files(place()), IsEmpty());
  const auto nowhere = back_up(directory(), place() / "none" / "copy.mdb", {});
  ASSERT_FALSE(nowhere.ok());
  EXPECT_THAT(nowhere.status().message(), HasSubstr("none/copy.mdb"));
}

TEST_F(BackupTest, GoesToAPipeToo) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t reader = ::fork();
  if (reader == 0) {
    ::close(ends[1]);
    std::ofstream out{target(), std::ios::binary};
    char buffer[4'096];
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
      out.write(buffer, got);
    }
    out.close();
    ::_exit(out ? 0 : 1);
  }
  ::close(ends[0]);
  const auto bytes = back_up_to(directory(), ends[1], {});
  ::close(ends[1]);
  int status = 1;
  ::waitpid(reader, &status, 0);
  ASSERT_TRUE(bytes.ok());
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(check_file(target())->sound());
}

// --- Restoring ----------------------------------------------------------------------------------

TEST_F(BackupTest, IsRestoredToAnEmptyPlace) {
  ASSERT_TRUE(back_up(directory(), target(), {}).ok());
  const auto where = place() / "new" / "data";
  const auto restored = restore(target(), where, {});
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_TRUE(restored->done);
  EXPECT_FALSE(restored->aside);
  EXPECT_EQ(restored->bytes_before, 0U);
  EXPECT_TRUE(check_store(where)->sound());
  EXPECT_EQ(users_in(where), users_in(directory()));
}

TEST_F(BackupTest, IsNotRestoredOverAStoreUnlessToldTo) {
  ASSERT_TRUE(back_up(directory(), target(), {}).ok());
  open();
  submit(PutChunk{other_user, chunk_id("later"), "1"});
  close();
  const auto refused = restore(target(), directory(), {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().code(), ErrorCode::invalid);
  EXPECT_EQ(users_in(directory()), 2U);

  ReplaceOptions options;
  options.replace = true;
  const auto restored = restore(target(), directory(), options);
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  ASSERT_TRUE(restored->aside);
  EXPECT_TRUE(check_file(*restored->aside)->sound()) << "the old one is still there";
  EXPECT_EQ(check_file(*restored->aside)->logs, 2U);
  EXPECT_EQ(users_in(directory()), 1U);
  open();
  EXPECT_EQ(head().head, transaction(2));
}

TEST_F(BackupTest, IsNotRestoredWhereAServerRuns) {
  ASSERT_TRUE(back_up(directory(), target(), {}).ok());
  ReplaceOptions options;
  options.replace = true;
  const auto lock = DirectoryLock::acquire(directory());
  ASSERT_TRUE(lock.ok());
  const auto refused = restore(target(), directory(), options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().code(), ErrorCode::busy);
  EXPECT_EQ(compact(directory(), {}).status().code(), ErrorCode::busy);
}

TEST_F(BackupTest, OfAnotherFormatVersionIsRefusedWithTheFilesName) {
  {
    RawStore raw{directory()};
    raw.put(raw.tables().meta, "format", format::encode(std::uint32_t{99}));
  }
  const auto data = directory() / "data.mdb";
  fs::copy_file(data, target());
  for (const auto& [status, file] :
       {std::pair{back_up(directory(), place() / "copy", {}).status(), data},
        std::pair{compact(directory(), {}).status(), data},
        std::pair{take_census(directory(), 0).status(), data},
        std::pair{restore(target(), place() / "new", {}).status(), target()}}) {
    EXPECT_EQ(status.code(), ErrorCode::invalid);
    EXPECT_THAT(status.message(), StartsWith(file.string() + ": the store has format version 99"));
  }
}

TEST_F(BackupTest, ThatIsDamagedIsNotRestored) {
  after_state([](auto& state) { state.chunk_count += 1; });
  ASSERT_TRUE(back_up(directory(), target(), {}).ok());
  const auto where = place() / "new";
  const auto refused = restore(target(), where, {});
  ASSERT_TRUE(refused.ok());
  EXPECT_FALSE(refused->done);
  EXPECT_EQ(refused->check.findings_in_all, 1U);
  EXPECT_FALSE(fs::exists(where)) << "nothing was changed";

  ReplaceOptions unchecked;
  unchecked.check = false;
  EXPECT_TRUE(restore(target(), where, unchecked)->done);
}

TEST_F(BackupTest, ThatIsCutOffIsNotRestored) {
  ASSERT_TRUE(back_up(directory(), target(), {}).ok());
  fs::resize_file(target(), fs::file_size(target()) - 4'096);
  ReplaceOptions unchecked;
  unchecked.check = false;
  EXPECT_FALSE(restore(target(), place() / "new", unchecked).ok()) << "its root is its last page";
  EXPECT_FALSE(fs::exists(place() / "new"));
}

// --- Compacting ---------------------------------------------------------------------------------

TEST_F(BackupTest, CompactingMakesTheFileSmallAndKeepsAll) {
  fill_and_free();
  const auto before = report();
  const auto compacted = compact(directory(), {});
  ASSERT_TRUE(compacted.ok()) << compacted.status().message();
  EXPECT_TRUE(compacted->done);
  EXPECT_LT(compacted->bytes_after, compacted->bytes_before / 4);
  EXPECT_EQ(compacted->bytes_after, fs::file_size(directory() / "data.mdb"));
  EXPECT_EQ(report().transactions, before.transactions);
  EXPECT_EQ(report().chunk_bytes, before.chunk_bytes);
  open();
  EXPECT_EQ(head().head, transaction(2));
}

TEST_F(BackupTest, CompactingLeavesADamagedStoreAlone) {
  after_state([](auto& state) { state.chunk_count += 1; });
  const auto size = fs::file_size(directory() / "data.mdb");
  const auto names = files(directory());
  const auto refused = compact(directory(), {});
  ASSERT_TRUE(refused.ok());
  EXPECT_FALSE(refused->done);
  EXPECT_EQ(fs::file_size(directory() / "data.mdb"), size);
  EXPECT_EQ(files(directory()), names);
}

}  // namespace
}  // namespace mentat_sync
