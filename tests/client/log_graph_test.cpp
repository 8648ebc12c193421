// How a chain of transactions is drawn.
#include "cli/log_graph.hpp"

#include "client_fixture.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace mentat_sync {
namespace {

std::string drawn(const std::deque<LogRow>& rows, std::uint64_t older, bool newest_first) {
  std::ostringstream out;
  draw_log(out, rows, older, newest_first);
  return out.str();
}

TEST(LogGraph, DrawsFromHeadToTheRoot) {
  EXPECT_EQ(drawn({{1, transaction_id(1), 1}, {2, transaction_id(2), 0}}, 0, true),
            "* 2 00000000-0000-0000-0000-000000000002 0 chunks  <- HEAD\n"
            "* 1 00000000-0000-0000-0000-000000000001 1 chunk\n"
            "~ root\n");
}

TEST(LogGraph, DrawsTheOtherWayAround) {
  EXPECT_EQ(drawn({{1, transaction_id(1), 1}, {2, transaction_id(2), 0}}, 0, false),
            "~ root\n"
            "* 1 00000000-0000-0000-0000-000000000001 1 chunk\n"
            "* 2 00000000-0000-0000-0000-000000000002 0 chunks  <- HEAD\n");
}

TEST(LogGraph, SaysHowManyAreOlder) {
  EXPECT_EQ(drawn({{9, transaction_id(9), 1}, {10, transaction_id(10), 1}}, 8, true),
            "* 10 00000000-0000-0000-0000-00000000000a 1 chunk  <- HEAD\n"
            "*  9 00000000-0000-0000-0000-000000000009 1 chunk\n"
            ": 8 older\n");
}

TEST(LogGraph, AnEmptyLogIsItsRoot) {
  EXPECT_EQ(drawn({}, 0, true), "~ root  <- HEAD\n");
  EXPECT_EQ(drawn({}, 0, false), "~ root  <- HEAD\n");
}

TEST(LogGraph, HeadIsTheNewestOfTheOlderWhenNothingIsNewer) {
  EXPECT_EQ(drawn({}, 3, true), ": 3 older  <- HEAD\n");
}

}  // namespace
}  // namespace mentat_sync
