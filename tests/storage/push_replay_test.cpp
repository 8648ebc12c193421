// A push that comes again: whoever did not hear the answer asks once more.
#include "store_fixture.hpp"

namespace mentat_sync {
namespace {

class PushReplay : public StoreFixture {
 protected:
  Outcome push_first() {
    return push({}, {{"a", "1"}, {"loose", "l"}}, {{transaction(1), {"a"}}, {transaction(2), {}}});
  }
};

TEST_F(PushReplay, IsAnsweredWithHeadAndChangesNothing) {
  ASSERT_EQ(push_first().verdict, Verdict::applied);
  const Outcome again = push_first();
  EXPECT_EQ(again.verdict, Verdict::already_there);
  EXPECT_EQ(again.current_head, transaction(2));
  EXPECT_EQ(again.current_seq, 2U);
  EXPECT_EQ(summary().chunk_count, 2U);
}

TEST_F(PushReplay, IsKnownAfterLaterPushesToo) {
  push_first();
  push(transaction(2), {}, {{transaction(3), {"a"}}});
  const Outcome again = push_first();
  EXPECT_EQ(again.verdict, Verdict::already_there);
  EXPECT_EQ(again.current_head, transaction(3));
  EXPECT_EQ(again.current_seq, 3U);
}

TEST_F(PushReplay, OfTheMiddleOfTheLogIsKnown) {
  push_first();
  push(transaction(2), {}, {{transaction(3), {}}});
  EXPECT_EQ(push(transaction(1), {}, {{transaction(2), {}}}).verdict, Verdict::already_there);
  EXPECT_EQ(push(transaction(1), {}, {{transaction(2), {}}, {transaction(3), {}}}).verdict,
            Verdict::already_there);
}

TEST_F(PushReplay, MayHaveBeenUploadedInSingleCommands) {
  put_chunk("a", "1");
  put_transaction(transaction(1), {}, {"a"});
  advance(transaction(1));
  EXPECT_EQ(push({}, {{"a", "1"}}, {{transaction(1), {"a"}}}).verdict, Verdict::already_there);
}

TEST_F(PushReplay, WithOtherContentsIsAnotherPush) {
  push_first();
  EXPECT_EQ(push({}, {{"a", "2"}}, {{transaction(1), {"a"}}}).verdict, Verdict::base_not_head);
  EXPECT_EQ(push({}, {}, {{transaction(1), {}}}).verdict, Verdict::base_not_head);
  EXPECT_EQ(push({}, {}, {{transaction(2), {}}}).verdict, Verdict::base_not_head);
  EXPECT_EQ(
      push({}, {}, {{transaction(1), {"a"}}, {transaction(2), {}}, {transaction(3), {}}}).verdict,
      Verdict::base_not_head);
}

TEST_F(PushReplay, OfWhatIsOnlyPendingIsNotThere) {
  put_transaction(transaction(7), {}, {});
  push_first();
  EXPECT_EQ(push({}, {}, {{transaction(7), {}}}).verdict, Verdict::base_not_head);
}

TEST_F(PushReplay, WhoseLooseChunkWasCollectedIsNotThere) {
  open(collect_at_once);
  push_first();
  EXPECT_EQ(collect().total.chunks, 1U);
  EXPECT_EQ(push_first().verdict, Verdict::base_not_head);
  EXPECT_EQ(push({}, {{"a", "1"}}, {{transaction(1), {"a"}}, {transaction(2), {}}}).verdict,
            Verdict::already_there);
}

}  // namespace
}  // namespace mentat_sync
