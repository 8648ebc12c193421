// Black-box: what the functional tests of the original server (rfk/mentat-sync-prototype,
// mentatsync/tests/functional/test_api.py) ask of it, asked of this one.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using testing::ElementsAre;

class OriginalApi : public RunningServer {
 protected:
  std::string linked(std::string_view parent, const std::vector<std::string>& chunks) {
    const auto id = new_uuid();
    EXPECT_EQ(client.put_transaction(id, parent, chunks).status, 201);
    return id;
  }
};

TEST_F(OriginalApi, BasicCreationOfNewTransactions) {
  EXPECT_EQ(client.head(), root_id);
  EXPECT_EQ(client.put_chunk("aaaaaaaa", "ay ay ay").status, 201);
  EXPECT_EQ(client.put_chunk("bbbbbbbb", "bee bee bee").status, 201);
  const auto first = linked(root_id, {"bbbbbbbb", "aaaaaaaa"});
  EXPECT_EQ(client.put_chunk("cccccccc", "see see see").status, 201);
  const auto second = linked(first, {"cccccccc"});
  EXPECT_EQ(client.put_head(second).status, 204);

  EXPECT_EQ(client.head(), second);
  EXPECT_THAT(client.get("/transactions").json()["transactions"], ElementsAre(first, second));
  EXPECT_THAT(client.get("/transactions?from=" + first).json()["transactions"],
              ElementsAre(second));
  EXPECT_THAT(client.get_transaction(first).json()["chunks"], ElementsAre("bbbbbbbb", "aaaaaaaa"));
  EXPECT_EQ(client.get_chunk("bbbbbbbb").body, "bee bee bee");
}

TEST_F(OriginalApi, MultipleHeadIncrements) {
  client.put_chunk("aaaaaaaa", "ay ay ay");
  client.put_chunk("bbbbbbbb", "bee bee bee");
  client.put_chunk("cccccccc", "see see see");
  const auto first = linked(root_id, {"bbbbbbbb", "aaaaaaaa"});
  EXPECT_EQ(client.put_head(first).status, 204);
  EXPECT_EQ(client.head(), first);

  const auto second = linked(first, {"cccccccc"});
  EXPECT_EQ(client.put_head(second).status, 204);
  EXPECT_EQ(client.head(), second);

  const auto third = linked(second, {"cccccccc", "aaaaaaaa"});
  EXPECT_EQ(client.head(), second) << "HEAD moves only when it is told to";

  const auto fourth = linked(third, {"cccccccc", "bbbbbbbb"});
  EXPECT_EQ(client.put_head(fourth).status, 204);
  EXPECT_EQ(client.head(), fourth);
}

TEST_F(OriginalApi, CannotCommitConflictingHeads) {
  client.put_chunk("xx", "xx");
  const auto first = linked(root_id, {"xx"});
  const auto second = linked(root_id, {"xx"});
  EXPECT_EQ(client.put_head(first).status, 204);
  EXPECT_EQ(client.put_head(second).status, 409);
}

TEST_F(OriginalApi, CannotCommitAHeadWithDescendants) {
  client.put_chunk("xx", "xx");
  const auto first = linked(root_id, {"xx"});
  linked(first, {"xx"});
  EXPECT_EQ(client.put_head(first).status, 409);
}

TEST_F(OriginalApi, CannotReferenceANonexistentChunk) {
  EXPECT_EQ(client.put_transaction(new_uuid(), root_id, {"xx"}).status, 404);
}

TEST_F(OriginalApi, CannotDescendFromANonexistentTransaction) {
  client.put_chunk("xx", "xx");
  EXPECT_EQ(client.put_transaction(new_uuid(), new_uuid(), {"xx"}).status, 409);
}

TEST_F(OriginalApi, ClearingUserData) {
  client.put_chunk("aaaaaaaa", "ay ay ay");
  const auto first = linked(root_id, {"aaaaaaaa"});
  EXPECT_EQ(client.put_head(first).status, 204);
  EXPECT_EQ(client.head(), first);
  EXPECT_EQ(client.delete_user().status, 204);
  EXPECT_EQ(client.head(), root_id);
}

}  // namespace
}  // namespace mentat_sync
