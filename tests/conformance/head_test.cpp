// Black-box: HEAD: it moves to proper descendants that end a chain, and to nothing else.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mentat_sync {
namespace {

using testing::ElementsAre;

std::string etag_of(std::string_view text) {
  return '"' + std::string{text} + '"';
}

class HeadConformance : public RunningServer {
 protected:
  HttpResponse put_head_if_match(std::string_view head, const std::string& etags) {
    return client.put("/head", head_body(head), {{"If-Match", etags}});
  }
};

TEST_F(HeadConformance, GetAnswersExactlyTheHeadWithItsEtag) {
  const auto first = client.commit_transaction(root_id);
  const auto response = client.get("/head");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.json(), (nlohmann::json{{"head", first}}));
  EXPECT_EQ(response.header("ETag"), etag_of(first));
}

TEST_F(HeadConformance, HeadMethodHasTheHeadersOfGet) {
  const auto response = client.request("HEAD", "/head");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.header("ETag"), etag_of(root_id));
  EXPECT_EQ(response.header("Content-Length"), std::to_string(client.get("/head").body.size()));
}

TEST_F(HeadConformance, AMatchingEtagIs304) {
  const auto first = client.commit_transaction(root_id);
  for (const auto& etags : {etag_of(first), "W/" + etag_of(first), "\"x\", " + etag_of(first)}) {
    const auto response = client.get("/head", {{"If-None-Match", etags}});
    EXPECT_EQ(response.status, 304) << etags;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.header("ETag"), etag_of(first));
  }
}

TEST_F(HeadConformance, TheOldEtagIs200AfterHeadMoved) {
  const auto first = client.commit_transaction(root_id);
  const auto second = client.commit_transaction(first);
  const auto response = client.get("/head", {{"If-None-Match", etag_of(first)}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.json()["head"], second);
}

TEST_F(HeadConformance, PutAnswers204WithoutABody) {
  const auto first = client.add_transaction(root_id);
  const auto response = client.put_head(first);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(client.head(), first);
}

TEST_F(HeadConformance, MovesOverManyTransactionsAtOnce) {
  std::vector<std::string> chain;
  std::string parent{root_id};
  for (int i = 0; i < 50; ++i) chain.push_back(parent = client.add_transaction(parent));
  ASSERT_EQ(client.put_head(chain.back()).status, 204);
  EXPECT_EQ(client.transactions(), chain);
  EXPECT_EQ(client.summary()["seq"], 50);
  for (const auto& id : chain) EXPECT_EQ(client.get_transaction(id).status, 200);
}

TEST_F(HeadConformance, RefusesWhatIsNoDescendant) {
  const auto fork = client.add_transaction(root_id);
  const auto first = client.commit_transaction(root_id);
  EXPECT_TRUE(is_head_refusal(client.put_head(fork), 409, first));
  EXPECT_EQ(client.head(), first);
}

TEST_F(HeadConformance, RefusesAnAncestor) {
  const auto first = client.commit_transaction(root_id);
  const auto second = client.commit_transaction(first);
  EXPECT_TRUE(is_head_refusal(client.put_head(first), 409, second));
}

TEST_F(HeadConformance, RefusesAForkFromBehindHead) {
  const auto first = client.commit_transaction(root_id);
  const auto second = client.commit_transaction(first);
  const auto fork = client.add_transaction(client.add_transaction(first));
  EXPECT_TRUE(is_head_refusal(client.put_head(fork), 409, second));
}

TEST_F(HeadConformance, RefusesAHeadWithDescendants) {
  const auto first = client.add_transaction(root_id);
  const auto second = client.add_transaction(first);
  EXPECT_TRUE(is_head_refusal(client.put_head(first), 409, root_id));
  EXPECT_EQ(client.put_head(second).status, 204);
}

TEST_F(HeadConformance, RefusesAnUnknownTransaction) {
  const auto first = client.commit_transaction(root_id);
  EXPECT_TRUE(is_head_refusal(client.put_head(new_uuid()), 409, first));
}

TEST_F(HeadConformance, RefusesTheRoot) {
  EXPECT_TRUE(is_head_refusal(client.put_head(root_id), 409, root_id));
  const auto first = client.commit_transaction(root_id);
  EXPECT_TRUE(is_head_refusal(client.put_head(root_id), 409, first));
}

TEST_F(HeadConformance, RefusesHeadItselfAndSaysThatItIsTheHead) {
  const auto first = client.commit_transaction(root_id);
  EXPECT_TRUE(is_head_refusal(client.put_head(first), 409, first));
  client.add_transaction(first);
  EXPECT_TRUE(is_head_refusal(client.put_head(first), 409, first));
}

TEST_F(HeadConformance, EachReasonHasATypeOfItsOwn) {
  const auto fork = client.add_transaction(root_id);
  const auto first = client.commit_transaction(root_id);
  const auto with_child = client.add_transaction(first);
  client.add_transaction(with_child);
  std::vector<std::string> types;
  for (const auto& id : {std::string{root_id}, first, fork, with_child, new_uuid()}) {
    types.push_back(client.put_head(id).json().value("type", ""));
  }
  std::sort(types.begin(), types.end());
  EXPECT_EQ(std::unique(types.begin(), types.end()), types.end()) << nlohmann::json(types).dump();
}

TEST_F(HeadConformance, ARefusedHeadChangesNothing) {
  const auto first = client.commit_transaction(root_id);
  const auto before = client.summary();
  client.put_head(new_uuid());
  client.put_head(root_id);
  client.put_head(first);
  EXPECT_EQ(client.summary(), before);
}

TEST_F(HeadConformance, ALoserMayRebaseAndWin) {
  const auto mine = client.add_transaction(root_id);
  const auto theirs = client.commit_transaction(root_id);
  const auto refused = client.put_head(mine);
  ASSERT_TRUE(is_head_refusal(refused, 409, theirs));
  const auto again = client.commit_transaction(refused.json()["current_head"].get<std::string>());
  EXPECT_THAT(client.transactions(), ElementsAre(theirs, again));
}

TEST_F(HeadConformance, IfMatchWithTheCurrentHeadGoesThrough) {
  const auto first = client.add_transaction(root_id);
  EXPECT_EQ(put_head_if_match(first, etag_of(root_id)).status, 204);
  const auto second = client.add_transaction(first);
  EXPECT_EQ(put_head_if_match(second, etag_of(new_uuid()) + ", " + etag_of(first)).status, 204);
}

TEST_F(HeadConformance, IfMatchStarGoesThrough) {
  EXPECT_EQ(put_head_if_match(client.add_transaction(root_id), "*").status, 204);
}

TEST_F(HeadConformance, IfMatchWithAnotherHeadIs412) {
  const auto first = client.commit_transaction(root_id);
  const auto second = client.add_transaction(first);
  for (const auto& etags :
       {etag_of(root_id), etag_of(second), etag_of("x"), "W/" + etag_of(first)}) {
    EXPECT_TRUE(is_head_refusal(put_head_if_match(second, etags), 412, first)) << etags;
  }
  EXPECT_EQ(client.head(), first);
  EXPECT_EQ(client.put_head(second).status, 204);
}

TEST_F(HeadConformance, HasTheSequenceOfItsDepth) {
  std::string parent{root_id};
  for (int seq = 1; seq <= 5; ++seq) {
    parent = client.commit_transaction(parent);
    EXPECT_EQ(client.summary()["seq"], seq);
    EXPECT_EQ(client.get_transaction(parent).json()["seq"], seq);
  }
}

}  // namespace
}  // namespace mentat_sync
