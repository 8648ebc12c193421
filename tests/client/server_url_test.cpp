// What is a server's URL, and what is not.
#include "http/client/server_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

ServerUrl parsed(std::string_view text) {
  const auto url = ServerUrl::parse(text);
  EXPECT_TRUE(url.ok()) << text << ": " << url.status().message();
  return url.ok() ? *url : ServerUrl{};
}

TEST(ServerUrl, HasHostPortAndPrefix) {
  const auto url = parsed("http://sync.example.org:5013/mentat/");
  EXPECT_EQ(url.host(), "sync.example.org");
  EXPECT_EQ(url.port(), 5013);
  EXPECT_EQ(url.prefix(), "/mentat");
  EXPECT_EQ(url.to_string(), "http://sync.example.org:5013/mentat");
}

TEST(ServerUrl, ThePortIs80UnlessGiven) {
  EXPECT_EQ(parsed("http://localhost").port(), 80);
  EXPECT_EQ(parsed("http://localhost:/").port(), 80);
  EXPECT_EQ(parsed("http://localhost/").prefix(), "");
}

TEST(ServerUrl, TakesIpv6InBrackets) {
  const auto url = parsed("http://[::1]:8080");
  EXPECT_EQ(url.host(), "::1");
  EXPECT_EQ(url.authority(), "[::1]:8080");
}

TEST(ServerUrl, TakesHttpsWithItsOwnPort) {
  const auto url = parsed("https://example.org/sync");
  EXPECT_TRUE(url.encrypted());
  EXPECT_EQ(url.to_string(), "https://example.org:443/sync");
  EXPECT_FALSE(parsed("http://example.org").encrypted());
  EXPECT_NE(url, parsed("http://example.org:443/sync"));
}

TEST(ServerUrl, RefusesWhatIsNotPlainlyOne) {
  for (const auto* text :
       {"", "localhost:5013", "ftp://localhost", "http://", "http://:5013", "http://a b",
        "http://user@host", "http://host:0", "http://host:65536", "http://host:x", "http://::1",
        "http://[::1", "http://[host]", "http://[::1]5013", "http://host/?query", "http://host/#f",
        "http://host/a b", "http://host\r\nEvil: yes", "http://host/\r\nEvil:yes"}) {
    EXPECT_FALSE(ServerUrl::parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace mentat_sync
