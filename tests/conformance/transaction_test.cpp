// Black-box: transactions: what links, what is refused, and what is visible.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TransactionConformance : public RunningServer {
 protected:
  void SetUp() override {
    for (const char* id : {"a", "b", "c"}) ASSERT_EQ(client.put_chunk(id, id).status, 201);
  }
};

TEST_F(TransactionConformance, PutAnswers201) {
  const auto response = client.put_transaction(new_uuid(), root_id, {"a"});
  EXPECT_EQ(response.status, 201);
}

TEST_F(TransactionConformance, ACommittedOneShowsIdSequenceParentAndChunksInOrder) {
  const auto first = new_uuid();
  const auto second = new_uuid();
  client.put_transaction(first, root_id, {"b", "a", "c", "a"});
  client.put_transaction(second, first, {"c"});
  ASSERT_EQ(client.put_head(second).status, 204);
  const auto response = client.get_transaction(first);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.json(),
            (nlohmann::json{
                {"id", first}, {"seq", 1}, {"parent", root_id}, {"chunks", {"b", "a", "c", "a"}}}));
  EXPECT_EQ(client.get_transaction(second).json(),
            (nlohmann::json{{"id", second}, {"seq", 2}, {"parent", first}, {"chunks", {"c"}}}));
}

TEST_F(TransactionConformance, MayHaveNoChunks) {
  const auto id = new_uuid();
  EXPECT_EQ(client.put_transaction(id, root_id, {}).status, 201);
  EXPECT_EQ(client.put_head(id).status, 204);
  EXPECT_THAT(client.get_transaction(id).json()["chunks"], IsEmpty());
}

TEST_F(TransactionConformance, MayHaveThousandsOfChunks) {
  const std::vector<std::string> chunks(10'000, "a");
  const auto id = new_uuid();
  EXPECT_EQ(client.put_transaction(id, root_id, chunks).status, 201);
  EXPECT_EQ(client.put_head(id).status, 204);
  EXPECT_EQ(client.get_transaction(id).json()["chunks"], chunks);
}

TEST_F(TransactionConformance, TooManyChunksAre413) {
  const std::vector<std::string> chunks(16'385, "a");
  const auto id = new_uuid();
  EXPECT_TRUE(is_problem(client.put_transaction(id, root_id, chunks), 413));
  EXPECT_TRUE(is_problem(client.put_head(id), 409));
}

TEST_F(TransactionConformance, UnknownChunksAre404WithThoseMissing) {
  const auto id = new_uuid();
  const auto response = client.put_transaction(id, root_id, {"z", "a", "y", "z"});
  EXPECT_TRUE(is_problem(response, 404));
  EXPECT_THAT(response.json()["missing"], ElementsAre("z", "y"));
  EXPECT_TRUE(is_problem(client.put_head(id), 409)) << "the refused transaction was stored";
}

TEST_F(TransactionConformance, GoesThroughOnceTheMissingChunkIsThere) {
  const auto id = new_uuid();
  EXPECT_EQ(client.put_transaction(id, root_id, {"late"}).status, 404);
  client.put_chunk("late", "x");
  EXPECT_EQ(client.put_transaction(id, root_id, {"late"}).status, 201);
}

TEST_F(TransactionConformance, AnUnknownParentIs409) {
  const auto id = new_uuid();
  EXPECT_TRUE(is_problem(client.put_transaction(id, new_uuid(), {"a"}), 409));
  EXPECT_TRUE(is_problem(client.put_head(id), 409));
}

TEST_F(TransactionConformance, CannotBeItsOwnParent) {
  const auto id = new_uuid();
  EXPECT_TRUE(is_problem(client.put_transaction(id, id, {"a"}), 409));
}

TEST_F(TransactionConformance, TheRootsIdIs409) {
  EXPECT_TRUE(is_problem(client.put_transaction(root_id, root_id, {"a"}), 409));
  const auto first = client.commit_transaction(root_id);
  EXPECT_TRUE(is_problem(client.put_transaction(root_id, first, {"a"}), 409));
  EXPECT_EQ(client.head(), first);
}

TEST_F(TransactionConformance, TheRootIs404) {
  EXPECT_TRUE(is_problem(client.get_transaction(root_id), 404));
}

TEST_F(TransactionConformance, TheIdenticalRequestAgainIs201AtEveryStageOfItsLife) {
  const auto first = new_uuid();
  const auto put_again = [&] { return client.put_transaction(first, root_id, {"a", "b"}).status; };
  EXPECT_EQ(put_again(), 201);
  EXPECT_EQ(put_again(), 201) << "pending";
  ASSERT_EQ(client.put_head(first).status, 204);
  EXPECT_EQ(put_again(), 201) << "HEAD";
  client.commit_transaction(first);
  EXPECT_EQ(put_again(), 201) << "committed";
  EXPECT_EQ(client.summary()["transactions"]["count"], 2);
}

TEST_F(TransactionConformance, OtherContentUnderTheSameIdIs409AndTheFirstStays) {
  const auto first = client.commit_transaction(root_id);
  const auto id = new_uuid();
  ASSERT_EQ(client.put_transaction(id, first, {"a", "b"}).status, 201);
  for (const auto& chunks : std::vector<std::vector<std::string>>{
           {"b", "a"}, {"a"}, {"a", "b", "c"}, {"a", "b", "b"}, {}}) {
    EXPECT_TRUE(is_problem(client.put_transaction(id, first, chunks), 409));
  }
  EXPECT_TRUE(is_problem(client.put_transaction(id, root_id, {"a", "b"}), 409));
  ASSERT_EQ(client.put_head(id).status, 204);
  EXPECT_THAT(client.get_transaction(id).json()["chunks"], ElementsAre("a", "b"));
  EXPECT_EQ(client.get_transaction(id).json()["parent"], first);
}

TEST_F(TransactionConformance, UpperCaseUuidsAreTheSameAsLowerCase) {
  const std::string lower = "abcdefab-cdef-abcd-efab-cdefabcdefab";
  const std::string upper = "ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB";
  EXPECT_EQ(client.put_transaction(upper, root_id, {"a"}).status, 201);
  EXPECT_EQ(client.put_transaction(lower, root_id, {"a"}).status, 201);
  EXPECT_EQ(client.put_head(upper).status, 204);
  EXPECT_EQ(client.head(), lower);
  EXPECT_EQ(client.get_transaction(upper).json()["id"], lower);
  EXPECT_EQ(client.put_transaction(new_uuid(), upper, {"b"}).status, 201);
}

TEST_F(TransactionConformance, APendingOneIsInvisible) {
  const auto first = client.commit_transaction(root_id);
  const auto pending = client.add_transaction(first);
  EXPECT_TRUE(is_problem(client.get_transaction(pending), 404));
  EXPECT_EQ(client.request("HEAD", "/transactions/" + pending).status, 404);
  EXPECT_THAT(client.transactions(), ElementsAre(first));
  EXPECT_EQ(client.summary()["transactions"]["count"], 1);
}

TEST_F(TransactionConformance, ADeadForkIsInvisible) {
  const auto dead = client.add_transaction(root_id);
  const auto dead_child = client.add_transaction(dead);
  const auto first = client.commit_transaction(root_id);
  for (const auto& id : {dead, dead_child}) {
    EXPECT_TRUE(is_problem(client.get_transaction(id), 404));
    EXPECT_TRUE(is_head_refusal(client.put_head(id), 409, first));
  }
  EXPECT_THAT(client.transactions(), ElementsAre(first));
}

TEST_F(TransactionConformance, AnyKnownTransactionMayBeTheParent) {
  const auto dead = client.add_transaction(root_id);
  const auto first = client.commit_transaction(root_id);
  const auto second = client.commit_transaction(first);
  const auto pending = client.add_transaction(second);
  for (const auto& parent : {std::string{root_id}, dead, first, second, pending}) {
    EXPECT_EQ(client.put_transaction(new_uuid(), parent, {"a"}).status, 201) << parent;
  }
}

TEST_F(TransactionConformance, AnAbandonedChildOfHeadBlocksNobody) {
  const auto first = client.commit_transaction(root_id);
  client.add_transaction(first);
  const auto second = client.commit_transaction(first);
  client.add_transaction(second);
  client.add_transaction(client.add_transaction(second));
  const auto third = client.commit_transaction(second);
  EXPECT_THAT(client.transactions(), ElementsAre(first, second, third));
}

TEST_F(TransactionConformance, ConditionalAndHeadRequestsWorkOnTransactions) {
  const auto first = client.commit_transaction(root_id);
  const auto head = client.request("HEAD", "/transactions/" + first);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.header("Content-Length"),
            std::to_string(client.get_transaction(first).body.size()));
}

}  // namespace
}  // namespace mentat_sync
