// Black-box: users: the empty log of a new one, the summary, DELETE, and that none sees another.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class UserConformance : public RunningServer {};

TEST_F(UserConformance, RootAnswersASignOfLife) {
  const auto response = one_shot(port(), {.target = "/"});
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.body.empty());
}

TEST_F(UserConformance, HeartbeatAnswers200) {
  EXPECT_EQ(one_shot(port(), {.target = "/__lbheartbeat__"}).status, 200);
}

TEST_F(UserConformance, ANewUserHasTheRootAsHeadAndAnEmptyList) {
  EXPECT_EQ(client.head(), root_id);
  EXPECT_THAT(client.transactions(), IsEmpty());
}

TEST_F(UserConformance, ANewUsersSummaryIsAllZero) {
  const auto response = client.get("");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  const auto summary = response.json();
  EXPECT_EQ(summary["head"], root_id);
  EXPECT_EQ(summary["seq"], 0);
  EXPECT_EQ(summary["transactions"]["count"], 0);
  EXPECT_EQ(summary["transactions"]["bytes"], 0);
  EXPECT_EQ(summary["chunks"]["count"], 0);
  EXPECT_EQ(summary["chunks"]["bytes"], 0);
}

TEST_F(UserConformance, SummaryCountsCommittedTransactionsAndStoredChunks) {
  client.put_chunk("a", "12345");
  client.put_chunk("unused", "123");
  client.put_transaction(new_uuid(), root_id, {"a"});
  const auto first = new_uuid();
  client.put_transaction(first, root_id, {"a"});
  ASSERT_EQ(client.put_head(first).status, 204);
  const auto summary = client.summary();
  EXPECT_EQ(summary["head"], first);
  EXPECT_EQ(summary["seq"], 1);
  EXPECT_EQ(summary["transactions"]["count"], 1);
  EXPECT_GT(summary["transactions"]["bytes"], 0);
  EXPECT_EQ(summary["chunks"]["count"], 2);
  EXPECT_EQ(summary["chunks"]["bytes"], 8);
}

TEST_F(UserConformance, SummaryIsTheSameWithATrailingSlash) {
  client.commit_transaction(root_id);
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_EQ(client.get("/").json(), client.summary());
}

TEST_F(UserConformance, UpperCaseUuidsAreTheSameUser) {
  const auto first = client.commit_transaction(root_id);
  std::string upper = user;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  SyncClient same{port(), upper};
  EXPECT_EQ(same.head(), first);
  EXPECT_EQ(same.delete_user().status, 204);
  EXPECT_EQ(client.head(), root_id);
}

TEST_F(UserConformance, TheNilUuidIsAUserLikeAnyOther) {
  SyncClient nil{port(), std::string{root_id}};
  EXPECT_EQ(nil.put_chunk("a", "x").status, 201);
  EXPECT_EQ(nil.get_chunk("a").body, "x");
  EXPECT_EQ(nil.delete_user().status, 204);
}

TEST_F(UserConformance, DeleteAnswers204WithoutABodyWithAndWithoutASlash) {
  client.commit_transaction(root_id);
  const auto plain = client.delete_user();
  EXPECT_EQ(plain.status, 204);
  EXPECT_EQ(plain.body, "");
  client.commit_transaction(root_id);
  EXPECT_EQ(client.request("DELETE", "/").status, 204);
  EXPECT_EQ(client.head(), root_id);
}

TEST_F(UserConformance, DeletingAUserThatNeverWasAnswers204) {
  EXPECT_EQ(client.delete_user().status, 204);
  EXPECT_EQ(client.delete_user().status, 204);
}

TEST_F(UserConformance, DeleteForgetsEverything) {
  const auto first = client.commit_transaction(root_id);
  const auto pending = client.add_transaction(first);
  ASSERT_EQ(client.delete_user().status, 204);
  EXPECT_EQ(client.head(), root_id);
  EXPECT_THAT(client.transactions(), IsEmpty());
  EXPECT_EQ(client.summary()["chunks"]["count"], 0);
  EXPECT_TRUE(is_problem(client.get_transaction(first), 404));
  EXPECT_TRUE(is_problem(client.get_chunk("c-" + first), 404));
  EXPECT_TRUE(is_head_refusal(client.put_head(pending), 409, root_id));
  EXPECT_TRUE(is_problem(client.get("/transactions?from=" + first), 404));
}

TEST_F(UserConformance, ChunksDoNotComeBackAfterDelete) {
  client.commit_transaction(root_id);
  client.put_chunk("old", "bytes");
  client.delete_user();
  const auto refused = client.put_transaction(new_uuid(), root_id, {"old"});
  EXPECT_TRUE(is_problem(refused, 404));
  EXPECT_THAT(refused.json()["missing"], ElementsAre("old"));
  EXPECT_TRUE(is_problem(client.get_chunk("old"), 404));
}

TEST_F(UserConformance, OldTransactionsAreNoParentsAfterDelete) {
  const auto old = client.commit_transaction(root_id);
  client.delete_user();
  client.put_chunk("a", "x");
  EXPECT_TRUE(is_problem(client.put_transaction(new_uuid(), old, {"a"}), 409));
}

TEST_F(UserConformance, TheSameLogCanBeUploadedAgainAfterDelete) {
  const auto upload = [this](const std::string& bytes) {
    EXPECT_EQ(client.put_chunk("a", bytes).status, 201);
    const std::string transaction = "11111111-2222-3333-4444-555555555555";
    EXPECT_EQ(client.put_transaction(transaction, root_id, {"a"}).status, 201);
    EXPECT_EQ(client.put_head(transaction).status, 204);
    EXPECT_THAT(client.transactions(), ElementsAre(transaction));
    EXPECT_EQ(client.get_chunk("a").body, bytes);
  };
  upload("first");
  client.delete_user();
  upload("second, with other bytes under the same id");
}

TEST_F(UserConformance, DeleteOfOneUserLeavesTheOther) {
  SyncClient other{port(), new_uuid()};
  const auto theirs = other.commit_transaction(root_id);
  client.commit_transaction(root_id);
  client.delete_user();
  EXPECT_EQ(other.head(), theirs);
  EXPECT_EQ(other.get_chunk("c-" + theirs).status, 200);
}

TEST_F(UserConformance, TwoUsersNeverSeeEachOther) {
  SyncClient other{port(), new_uuid()};
  const auto mine = client.commit_transaction(root_id);
  EXPECT_EQ(other.head(), root_id);
  EXPECT_THAT(other.transactions(), IsEmpty());
  EXPECT_TRUE(is_problem(other.get_chunk("c-" + mine), 404));
  EXPECT_TRUE(is_problem(other.get_transaction(mine), 404));
  EXPECT_TRUE(is_head_refusal(other.put_head(mine), 409, root_id));
  other.put_chunk("theirs", "x");
  EXPECT_TRUE(is_problem(other.put_transaction(new_uuid(), mine, {"theirs"}), 409));
  EXPECT_TRUE(is_problem(other.put_transaction(new_uuid(), root_id, {"c-" + mine}), 404));
}

TEST_F(UserConformance, TwoUsersMayUseTheSameIdsForOtherThings) {
  SyncClient other{port(), new_uuid()};
  const auto transaction = new_uuid();
  for (auto [who, bytes] : {std::pair{&client, "mine"}, std::pair{&other, "theirs"}}) {
    EXPECT_EQ(who->put_chunk("a", bytes).status, 201);
    EXPECT_EQ(who->put_transaction(transaction, root_id, {"a"}).status, 201);
    EXPECT_EQ(who->put_head(transaction).status, 204);
  }
  EXPECT_EQ(client.get_chunk("a").body, "mine");
  EXPECT_EQ(other.get_chunk("a").body, "theirs");
}

}  // namespace
}  // namespace mentat_sync
