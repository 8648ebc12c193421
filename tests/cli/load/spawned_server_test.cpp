// A server of the tool's own: it serves, and nothing is left of it.
#include "cli/load/spawned_server.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

class SpawnedServerTest : public ::testing::Test {
 protected:
  SpawnedServerTest() {
    options_.spawn = true;
    options_.spawn_directory = directory_.path();
  }

  Result<std::unique_ptr<SpawnedServer>> start() {
    return SpawnedServer::start(options_, interrupter_, MENTAT_SYNC_PROGRAM);
  }

  bool nothing_left() const { return std::filesystem::is_empty(directory_.path()); }

  const TemporaryDirectory directory_;
  Interrupter interrupter_;
  LoadOptions options_;
};

TEST_F(SpawnedServerTest, ServesAndLeavesNothingBehind) {
  {
    auto server = start();
    ASSERT_TRUE(server.ok()) << server.status().message();
    EXPECT_TRUE(server.value()->running());
    EXPECT_EQ(server.value()->url().host(), "127.0.0.1");
    EXPECT_NE(server.value()->url().port(), 0);
    EXPECT_FALSE(nothing_left());
  }
  EXPECT_TRUE(nothing_left());
}

TEST_F(SpawnedServerTest, TakesArgumentsAndAProcessor) {
  options_.serve_arguments = {"--threads=1", "--max-connections", "10"};
  options_.serve_cpu = 0;
  auto server = start();
  ASSERT_TRUE(server.ok()) << server.status().message();
  EXPECT_TRUE(server.value()->running());
}

TEST_F(SpawnedServerTest, SaysWhyItDoesNotStart) {
  options_.serve_arguments = {"--juggle"};
  const auto server = start();
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.status().code(), ErrorCode::invalid);
  EXPECT_THAT(server.status().message(), HasSubstr("serve has no option '--juggle'"));
  EXPECT_THAT(server.status().message(), HasSubstr("exit code 2"));
  EXPECT_TRUE(nothing_left());
}

TEST_F(SpawnedServerTest, SaysWhenThereIsNoSuchProcessor) {
  options_.serve_cpu = 1'023;
  const auto server = start();
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.status().code(), ErrorCode::unavailable);
  EXPECT_THAT(server.status().message(), HasSubstr("cannot run on processor 1023"));
  EXPECT_TRUE(nothing_left());
}

TEST_F(SpawnedServerTest, DoesNotStartOnceInterrupted) {
  interrupter_.interrupt();
  const auto server = start();
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.status().message(), "interrupted");
  EXPECT_TRUE(nothing_left());
}

TEST_F(SpawnedServerTest, IsNotToldOfTheEnvironment) {
  ::setenv("MENTAT_SYNC_AUTH", "juggle", 1);
  const auto server = start();
  ::unsetenv("MENTAT_SYNC_AUTH");
  EXPECT_TRUE(server.ok()) << server.status().message();
}

}  // namespace
}  // namespace mentat_sync
