// Files that are written whole, or not at all; and where none may be put.
#include "cli/atomic_file.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

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

}  // namespace
}  // namespace mentat_sync
