// Faults: no more room, in the store's own bound and on the disk: 507, nothing lost, no crash, and
// writes work again once there is room.
#include "filling.hpp"
#include "small_file_system.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

namespace mentat_sync {
namespace {

constexpr std::uint64_t MiB = 1024 * 1024;

class FullStore : public testing::Test {
 protected:
  static ServerProcessOptions bounded() {
    ServerProcessOptions options;
    options.arguments = {"--max-store-bytes", std::to_string(8 * MiB)};
    return options;
  }

  ServerProcess server{bounded()};
  SyncClient client{server.port(), new_uuid()};
};

TEST_F(FullStore, Answers507AndKeepsWhatItAcknowledged) {
  const auto first = client.commit_transaction(root_id);
  const auto stored = fill(client);
  EXPECT_GT(stored.size(), 50U) << "8 MiB hold more chunks of 32 KiB than that";
  expect_readable(client, stored);
  EXPECT_EQ(client.head(), first);
  EXPECT_EQ(client.summary()["chunks"]["count"], stored.size() + 1);
  EXPECT_EQ(one_shot(server.port(), {.target = "/__lbheartbeat__"}).status, 200U);
}

TEST_F(FullStore, RepeatingWhatIsStoredStillAnswers201) {
  const auto stored = fill(client);
  ASSERT_FALSE(stored.empty());
  EXPECT_EQ(client.put_chunk(stored[0], content_of(stored[0])).status, 201U);
}

TEST_F(FullStore, KeepsEverythingOverARestart) {
  const auto stored = fill(client);
  server.kill();
  server.start();
  SyncClient again{server.port(), client.user()};
  expect_readable(again, stored);
  EXPECT_EQ(again.summary()["chunks"]["count"], stored.size());
}

class FullStoreOfTwoUsers : public FullStore {
 protected:
  void SetUp() override {
    for (int i = 0; i < 60; ++i) {
      const auto id = new_uuid();
      ASSERT_EQ(other.put_chunk(id, content_of(id)).status, 201U);
    }
  }

  void expect_room_after_delete(const std::vector<std::string>& stored) {
    const auto deleted = other.delete_user();
    EXPECT_EQ(deleted.status, 204U) << "a full store cannot be emptied: " << deleted.body;
    EXPECT_EQ(other.summary()["chunks"]["count"], 0);
    EXPECT_TRUE(becomes_writable(client)) << "the deleted user's space never came back";
    expect_readable(client, stored);
  }

  SyncClient other{server.port(), new_uuid()};
};

TEST_F(FullStoreOfTwoUsers, DeletingOneMakesRoomForTheOther) {
  expect_room_after_delete(fill(client));
}

TEST_F(FullStoreOfTwoUsers, DeletingOneMakesRoomEvenWhenTheLastPageIsTaken) {
  const auto stored = fill(client);
  fill_to_the_last_page(client);
  expect_room_after_delete(stored);
}

TEST_F(FullStoreOfTwoUsers, SpaceComesBackAfterARestart) {
  const auto stored = fill(client);
  ASSERT_EQ(other.delete_user().status, 204U);
  server.kill();
  server.start();
  SyncClient again{server.port(), client.user()};
  EXPECT_TRUE(becomes_writable(again)) << "the deleted user's space never came back";
  expect_readable(again, stored);
}

TEST(FullDisk, Answers507LosesNothingAndRecoversWithoutARestart) {
  SmallFileSystem disk{16 * MiB};
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here: " << disk.why_not();
  const auto filler = disk.path() / "filler";
  std::ofstream{filler} << std::string(6 * MiB, 'x');

  ServerProcessOptions options;
  options.data = disk.path() / "data";
  ServerProcess server{options};
  SyncClient client{server.port(), new_uuid()};
  const auto first = client.commit_transaction(root_id);
  const auto stored = fill(client);
  EXPECT_GT(stored.size(), 50U);
  ASSERT_TRUE(server.process().running()) << server.process().err();
  expect_readable(client, stored);
  EXPECT_EQ(client.head(), first);

  std::filesystem::remove(filler);
  EXPECT_TRUE(becomes_writable(client)) << server.process().err();
  const auto second = client.commit_transaction(first);
  expect_readable(client, stored);

  server.kill();
  server.start();
  SyncClient again{server.port(), client.user()};
  expect_readable(again, stored);
  EXPECT_EQ(again.head(), second);
}

TEST(FullDisk, ManyClientsAtOnceAllGet507AndTheServerLives) {
  SmallFileSystem disk{16 * MiB};
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here: " << disk.why_not();
  ServerProcessOptions options;
  options.data = disk.path() / "data";
  ServerProcess server{options};
  std::vector<SyncClient> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back(server.port(), new_uuid());
  std::vector<std::vector<std::string>> stored(clients.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      threads.emplace_back([&, i] {
        try {
          stored[i] = fill(clients[i]);
        } catch (const HttpError& error) {
          ADD_FAILURE() << error.what();
        }
      });
    }
  }
  ASSERT_TRUE(server.process().running()) << server.process().err();
  for (std::size_t i = 0; i < clients.size(); ++i) expect_readable(clients[i], stored[i]);
}

TEST(FullDisk, TheServerStartsAndReadsThere) {
  SmallFileSystem disk{16 * MiB};
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here: " << disk.why_not();
  ServerProcessOptions options;
  options.data = disk.path() / "data";
  ServerProcess server{options};
  SyncClient client{server.port(), new_uuid()};
  const auto stored = fill(client);
  for (const bool kill : {true, false}) {
    if (kill) {
      server.kill();
    } else {
      server.terminate();
    }
    server.start();
    SyncClient again{server.port(), client.user()};
    expect_readable(again, stored);
    const auto id = new_uuid();
    EXPECT_TRUE(is_problem(again.put_chunk(id, content_of(id)), 507));
  }
}

}  // namespace
}  // namespace mentat_sync
