// Black-box: Mentat's own client syncs against this server: bootstrap, fast-forward, conflict.
#include "support/running_server.hpp"
#include "tolstoy_device.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class Tolstoy : public RunningServer {
 protected:
  TolstoyDevice device() const { return {port(), user}; }

  /// Until both have everything; the original asks for a follow-up after a merge, too.
  static void sync_all(TolstoyDevice& one, TolstoyDevice& other) {
    for (int round = 0; round < 6; ++round) {
      one.sync();
      other.sync();
    }
    EXPECT_EQ(one.sync(), SyncReport::no_changes);
    EXPECT_EQ(other.sync(), SyncReport::no_changes);
  }
};

TEST_F(Tolstoy, BootstrapTakes98Requests) {
  auto laptop = device();
  EXPECT_EQ(laptop.sync(), SyncReport::remote_fast_forward);
  EXPECT_EQ(laptop.requests(), bootstrap_datoms + 3);
  EXPECT_EQ(client.transactions().size(), 1U);
  EXPECT_EQ(client.summary()["chunks"]["count"], bootstrap_datoms);
  EXPECT_EQ(laptop.sync(), SyncReport::no_changes);
}

TEST_F(Tolstoy, DatomsComeBackAsTheyWereSent) {
  auto laptop = device();
  laptop.transact({"with \"quotes\"", "ä😀", "line\nbreak", ""});
  laptop.sync();
  const auto log = laptop.remote().transactions_after(root_id);
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].datoms.size(), bootstrap_datoms);
  ASSERT_EQ(log[1].datoms.size(), 4U);
  EXPECT_EQ(log[1].datoms[1]["v"]["String"], "ä😀");
}

TEST_F(Tolstoy, ASecondDeviceAdoptsTheRemoteBootstrap) {
  auto laptop = device();
  laptop.transact({"one"});
  laptop.sync();
  auto phone = device();
  EXPECT_EQ(phone.sync(), SyncReport::local_fast_forward);
  EXPECT_THAT(phone.values(), ElementsAre("one"));
  EXPECT_EQ(phone.sync(), SyncReport::no_changes);
}

TEST_F(Tolstoy, DevicesFastForwardEachOther) {
  auto laptop = device();
  auto phone = device();
  laptop.sync();
  phone.sync();
  for (const auto& value : {"one", "two", "three"}) {
    laptop.transact({value});
    EXPECT_EQ(laptop.sync(), SyncReport::remote_fast_forward);
    EXPECT_EQ(phone.sync(), SyncReport::local_fast_forward);
    std::swap(laptop, phone);
  }
  EXPECT_THAT(laptop.values(), ElementsAre("one", "two", "three"));
  EXPECT_EQ(laptop.values(), phone.values());
}

TEST_F(Tolstoy, ConflictingDevicesMergeAndAgree) {
  auto laptop = device();
  auto phone = device();
  laptop.sync();
  phone.sync();
  laptop.transact({"laptop 1"});
  laptop.transact({"laptop 2"});
  phone.transact({"phone 1"});
  EXPECT_EQ(laptop.sync(), SyncReport::remote_fast_forward);
  EXPECT_EQ(phone.sync(), SyncReport::merged);
  EXPECT_EQ(phone.sync(), SyncReport::remote_fast_forward);
  EXPECT_EQ(laptop.sync(), SyncReport::local_fast_forward);
  EXPECT_THAT(laptop.values(), ElementsAre("laptop 1", "laptop 2", "phone 1"));
  EXPECT_EQ(phone.values(), laptop.values());
}

TEST_F(Tolstoy, TheLoserOfARaceFailsAtHeadAndSucceedsAfterAResync) {
  auto laptop = device();
  laptop.sync();
  auto& remote = laptop.remote();
  const auto shared = remote.head();
  const auto stale = [&](const std::string& parent) {
    const auto chunk = new_uuid();
    const auto transaction = new_uuid();
    remote.put_chunk(chunk, {{"partitions", {{"p", 1}}},
                             {"e", 1},
                             {"a", 1},
                             {"tx", 1},
                             {"added", true},
                             {"v", {{"String", "late"}}}});
    remote.put_transaction(transaction, parent, {chunk});
    return transaction;
  };
  const auto loser = stale(shared);
  laptop.transact({"won"});
  laptop.sync();
  EXPECT_THROW(remote.set_head(loser), TolstoyError);
  EXPECT_NO_THROW(remote.set_head(stale(remote.head())));
  EXPECT_EQ(laptop.sync(), SyncReport::local_fast_forward);
  EXPECT_THAT(laptop.values(), ElementsAre("won", "late"));
}

TEST_F(Tolstoy, AnUploadThatWasAbandonedHalfwayBlocksNobody) {
  auto laptop = device();
  laptop.sync();
  auto& remote = laptop.remote();
  remote.put_transaction(new_uuid(), remote.head(), {});
  laptop.transact({"after"});
  EXPECT_EQ(laptop.sync(), SyncReport::remote_fast_forward);
}

TEST_F(Tolstoy, ALogOfMoreThanOnePageIsFollowedBySyncingAgain) {
  auto laptop = device();
  std::vector<std::string> expected;
  for (int i = 0; i < 130; ++i) {
    expected.push_back(std::to_string(i));
    laptop.transact({expected.back()});
  }
  laptop.sync();
  auto phone = device();
  int rounds = 0;
  while (phone.sync() != SyncReport::no_changes && rounds < 5) ++rounds;
  EXPECT_EQ(rounds, 2);
  EXPECT_EQ(phone.values(), expected);
}

TEST_F(Tolstoy, ErrorBodiesAreNeverTakenForSuccess) {
  TolstoyRemote remote{port(), user};
  EXPECT_THROW(remote.transactions_after(new_uuid()), TolstoyError);
  EXPECT_THROW(remote.transactions_after("not-a-uuid"), TolstoyError);
  EXPECT_THROW((TolstoyRemote{port(), "not-a-user"}.head()), TolstoyError);
  EXPECT_THROW(remote.set_head(new_uuid()), TolstoyError);
  EXPECT_THROW(remote.put_transaction(new_uuid(), new_uuid(), {}), TolstoyError);
  EXPECT_THROW(remote.put_transaction(new_uuid(), root_id, {new_uuid()}), TolstoyError);
}

TEST_F(Tolstoy, ThreeRoundsOfChangesOnBothSidesConverge) {
  auto laptop = device();
  auto phone = device();
  for (int round = 0; round < 3; ++round) {
    laptop.transact({"laptop " + std::to_string(round)});
    phone.transact({"phone " + std::to_string(round)});
    laptop.sync();
    phone.sync();
  }
  sync_all(laptop, phone);
  EXPECT_EQ(laptop.values(), phone.values());
  EXPECT_THAT(laptop.values(), UnorderedElementsAre("laptop 0", "laptop 1", "laptop 2", "phone 0",
                                                    "phone 1", "phone 2"));
}

}  // namespace
}  // namespace mentat_sync
