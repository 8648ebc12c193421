// Files that are none: whoever opens a FIFO waits for another, and nothing here may.
#include "storage/regular_file.hpp"

#include "storage/backup.hpp"
#include "storage/census.hpp"
#include "storage/check.hpp"
#include "storage/inspection.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sys/stat.h>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class RegularFileTest : public StoreFixture {
 protected:
  fs::path fifo(const std::string& name) const {
    const auto path = directory() / name;
    fs::remove(path);
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return path;
  }
};

std::string why(const Status& status) {
  return status.ok() ? "was taken" : status.message();
}

TEST_F(RegularFileTest, IsReadToItsEnd) {
  std::ofstream{directory() / "file"} << "12345";
  auto file = RegularFile::open(directory() / "file");
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(file->status().st_size, 5);
  std::string text(8, ' ');
  EXPECT_EQ(*file->read(text.data(), 3), 3U);
  EXPECT_EQ(*file->read(text.data() + 3, 5), 2U);
  EXPECT_EQ(text, "12345   ");
  EXPECT_EQ(*file->read(text.data(), 1), 0U);
}

TEST_F(RegularFileTest, IsNothingElse) {
  for (const auto& other : {fifo("fifo"), directory(), fs::path{"/dev/zero"}}) {
    EXPECT_EQ(why(RegularFile::open(other).status()), "it is no regular file") << other;
  }
  EXPECT_EQ(why(RegularFile::open(directory() / "none").status()), "No such file or directory");
}

TEST_F(RegularFileTest, OnlyIsTakenForAStore) {
  close();
  LmdbStoreOptions options;
  options.directory = directory();
  for (const bool with_lock : {true, false}) {
    if (!with_lock) fs::remove(directory() / "lock.mdb");
    const auto data = fifo("data.mdb");
    const auto wrong = HasSubstr("no regular file");
    EXPECT_THAT(why(check_store(directory()).status()), wrong);
    EXPECT_THAT(why(check_file(data).status()), wrong);
    EXPECT_THAT(why(take_census(directory(), 0).status()), wrong);
    EXPECT_THAT(why(compact(directory(), {}).status()), wrong);
    EXPECT_THAT(why(back_up(directory(), directory().string() + ".copy", {}).status()), wrong);
    EXPECT_THAT(why(restore(data, directory() / "new", {}).status()), wrong);
    EXPECT_THAT(why(StoreInspector::open(directory(), {}).status()), wrong);
    EXPECT_THAT(why(LmdbStore::open(options).status()), wrong);
    EXPECT_TRUE(fs::is_fifo(data)) << "nothing was removed";
  }
}

TEST_F(RegularFileTest, IsNotWaitedForInTheLocksPlace) {
  close();
  fifo("mentat-sync.lock");
  EXPECT_TRUE(check_store(directory()).ok());
}

}  // namespace
}  // namespace mentat_sync
