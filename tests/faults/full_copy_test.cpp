// Copies of a store where there is no room for them: they fail, say so, and leave everything as it
// was.
#include "small_file_system.hpp"
#include "support/server_process.hpp"
#include "support/sync_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::uint64_t MiB = 1024 * 1024;

Finished run(std::vector<std::string> arguments, const fs::path& data) {
  arguments.insert(arguments.end(), {"--data", data.string()});
  ChildProcess::Options options;
  options.command = program_command(std::move(arguments));
  return run_to_end(options);
}

void make_store(const fs::path& data, unsigned chunks) {
  ServerProcessOptions options;
  options.data = data;
  ServerProcess server{options};
  SyncClient client{server.port(), new_uuid()};
  for (unsigned i = 0; i < chunks; ++i) {
    ASSERT_EQ(client.put_chunk(new_uuid(), std::string(100'000, 'x')).status, 201);
  }
  ASSERT_TRUE(server.terminate());
}

TEST(FullDisk, ABackupThatDoesNotFitLeavesNothing) {
  const SmallFileSystem disk{4 * MiB};
  if (!disk.mounted()) GTEST_SKIP() << disk.why_not();
  const TemporaryDirectory elsewhere;
  make_store(elsewhere.path() / "data", 60);
  const auto copied =
      run({"backup", (disk.path() / "copy.mdb").string()}, elsewhere.path() / "data");
  EXPECT_EQ(copied.status.code, 1);
  EXPECT_THAT(copied.err, HasSubstr("No space left on device"));
  EXPECT_TRUE(fs::is_empty(disk.path()));
}

TEST(FullDisk, AStoreThatCannotBeCompactedStays) {
  const SmallFileSystem disk{8 * MiB};
  if (!disk.mounted()) GTEST_SKIP() << disk.why_not();
  const auto data = disk.path() / "data";
  make_store(data, 50);
  const auto compacted = run({"compact"}, data);
  EXPECT_EQ(compacted.status.code, 1);
  EXPECT_THAT(compacted.err, HasSubstr("No space left on device"));
  EXPECT_EQ(run({"check"}, data).status.code, 0);
  for (const auto& entry : fs::directory_iterator{data}) {
    EXPECT_THAT(entry.path().string(), ::testing::Not(HasSubstr(".tmp-")));
  }
}

TEST(FullDisk, ABackupThatCannotBeRestoredChangesNothing) {
  const SmallFileSystem disk{8 * MiB};
  if (!disk.mounted()) GTEST_SKIP() << disk.why_not();
  const auto data = disk.path() / "data";
  make_store(data, 20);
  const TemporaryDirectory elsewhere;
  make_store(elsewhere.path() / "data", 80);
  const auto copy = (elsewhere.path() / "copy.mdb").string();
  ASSERT_EQ(run({"backup", copy}, elsewhere.path() / "data").status.code, 0);
  EXPECT_EQ(run({"restore", "--force", copy}, data).status.code, 1);
  EXPECT_THAT(run({"check"}, data).out, HasSubstr(" 20 chunks "));
}

}  // namespace
}  // namespace mentat_sync
