// The timers of watches: who is told when, and who is forgotten.
#include "actors/watch_timers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WatchTimersTest : public ::testing::Test {
 protected:
  /// A timer after so many spans, of an actor that is called `number`.
  void add(int spans, caf::actor_id number) {
    timers.add(start + spans * WatchTimers::span, {{}, number, 0});
  }
  std::vector<caf::actor_id> take(int spans) {
    std::vector<caf::actor_id> actors;
    for (const WatchesDue& timer : timers.take(start + spans * WatchTimers::span)) {
      actors.push_back(timer.actor);
    }
    return actors;
  }

  const WatchTimers::TimePoint start{1000 * WatchTimers::span};
  WatchTimers timers;
};

TEST_F(WatchTimersTest, GoOffInOrderAndOnce) {
  add(5, 1);
  add(3, 2);
  add(4, 3);
  EXPECT_EQ(timers.size(), 3U);
  EXPECT_THAT(take(5), ElementsAre(2, 3));
  EXPECT_THAT(take(5), IsEmpty());
  EXPECT_THAT(take(6), ElementsAre(1));
  EXPECT_EQ(timers.size(), 0U);
  EXPECT_FALSE(timers.next());
}

TEST_F(WatchTimersTest, NoneGoesOffBeforeItsTimeOrMoreThanASpanLater) {
  for (const auto early : {milliseconds{0}, milliseconds{1}, WatchTimers::span - milliseconds{1}}) {
    const auto due = start + early;
    timers.add(due, {});
    ASSERT_TRUE(timers.next());
    EXPECT_GT(*timers.next(), due);
    EXPECT_LE(*timers.next(), due + WatchTimers::span);
    EXPECT_THAT(timers.take(due), IsEmpty());
    EXPECT_EQ(timers.take(*timers.next()).size(), 1U);
  }
}

TEST_F(WatchTimersTest, TheNextIsTheEarliest) {
  add(5, 1);
  const auto later = timers.next();
  add(3, 2);
  EXPECT_LT(timers.next(), later);
}

TEST_F(WatchTimersTest, DropWhatIsNotWanted) {
  for (caf::actor_id number = 0; number < 10; ++number) add(static_cast<int>(number % 3), number);
  timers.drop_if([](const WatchesDue& timer) { return timer.actor % 3 == 0 || timer.actor > 4; });
  EXPECT_EQ(timers.size(), 3U);
  EXPECT_THAT(take(9), ElementsAre(1, 4, 2));
}

}  // namespace
}  // namespace mentat_sync
