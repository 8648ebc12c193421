// Listen addresses: what is taken, what is refused, and which stay on this machine.
#include "cli/listen_address.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

TEST(ListenAddress, ReadsIpv4AndBracketedIpv6) {
  EXPECT_EQ(ListenAddress::parse("127.0.0.1:5013"), (ListenAddress{"127.0.0.1", 5013}));
  EXPECT_EQ(ListenAddress::parse("[::1]:0"), (ListenAddress{"::1", 0}));
  EXPECT_EQ(ListenAddress::parse("0.0.0.0:65535"), (ListenAddress{"0.0.0.0", 65535}));
}

TEST(ListenAddress, RefusesAllElse) {
  for (const char* text :
       {"", ":", ":5013", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1: 1", "127.0.0.1:1x", "localhost:5013", "::1:5013", "[::1]",
        "[::1]5013", "[]:1", "[127.0.0.1]:1", "256.0.0.1:1", "127.1:1", "[::1:1"}) {
    EXPECT_EQ(ListenAddress::parse(text), std::nullopt) << text;
  }
}

TEST(ListenAddress, WritesWhatItReads) {
  for (const char* text : {"127.0.0.1:5013", "[::1]:0", "[2001:db8::1]:80"}) {
    EXPECT_EQ(ListenAddress::parse(text).value().to_string(), text);
  }
}

TEST(ListenAddress, KnowsWhatStaysOnThisMachine) {
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"}) {
    EXPECT_TRUE(ListenAddress::parse(text).value().is_loopback()) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "192.0.2.1:1", "[::ffff:192.0.2.1]:1"}) {
    EXPECT_FALSE(ListenAddress::parse(text).value().is_loopback()) << text;
  }
}

}  // namespace
}  // namespace mentat_sync
