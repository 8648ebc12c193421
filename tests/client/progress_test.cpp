// When a bar is drawn, and when nothing is.
#include "cli/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <thread>

namespace mentat_sync {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr std::chrono::milliseconds beyond_interval{120};

TEST(Progress, DrawsNothingWhenNotEnabled) {
  std::ostringstream out;
  {
    Progress progress{out, "import", 100, false};
    std::this_thread::sleep_for(beyond_interval);
    progress.advance(50);
  }
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, DrawsNothingForWhatIsQuick) {
  std::ostringstream out;
  {
    Progress progress{out, "import", 100, true};
    for (int i = 0; i < 100; ++i) progress.advance(1);
  }
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, ShowsThePartAndIsRemovedInTheEnd) {
  std::ostringstream out;
  {
    Progress progress{out, "import", 200, true};
    std::this_thread::sleep_for(beyond_interval);
    progress.advance(50);
    EXPECT_THAT(out.str(), HasSubstr("import [#######.......................] 25% 50 of 200"));
  }
  EXPECT_THAT(out.str(), EndsWith("\r\x1b[K"));
}

TEST(Progress, ShowsBytesAsSuch) {
  std::ostringstream out;
  Progress progress{out, "import", 4 << 20, true};
  std::this_thread::sleep_for(beyond_interval);
  progress.advance(1 << 20);
  EXPECT_THAT(out.str(), HasSubstr("25% 1.0 MiB of 4.0 MiB"));
}

TEST(Progress, WithoutATotalShowsWhatIsDone) {
  std::ostringstream out;
  Progress progress{out, "pulled", 0, true};
  std::this_thread::sleep_for(beyond_interval);
  progress.advance(12);
  EXPECT_THAT(out.str(), EndsWith("pulled 12"));
}

TEST(Progress, MoreThanTheTotalIsAll) {
  std::ostringstream out;
  Progress progress{out, "import", 10, true};
  std::this_thread::sleep_for(beyond_interval);
  progress.advance(30);
  EXPECT_THAT(out.str(), HasSubstr("100%"));
}

TEST(Progress, IsCutWhereATerminalWouldWrapIt) {
  EXPECT_EQ(fitting("8 s left  12 requests/s", 80), "8 s left  12 requests/s");
  EXPECT_EQ(fitting("12345", 6), "12345");
  EXPECT_EQ(fitting("12345", 5), "1234") << "the cursor needs a column";
  EXPECT_EQ(fitting("p50 1 µs", 8), "p50 1 µ") << "a character has one column, of several bytes";
  EXPECT_EQ(fitting("p50 1 µs", 7), "p50 1 ");
}

}  // namespace
}  // namespace mentat_sync
