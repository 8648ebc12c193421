// Who may come in when there are many.
#include "http/connection_counts.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using boost::asio::ip::make_address;
using Entry = ConnectionCounts::Entry;

TEST(ConnectionCounts, BoundsAll) {
  ConnectionCounts counts{2, 0};
  EXPECT_EQ(counts.enter(make_address("10.0.0.1")), Entry::entered);
  EXPECT_EQ(counts.enter(make_address("10.0.0.1")), Entry::entered);
  EXPECT_EQ(counts.enter(make_address("10.0.0.2")), Entry::too_many);
  counts.leave(make_address("10.0.0.1"));
  EXPECT_EQ(counts.enter(make_address("10.0.0.2")), Entry::entered);
  EXPECT_EQ(counts.open(), 2u);
  EXPECT_EQ(counts.accepted(), 3u);
  EXPECT_EQ(counts.refused(), 1u);
}

TEST(ConnectionCounts, BoundsEachAddress) {
  ConnectionCounts counts{10, 1};
  EXPECT_EQ(counts.enter(make_address("10.0.0.1")), Entry::entered);
  EXPECT_EQ(counts.enter(make_address("10.0.0.1")), Entry::too_many_from_address);
  EXPECT_EQ(counts.enter(make_address("::ffff:10.0.0.1")), Entry::too_many_from_address);
  EXPECT_EQ(counts.enter(make_address("10.0.0.2")), Entry::entered);
  EXPECT_EQ(counts.open(), 2u) << "who was turned away does not count";
  EXPECT_EQ(counts.refused_by_address(), 2u);
  counts.leave(make_address("10.0.0.1"));
  EXPECT_EQ(counts.enter(make_address("10.0.0.1")), Entry::entered);
}

TEST(ConnectionCounts, OneNetworkOfIpv6IsOneAddress) {
  ConnectionCounts counts{10, 1};
  EXPECT_EQ(counts.enter(make_address("2001:db8:1:2::1")), Entry::entered);
  EXPECT_EQ(counts.enter(make_address("2001:db8:1:2:ffff::9")), Entry::too_many_from_address);
  EXPECT_EQ(counts.enter(make_address("2001:db8:1:3::1")), Entry::entered);
}

}  // namespace
}  // namespace mentat_sync
