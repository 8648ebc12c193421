// The token file on disk: who may read it, two writers, what a rewriting keeps.
#include "cli/token_store.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

class TokenStoreTest : public testing::Test {
 protected:
  Status add(const std::string& name, WhenMissing when_missing = WhenMissing::make) {
    return update_token_file(file, when_missing, [&](std::vector<TokenRecord>& records) {
      TokenRecord record;
      record.name = name;
      record.scopes = {Scope::read};
      const auto token = make_token(record);
      if (!token.ok()) return token.status();
      records.push_back(record);
      return Status{};
    });
  }
  std::size_t count() const { return read_token_file(file).value().size(); }
  std::string why() const { return read_token_file(file).status().message(); }
  mode_t mode() const {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return status.st_mode & 07777;
  }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  TemporaryDirectory directory;
  std::filesystem::path file = directory.path() / "tokens";
};

TEST_F(TokenStoreTest, MakesAFileForItsOwnerOnly) {
  ASSERT_TRUE(add("one").ok());
  EXPECT_EQ(mode(), 0600u);
  EXPECT_EQ(count(), 1u);
}

TEST_F(TokenStoreTest, KeepsThePermissionsOfAFile) {
  ASSERT_TRUE(add("one").ok());
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  ASSERT_TRUE(add("two").ok());
  EXPECT_EQ(mode(), 0640u);
  EXPECT_EQ(count(), 2u);
}

TEST_F(TokenStoreTest, KeepsALinkOne) {
  ASSERT_TRUE(add("one").ok());
  const auto real = file;
  file = directory.path() / "link";
  std::filesystem::create_symlink(real, file);
  ASSERT_TRUE(add("two").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(file));
  file = real;
  EXPECT_EQ(count(), 2u);
}

TEST_F(TokenStoreTest, MakesNoFileToRevokeFrom) {
  EXPECT_FALSE(add("one", WhenMissing::fail).ok());
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(TokenStoreTest, RefusesAFileThatOthersReadOrChange) {
  ASSERT_TRUE(add("one").ok());
  for (const mode_t open : {0604, 0602, 0620, 0666}) {
    ASSERT_EQ(::chmod(file.c_str(), open), 0);
    EXPECT_THAT(why(), HasSubstr("chmod")) << std::oct << open;
    EXPECT_FALSE(add("two").ok());
  }
}

TEST_F(TokenStoreTest, DoesNotWaitForAFifo) {
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_THAT(why(), HasSubstr("is no regular file"));
  EXPECT_THAT(add("one").message(), HasSubstr("is no regular file"));
}

TEST_F(TokenStoreTest, RefusesWhatIsNoFile) {
  file = directory.path();
  EXPECT_THAT(why(), HasSubstr("is no regular file"));
  file /= "nothing";
  EXPECT_THAT(why(), HasSubstr("cannot read"));
}

TEST_F(TokenStoreTest, LeavesAFileAloneThatItCannotRead) {
  std::ofstream(file) << "something else\n";
  ::chmod(file.c_str(), 0600);
  EXPECT_THAT(add("one").message(), HasSubstr("line 1"));
  EXPECT_EQ(content(), "something else\n");
}

TEST_F(TokenStoreTest, LeavesTheFileAloneWhenTheChangeFails) {
  ASSERT_TRUE(add("one").ok());
  const auto before = content();
  const auto status =
      update_token_file(file, WhenMissing::fail, [](std::vector<TokenRecord>& records) {
        records.clear();
        return Status{ErrorCode::invalid, "no"};
      });
  EXPECT_EQ(status.message(), "no");
  EXPECT_EQ(content(), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST_F(TokenStoreTest, LosesNothingOfSeveralWriters) {
  constexpr int writers = 4;
  constexpr int tokens = 10;
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i) {
    // Each locks by a descriptor of its own, so they are kept apart as processes are.
    threads.emplace_back([this] {
      for (int j = 0; j < tokens; ++j) EXPECT_TRUE(add("x").ok());
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count(), std::size_t{writers * tokens});
}

}  // namespace
}  // namespace mentat_sync
