// Files that are written whole, or not at all; and where none may be put.
#include "cli/atomic_file.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <iterator>
#include <sys/stat.h>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string content(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(AtomicFileTest, AppearsWholeOrNotAtAll) {
  const TemporaryDirectory directory;
  const auto target = directory.path() / "file";
  {
    auto file = AtomicFile::create(target);
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(file->write("half").ok());
  }
  EXPECT_TRUE(fs::is_empty(directory.path()));
  EXPECT_TRUE(write_file(target, "all of it", true).ok());
  EXPECT_EQ(content(target), "all of it");
}

TEST(AtomicFileTest, NeverTakesThePlaceOfAServersFile) {
  const TemporaryDirectory directory;
  std::ofstream{directory.path() / "mentat-sync.lock"} << "123\n";
  for (const char* name : {"data.mdb", "lock.mdb", "mentat-sync.lock"}) {
    const auto refused = write_file(directory.path() / name, "x", false);
    EXPECT_THAT(refused.message(), HasSubstr("data directory")) << name;
  }
  EXPECT_EQ(content(directory.path() / "mentat-sync.lock"), "123\n");
  EXPECT_TRUE(write_file(directory.path() / "tokens", "x", false).ok());
}

TEST(AtomicFileTest, LeavesLinksAndWritesWhereTheyLead) {
  const TemporaryDirectory directory;
  const auto target = directory.path() / "target";
  const auto link = directory.path() / "link";
  std::ofstream{target} << "before";
  fs::create_symlink("target", link);
  EXPECT_TRUE(write_file(link, "after", false).ok());
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(content(target), "after");
}

TEST(AtomicFileTest, LeavesPipesAndWritesToThem) {
  const TemporaryDirectory directory;
  const auto pipe = directory.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto read = std::async(std::launch::async, [&] { return content(pipe); });
  EXPECT_TRUE(write_file(pipe, "through", true).ok());
  EXPECT_EQ(read.get(), "through");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

}  // namespace
}  // namespace mentat_sync
