// Black-box: what was acknowledged is there after a restart, however the server ended.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using testing::IsEmpty;

enum class End { terminated, killed };

class RestartConformance : public testing::TestWithParam<End> {
 protected:
  void restart() {
    if (GetParam() == End::killed) {
      server.kill();
    } else {
      const ExitStatus clean_exit{.code = 0, .signal = {}};
      ASSERT_EQ(server.terminate(), clean_exit) << server.process().err();
    }
    server.start();
  }

  /// The same user at the server's present port.
  SyncClient client() const { return {server.port(), user}; }

  ServerProcess server;
  const std::string user = new_uuid();
};

TEST_P(RestartConformance, KeepsCommittedTransactionsAndChunks) {
  const auto first = client().commit_transaction(root_id);
  const auto second = client().commit_transaction(first);
  const auto summary = client().summary();
  const auto transaction = client().get_transaction(second).json();
  restart();
  EXPECT_EQ(client().summary(), summary);
  EXPECT_EQ(client().transactions(), (std::vector{first, second}));
  EXPECT_EQ(client().get_transaction(second).json(), transaction);
  EXPECT_EQ(client().get_chunk("c-" + first).body, "chunk of " + first);
}

TEST_P(RestartConformance, KeepsWhatIsInProgress) {
  const auto first = client().commit_transaction(root_id);
  const auto pending = client().add_transaction(first);
  client().put_chunk("loose", "bytes");
  restart();
  EXPECT_EQ(client().head(), first);
  EXPECT_EQ(client().put_transaction(pending, first, {"c-" + pending}).status, 201);
  EXPECT_EQ(client().put_transaction(pending, first, {"loose"}).status, 409);
  EXPECT_EQ(client().put_head(pending).status, 204);
  EXPECT_EQ(client().put_transaction(new_uuid(), pending, {"loose"}).status, 201);
}

TEST_P(RestartConformance, KeepsThatATransactionHasChildren) {
  const auto parent = client().add_transaction(root_id);
  const auto child = client().add_transaction(parent);
  restart();
  EXPECT_TRUE(is_head_refusal(client().put_head(parent), 409, root_id));
  EXPECT_EQ(client().put_head(child).status, 204);
}

TEST_P(RestartConformance, KeepsDeletedUsersDeleted) {
  client().commit_transaction(root_id);
  ASSERT_EQ(client().delete_user().status, 204);
  restart();
  EXPECT_EQ(client().head(), root_id);
  EXPECT_THAT(client().transactions(), IsEmpty());
  EXPECT_EQ(client().summary()["chunks"]["count"], 0);
  const auto again = client().commit_transaction(root_id);
  restart();
  EXPECT_EQ(client().head(), again);
}

TEST_P(RestartConformance, GoesOnWhereItWas) {
  std::vector<std::string> chain;
  std::string parent{root_id};
  for (int round = 0; round < 4; ++round) {
    chain.push_back(parent = client().commit_transaction(parent));
    chain.push_back(parent = client().commit_transaction(parent));
    restart();
  }
  EXPECT_EQ(client().transactions(), chain);
  EXPECT_EQ(client().summary()["seq"], chain.size());
}

INSTANTIATE_TEST_SUITE_P(After, RestartConformance, testing::Values(End::terminated, End::killed),
                         [](const auto& end) {
                           return end.param == End::killed ? "Kill" : "Termination";
                         });

}  // namespace
}  // namespace mentat_sync
