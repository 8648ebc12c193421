// Verified, remembered, forgotten.
#include "http/auth/jwt_authenticator.hpp"

#include "jwt_issuer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using Time = std::chrono::system_clock::time_point;

const std::string alice = "0a11ce00-0000-4000-8000-00000000000a";

class JwtAuthenticatorTest : public testing::Test {
 protected:
  JwtAuthenticatorTest() { authenticator.replace(keys_of(issuer)); }

  static JwtKeys keys_of(const JwtIssuer& issuer) {
    return JwtKeys::parse_key_file(issuer.public_pem()).value();
  }
  std::string token_for(std::chrono::seconds lifetime) const {
    const auto expires = (now.load() + lifetime).time_since_epoch() / 1s;
    return issuer.sign(json{{"sub", alice}, {"exp", expires}});
  }
  bool takes(const std::string& token) const {
    return std::holds_alternative<Grant>(authenticator.authenticate(token));
  }

  const JwtIssuer& issuer = JwtIssuer::of("ED25519");
  std::atomic<Time> now{Time{1'800'000'000s}};
  JwtAuthenticator authenticator{{}, [this] { return now.load(); }};
};

TEST_F(JwtAuthenticatorTest, TakesATokenAgainAndAgain) {
  const auto token = token_for(100s);
  for (int i = 0; i < 3; ++i) {
    const auto authentication = authenticator.authenticate(token);
    EXPECT_EQ(std::get<Grant>(authentication).user, UserId::parse(alice));
  }
}

TEST_F(JwtAuthenticatorTest, RefusesAllWithoutKeys) {
  const JwtAuthenticator without{{}};
  EXPECT_TRUE(std::holds_alternative<Refused>(without.authenticate(token_for(100s))));
}

TEST_F(JwtAuthenticatorTest, DoesNotRememberBeyondExpiry) {
  const auto token = token_for(100s);
  ASSERT_TRUE(takes(token));
  now = now.load() + 100s + bounds::jwt_leeway - 1s;
  EXPECT_TRUE(takes(token));
  now = now.load() + 1s;
  EXPECT_FALSE(takes(token));
}

TEST_F(JwtAuthenticatorTest, ForgetsWhatWasVerifiedWhenTheKeysChange) {
  const auto token = token_for(100s);
  ASSERT_TRUE(takes(token));
  authenticator.replace(keys_of(JwtIssuer::of("EC")));
  EXPECT_FALSE(takes(token));
}

TEST_F(JwtAuthenticatorTest, DoesNotTakeOneTokenForAnother) {
  const auto token = token_for(100s);
  ASSERT_TRUE(takes(token));
  auto other = token;
  other[other.size() - 5] = other[other.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(takes(other));
}

TEST_F(JwtAuthenticatorTest, IsAskedByManyThreadsWhileKeysAreReplaced) {
  const auto token = token_for(100s);
  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::vector<std::thread> asking;
  for (int i = 0; i < 3; ++i) {
    asking.emplace_back([&] {
      while (!stop) refused += takes(token) ? 0 : 1;
    });
  }
  for (int i = 0; i < 50; ++i) authenticator.replace(keys_of(issuer));
  stop = true;
  for (auto& thread : asking) thread.join();
  EXPECT_EQ(refused, 0);
}

class VerifiedTokensTest : public testing::Test {
 protected:
  static Sha256 digest(int number) { return sha256(std::to_string(number)); }

  const Time now{1'800'000'000s};
  const Grant grant{"subject", std::nullopt, {Scope::read}};
  VerifiedTokens tokens;
};

TEST_F(VerifiedTokensTest, AreFoundUntilTheyExpire) {
  tokens.remember(digest(1), grant, now + 10s, now);
  EXPECT_EQ(tokens.find(digest(1), now + 9s)->subject, "subject");
  EXPECT_FALSE(tokens.find(digest(1), now + 10s));
  EXPECT_FALSE(tokens.find(digest(2), now));
}

TEST_F(VerifiedTokensTest, AreFoundForABoundedTime) {
  tokens.remember(digest(1), grant, now + 24h, now);
  EXPECT_TRUE(tokens.find(digest(1), now + bounds::jwt_remembered_for - 1s));
  EXPECT_FALSE(tokens.find(digest(1), now + bounds::jwt_remembered_for));
}

TEST_F(VerifiedTokensTest, AreNotKeptWhenTheyHaveExpired) {
  tokens.remember(digest(1), grant, now, now);
  EXPECT_EQ(tokens.size(), 0u);
}

TEST_F(VerifiedTokensTest, LastNoLongerWhenTheClockIsSetBack) {
  tokens.remember(digest(1), grant, now + 10s, now);
  EXPECT_FALSE(tokens.find(digest(1), now - 1s));
}

TEST_F(VerifiedTokensTest, AreBounded) {
  for (int i = 0; i < 3 * static_cast<int>(bounds::jwt_remembered); ++i) {
    tokens.remember(digest(i), grant, now + 10s, now);
  }
  EXPECT_LE(tokens.size(), bounds::jwt_remembered);
  EXPECT_GE(tokens.size(), bounds::jwt_remembered / 2);
  tokens.remember(digest(-1), grant, now + 20s, now + 15s);
  EXPECT_TRUE(tokens.find(digest(-1), now + 15s));
}

}  // namespace
}  // namespace mentat_sync
