// Functions that are called once: moved, never copied, wherever what they hold is kept.
#include "storage/once.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace mentat_sync {
namespace {

using TakeText = Once<std::string, 32>;

static_assert(!std::is_copy_constructible_v<TakeText>);
static_assert(std::is_nothrow_move_constructible_v<TakeText>);
static_assert(!std::is_constructible_v<TakeText, int>);

/// A function of `padding_bytes` that tells when it is destroyed; what has been moved from does
/// not.
template <std::size_t padding_bytes>
struct Told {
  std::string* to;
  std::shared_ptr<int> alive;
  std::array<char, padding_bytes> padding{};
  void operator()(std::string text) { *to += text; }
};

template <class Function>
void expect_that_it_moves_and_ends(Function function, std::string& to,
                                   const std::weak_ptr<int>& alive) {
  TakeText first{std::move(function)};
  TakeText second{std::move(first)};
  EXPECT_FALSE(first);
  TakeText third;
  EXPECT_FALSE(third);
  third = std::move(second);
  EXPECT_FALSE(second);
  ASSERT_TRUE(third);
  third("text");
  EXPECT_EQ(to, "text");
  EXPECT_EQ(alive.use_count(), 1);
  third = nullptr;
  EXPECT_FALSE(third);
  EXPECT_TRUE(alive.expired());
}

TEST(Once, HoldsWhatFitsWithinItself) {
  std::string to;
  auto alive = std::make_shared<int>();
  const std::weak_ptr<int> watched = alive;
  expect_that_it_moves_and_ends(Told<8>{&to, std::move(alive)}, to, watched);
}

TEST(Once, HoldsWhatIsLargerElsewhere) {
  std::string to;
  auto alive = std::make_shared<int>();
  const std::weak_ptr<int> watched = alive;
  expect_that_it_moves_and_ends(Told<100>{&to, std::move(alive)}, to, watched);
}

TEST(Once, TakesFunctionsThatCannotBeCopied) {
  int sum = 0;
  Once<std::unique_ptr<int>, 16> add = [&sum, more = std::make_unique<int>(2)](
                                           std::unique_ptr<int> number) { sum = *number + *more; };
  add(std::make_unique<int>(3));
  EXPECT_EQ(sum, 5);
}

TEST(Once, LetsGoOfWhatIsReplaced) {
  std::string to;
  auto first = std::make_shared<int>();
  const std::weak_ptr<int> watched = first;
  TakeText take = Told<8>{&to, std::move(first)};
  take = Told<100>{&to, std::make_shared<int>()};
  EXPECT_TRUE(watched.expired());
  take("other");
  EXPECT_EQ(to, "other");
}

}  // namespace
}  // namespace mentat_sync
