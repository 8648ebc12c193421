// Faults: a push for which there is no room: 507, and nothing of it can be seen; collecting garbage
// and deleting work in a full store.
#include "filling.hpp"
#include "small_file_system.hpp"
#include "support/cbor_log.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <thread>

namespace mentat_sync {
namespace {

constexpr std::uint64_t MiB = 1024 * 1024;

std::vector<std::string> new_ids(std::size_t count) {
  std::vector<std::string> ids(count);
  for (auto& id : ids) id = new_uuid();
  return ids;
}

/// One transaction for each chunk.
CborLog log_of(const std::vector<std::string>& chunks, std::string_view base = root_id,
               std::uint64_t seq = 0) {
  CborLog log{base, seq};
  for (const auto& id : chunks) log.chunk(id, content_of(id)).transaction(new_uuid(), {id});
  return log;
}

/// It collects when it is told to, and then everything that it may.
ServerProcessOptions bounded() {
  ServerProcessOptions options;
  options.arguments = {"--max-store-bytes",    std::to_string(8 * MiB),
                       "--gc-interval",        "0s",
                       "--gc-grace",           "0s",
                       "--gc-abandoned-after", "0s",
                       "--chunk-lease",        "0s"};
  return options;
}

class FullPush : public testing::Test {
 protected:
  void expect_507_and_nothing_of_it(const CborLog& log, const std::vector<std::string>& chunks) {
    const auto before = client.summary();
    const auto response = client.push(log.encode());
    EXPECT_TRUE(is_problem(response, 507));
    EXPECT_THAT(response.json().value("type", ""), testing::HasSubstr("storage-full"));
    EXPECT_EQ(client.summary(), before);
    EXPECT_EQ(client.missing(chunks).json()["missing"].size(), chunks.size());
  }

  ServerProcess server{bounded()};
  SyncClient client{server.port(), new_uuid()};
};

TEST_F(FullPush, LargerThanTheStoreIs507AndTheStoreIsAsBefore) {
  const auto kept = new_ids(10);
  const auto first = log_of(kept);
  ASSERT_EQ(client.push(first.encode()).status, 201U);
  const auto large = new_ids(400);
  expect_507_and_nothing_of_it(log_of(large, first.head(), kept.size()), large);
  const auto small = new_ids(10);
  const auto next = log_of(small, first.head(), kept.size());
  EXPECT_EQ(client.push(next.encode()).status, 201U) << "there is room for this one";
  const auto log = expect_whole_log(client.pull());
  EXPECT_EQ(log.transactions.size(), 20U);
  for (const auto& id : kept) EXPECT_EQ(log.bytes_of(id), content_of(id));
}

TEST_F(FullPush, IntoAFullStoreIs507AndReadingGoesOn) {
  const auto kept = new_ids(5);
  const auto first = log_of(kept);
  ASSERT_EQ(client.push(first.encode()).status, 201U);
  fill(client);
  const auto more = new_ids(20);
  expect_507_and_nothing_of_it(log_of(more, first.head(), kept.size()), more);
  EXPECT_EQ(client.push(first.encode()).status, 200U) << "a replay needs no room";
  EXPECT_EQ(expect_whole_log(client.pull()).transactions.size(), kept.size());
}

TEST_F(FullPush, OthersPushesGoOnBesideOneThatDoesNotFit) {
  SyncClient other{server.port(), new_uuid()};
  const auto large = log_of(new_ids(400)).encode();
  std::string head{root_id};
  for (std::uint64_t seq = 0; seq < 10; ++seq) {
    EXPECT_EQ(client.push(large).status, 507U);
    const auto log = CborLog{head, seq}.transaction(new_uuid(), {});
    EXPECT_EQ(other.push(log.encode()).status, 201U);
    head = log.head();
  }
}

TEST_F(FullPush, GoesThroughAfterGarbageWasCollected) {
  const auto kept = new_ids(5);
  const auto first = log_of(kept);
  ASSERT_EQ(client.push(first.encode()).status, 201U);
  fill(client);
  fill_to_the_last_page(client);
  server.process().signal(SIGUSR1);
  EXPECT_TRUE(becomes_writable(client)) << server.process().err();
  server.process().signal(SIGUSR1);
  const auto more = new_ids(100);
  const auto next = log_of(more, first.head(), kept.size());
  unsigned status = 507;
  for (int i = 0; i < 100 && status == 507; ++i) {
    status = client.push(next.encode()).status;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  EXPECT_EQ(status, 201U);
  const auto log = expect_whole_log(client.pull());
  EXPECT_EQ(log.transactions.size(), 105U);
  for (const auto& id : kept) EXPECT_EQ(log.bytes_of(id), content_of(id));
}

TEST_F(FullPush, DeletingMakesRoomForIt) {
  SyncClient other{server.port(), new_uuid()};
  ASSERT_EQ(other.push(log_of(new_ids(100)).encode()).status, 201U);
  fill(client);
  fill_to_the_last_page(client);
  EXPECT_EQ(other.delete_user().status, 204U);
  EXPECT_TRUE(becomes_writable(client));
}

TEST_F(FullPush, AskingWhatIsMissingWorksInAFullStore) {
  const auto stored = fill(client);
  fill_to_the_last_page(client);
  const auto response = client.missing({stored.front(), "unknown"});
  EXPECT_EQ(response.status, 200U) << response.body;
  EXPECT_EQ(response.json()["missing"], nlohmann::json{"unknown"});
}

TEST(FullDiskPush, Is507AndWholeAfterThereIsRoomAgain) {
  SmallFileSystem disk{16 * MiB};
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here: " << disk.why_not();
  ServerProcessOptions options;
  options.data = disk.path() / "data";
  ServerProcess server{options};
  SyncClient client{server.port(), new_uuid()};
  SyncClient other{server.port(), new_uuid()};
  const auto kept = new_ids(100);
  const auto first = log_of(kept);
  ASSERT_EQ(client.push(first.encode()).status, 201U);
  ASSERT_EQ(other.push(log_of(new_ids(100)).encode()).status, 201U);
  const auto more = new_ids(350);
  const auto log = log_of(more, first.head(), kept.size());
  EXPECT_TRUE(is_problem(client.push(log.encode()), 507));
  EXPECT_EQ(client.missing(more).json()["missing"].size(), more.size());
  ASSERT_TRUE(server.process().running()) << server.process().err();
  EXPECT_EQ(other.delete_user().status, 204U);
  EXPECT_TRUE(becomes_writable(client)) << server.process().err();
  const auto small = new_ids(50);
  EXPECT_EQ(client.push(log_of(small, first.head(), kept.size()).encode()).status, 201U);
  server.kill();
  server.start();
  SyncClient again{server.port(), client.user()};
  const auto pulled = expect_whole_log(again.pull());
  EXPECT_EQ(pulled.transactions.size(), 150U);
  for (const auto& chunk : pulled.chunks) ASSERT_EQ(chunk.bytes, content_of(chunk.id));
}

}  // namespace
}  // namespace mentat_sync
