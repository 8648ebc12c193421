// What is a server's, by its name and by where it is.
#include "storage/data_directory.hpp"

#include "storage/lmdb/directory_lock.hpp"
#include "store_fixture.hpp"

#include <fstream>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

class DataDirectoryTest : public StoreFixture {};

TEST_F(DataDirectoryTest, IsOneThatAServerHasLocked) {
  const auto other = directory() / "other";
  fs::create_directory(other);
  EXPECT_FALSE(is_data_directory(other));
  EXPECT_FALSE(is_file_of_store(other / "data.mdb")) << "a backup";
  ASSERT_TRUE(DirectoryLock::acquire(other).ok());
  EXPECT_TRUE(is_data_directory(other));
  for (const char* name : {"data.mdb", "lock.mdb", "mentat-sync.lock"}) {
    EXPECT_TRUE(is_file_of_store(other / name)) << name;
  }
  EXPECT_FALSE(is_file_of_store(other / "tokens"));
}

TEST_F(DataDirectoryTest, IsAlsoTheCurrentOne) {
  const auto other = directory() / "other";
  fs::create_directory(other);
  ASSERT_TRUE(DirectoryLock::acquire(other).ok());
  const auto before = fs::current_path();
  fs::current_path(other);
  const bool is_file = is_file_of_store("lock.mdb");
  fs::current_path(before);
  EXPECT_TRUE(is_file);
}

}  // namespace
}  // namespace mentat_sync
