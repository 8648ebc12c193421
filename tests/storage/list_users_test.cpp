// Listing users, page by page.
#include "store_fixture.hpp"

namespace mentat_sync {
namespace {

class UserList : public StoreFixture {
 protected:
  using Page = std::vector<UserId>;
  using Pages = std::vector<Page>;

  static UserId number(unsigned n) { return UserId{transaction(n).uuid}; }

  /// Each page's users, a page after the other.
  Pages pages(std::uint32_t limit, bool with_garbage = false) {
    Pages all;
    std::optional<UserId> after;
    do {
      auto page = read<UserPage>(ListUsers{after, limit, with_garbage});
      all.push_back(page.users);
      after = page.next;
    } while (after);
    return all;
  }
  void commit_something(UserId of) {
    submit(Push{of, {}, {{chunk_id("a"), "1"}}, {{transaction(1), {chunk_id("a")}}}});
  }
};

TEST_F(UserList, IsEmptyAtFirst) {
  const auto page = read<UserPage>(ListUsers{{}, 10, false});
  EXPECT_TRUE(page.users.empty());
  EXPECT_FALSE(page.next.has_value());
}

TEST_F(UserList, IsInTheOrderOfIds) {
  for (const unsigned n : {3, 1, 2}) submit(PutChunk{number(n), chunk_id("a"), "1"});
  EXPECT_EQ(pages(10), (Pages{Page{number(1), number(2), number(3)}}));
  EXPECT_EQ(pages(2), (Pages{Page{number(1), number(2)}, Page{number(3)}}));
  EXPECT_EQ(pages(3), (Pages{Page{number(1), number(2), number(3)}}));
}

TEST_F(UserList, GoesOnAfterAUserThatIsGone) {
  for (const unsigned n : {1, 2, 3}) submit(PutChunk{number(n), chunk_id("a"), "1"});
  submit(DeleteUser{number(2)});
  EXPECT_EQ(read<UserPage>(ListUsers{number(2), 10, false}).users, std::vector{number(3)});
}

TEST_F(UserList, KnowsTheNilUuidAsAUser) {
  submit(PutChunk{UserId{}, chunk_id("a"), "1"});
  EXPECT_EQ(read<UserPage>(ListUsers{{}, 10, false}).users, std::vector{UserId{}});
  EXPECT_TRUE(read<UserPage>(ListUsers{UserId{}, 10, false}).users.empty());
}

TEST_F(UserList, LeavesOutWhoHasNothingToCollect) {
  for (const unsigned n : {1, 2, 3, 4, 5}) commit_something(number(n));
  submit(PutChunk{number(2), chunk_id("loose"), "1"});
  submit(PutTransaction{number(4), transaction(2), transaction(1), {}});
  submit(PutTransaction{number(5), transaction(2), {}, {}});  // dead already
  EXPECT_EQ(pages(10, true), (Pages{Page{number(2), number(4), number(5)}}));
  EXPECT_EQ(pages(1, true),
            (Pages{Page{}, Page{number(2)}, Page{}, Page{number(4)}, Page{number(5)}}));
}

TEST_F(UserList, LeavesOutWhoWasCollected) {
  open(collect_at_once);
  put_chunk("loose", "1");
  put_transaction(transaction(1), {}, {"loose"});
  EXPECT_EQ(read<UserPage>(ListUsers{{}, 10, true}).users, std::vector{user});
  collect();
  EXPECT_TRUE(read<UserPage>(ListUsers{{}, 10, true}).users.empty());
}

}  // namespace
}  // namespace mentat_sync
