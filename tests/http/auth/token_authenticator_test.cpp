// Known, unknown, expired and revoked tokens; tokens that are replaced while they are asked for.
#include "http/auth/token_authenticator.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;

const UserId alice = UserId::parse("0a11ce00-0000-4000-8000-00000000000a").value();

class TokenAuthenticatorTest : public testing::Test {
 protected:
  std::string add(std::optional<std::chrono::sys_seconds> expires = std::nullopt) {
    TokenRecord record;
    record.user = alice;
    record.scopes = {Scope::read};
    record.expires = expires;
    auto token = make_token(record).value();
    records.push_back(record);
    authenticator.replace(records);
    return token;
  }

  bool takes(const std::string& token) const {
    return std::holds_alternative<Grant>(authenticator.authenticate(token));
  }

  std::string why(const std::string& token) const {
    const auto authentication = authenticator.authenticate(token);
    const auto* refused = std::get_if<Refused>(&authentication);
    return refused == nullptr ? "was taken" : std::string{refused->why};
  }

  std::chrono::system_clock::time_point now = std::chrono::sys_days{2026y / 1 / 31};
  std::vector<TokenRecord> records;
  TokenAuthenticator authenticator{[this] { return now; }};
};

TEST_F(TokenAuthenticatorTest, GrantsWhatTheRecordSays) {
  add();
  const auto authentication = authenticator.authenticate(add());
  const auto& grant = std::get<Grant>(authentication);
  EXPECT_EQ(grant.user, alice);
  EXPECT_EQ(grant.scopes, Scopes{Scope::read});
  EXPECT_EQ(grant.subject, records.back().id);
}

TEST_F(TokenAuthenticatorTest, KnowsNoTokenAtFirst) {
  TokenRecord record;
  EXPECT_FALSE(takes(make_token(record).value()));
}

TEST_F(TokenAuthenticatorTest, TellsAWrongSecretAndAnUnknownIdTheSame) {
  const auto token = add();
  auto wrong_secret = token;
  wrong_secret.back() = token.back() == 'A' ? 'B' : 'A';
  TokenRecord other;
  const auto unknown_id = make_token(other).value();
  EXPECT_EQ(why(wrong_secret), "The token is not known");
  EXPECT_EQ(why(unknown_id), why(wrong_secret));
  EXPECT_EQ(why("malformed"), why(wrong_secret));
  EXPECT_EQ(why(""), why(wrong_secret));
}

TEST_F(TokenAuthenticatorTest, RefusesTheSecretOfAnotherToken) {
  const auto one = add();
  const auto two = add();
  EXPECT_FALSE(takes(one.substr(0, 17) + two.substr(17)));
}

TEST_F(TokenAuthenticatorTest, RefusesTheHashInTheFileAsAToken) {
  add();
  EXPECT_FALSE(takes(to_hex(records[0].sha256)));
  EXPECT_FALSE(takes("mst_" + records[0].id + "_" + to_hex(records[0].sha256).substr(0, 43)));
}

TEST_F(TokenAuthenticatorTest, RefusesATokenFromTheSecondOfItsExpiryOn) {
  const auto expires = std::chrono::floor<std::chrono::seconds>(now) + 10s;
  const auto token = add(expires);
  now = expires - 1ms;
  EXPECT_TRUE(takes(token));
  now = expires;
  EXPECT_EQ(why(token), "The token has expired");
}

TEST_F(TokenAuthenticatorTest, TakesATokenThatExpiresInTheYear9999) {
  EXPECT_TRUE(takes(add(std::chrono::sys_days{9999y / 12 / 31} + 24h - 1s)));
}

TEST_F(TokenAuthenticatorTest, RefusesWhatIsRevoked) {
  const auto one = add();
  const auto two = add();
  authenticator.replace({records[1]});
  EXPECT_FALSE(takes(one));
  EXPECT_TRUE(takes(two));
}

TEST_F(TokenAuthenticatorTest, IsAskedWhileItsTokensAreReplaced) {
  const auto token = add();
  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::thread asking{[&] {
    while (!stop) refused += takes(token) ? 0 : 1;
  }};
  for (int i = 0; i < 200; ++i) authenticator.replace(records);
  stop = true;
  asking.join();
  EXPECT_EQ(refused, 0);
}

}  // namespace
}  // namespace mentat_sync
