// Whose word is taken for where a request comes from.
#include "http/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace mentat_sync {
namespace {

using boost::asio::ip::make_address;

TrustedProxies trusting(std::initializer_list<const char*> networks) {
  TrustedProxies proxies;
  for (const char* network : networks) EXPECT_TRUE(proxies.add(network).ok()) << network;
  return proxies;
}

std::string client(const TrustedProxies& proxies, const char* peer,
                   std::initializer_list<const char*> lines) {
  RequestHeader header;
  for (const char* line : lines) header.insert("X-Forwarded-For", line);
  return proxies.client_of(header, make_address(peer)).to_string();
}

TEST(TrustedProxies, NobodyIsBelievedByDefault) {
  EXPECT_EQ(client({}, "127.0.0.1", {"192.0.2.7"}), "127.0.0.1");
}

TEST(TrustedProxies, OnlyThoseNamedAreBelieved) {
  const auto proxies = trusting({"127.0.0.1"});
  EXPECT_EQ(client(proxies, "127.0.0.1", {"192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "127.0.0.2", {"192.0.2.7"}), "127.0.0.2");
}

TEST(TrustedProxies, WhatTheClientPutInFrontDoesNotCount) {
  const auto proxies = trusting({"10.0.0.0/8"});
  EXPECT_EQ(client(proxies, "10.0.0.1", {"198.51.100.1, 192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"198.51.100.1", "192.0.2.7, 10.1.2.3"}), "192.0.2.7");
}

TEST(TrustedProxies, AChainOfProxiesOnlyIsTheFirstOfThem) {
  EXPECT_EQ(client(trusting({"10.0.0.0/8"}), "10.0.0.1", {"10.0.0.3, 10.0.0.2"}), "10.0.0.3");
}

TEST(TrustedProxies, WhatCannotBeReadEndsTheSearch) {
  const auto proxies = trusting({"10.0.0.0/8"});
  EXPECT_EQ(client(proxies, "10.0.0.1", {"unknown"}), "10.0.0.1");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"192.0.2.7, unknown, 10.0.0.9"}), "10.0.0.9");
  EXPECT_EQ(client(proxies, "10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(client(proxies, "10.0.0.1", {""}), "10.0.0.1");
}

TEST(TrustedProxies, APortBesideAnAddressIsDropped) {
  const auto proxies = trusting({"10.0.0.0/8", "::1"});
  EXPECT_EQ(client(proxies, "10.0.0.1", {"192.0.2.7:5"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"192.0.2.7:65535, 10.0.0.2:80"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"[2001:db8::7]:5"}), "2001:db8::7");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"[2001:db8::7]"}), "2001:db8::7");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"192.0.2.7, [::1]:5"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"2001:db8::5"}), "2001:db8::5") << "no port";
  for (const char* neither : {"192.0.2.7:", "192.0.2.7:x", "192.0.2.7:123456", "192.0.2.7:5:5",
                              "[2001:db8::7", "[2001:db8::7]5", "[2001:db8::7]:", ":5", "[]:5"}) {
    EXPECT_EQ(client(proxies, "10.0.0.1", {neither}), "10.0.0.1") << neither;
  }
}

TEST(TrustedProxies, AnIpv4ClientHasOneNameOnAllSockets) {
  const auto proxies = trusting({"10.0.0.0/8"});
  EXPECT_EQ(client({}, "::ffff:192.0.2.7", {}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "::ffff:192.0.2.7", {}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "::ffff:10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"::ffff:192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "10.0.0.1", {"[::ffff:192.0.2.7]:80"}), "192.0.2.7");
}

TEST(TrustedProxies, NetworksAreComparedBitByBit) {
  const auto proxies = trusting({"10.0.0.0/9", "fd00::/7"});
  EXPECT_EQ(client(proxies, "10.127.255.255", {"192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "10.128.0.0", {"192.0.2.7"}), "10.128.0.0");
  EXPECT_EQ(client(proxies, "::ffff:10.1.1.1", {"192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "fc12::1", {"192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(client(proxies, "fe80::1", {"192.0.2.7"}), "fe80::1");
}

TEST(TrustedProxies, RefusesWhatIsNoNetwork) {
  for (const char* text : {"", "proxy.example", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1",
                           "10.0.0.0/8x", "/8"}) {
    EXPECT_EQ(TrustedProxies{}.add(text).code(), ErrorCode::invalid) << text;
  }
}

}  // namespace
}  // namespace mentat_sync
