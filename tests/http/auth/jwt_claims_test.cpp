// What each claim does.
#include "http/auth/jwt.hpp"
#include "storage/bounds.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace mentat_sync {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

const std::string alice = "0a11ce00-0000-4000-8000-00000000000a";

class JwtClaims : public testing::Test {
 protected:
  std::variant<JwtGrant, Refused> ask() const {
    return grant_of_claims(claims.dump(), rules, std::chrono::system_clock::time_point{now});
  }
  std::string why() const {
    const auto answer = ask();
    const auto* refused = std::get_if<Refused>(&answer);
    return refused == nullptr ? "was taken" : std::string{refused->why};
  }
  bool taken() const { return why() == "was taken"; }
  Grant grant() const { return std::get<JwtGrant>(ask()).grant; }

  std::chrono::seconds now{1'800'000'000};
  const std::int64_t leeway = bounds::jwt_leeway.count();
  json claims{{"sub", alice}, {"exp", now.count() + 100}};
  JwtRules rules;
};

TEST_F(JwtClaims, GrantReadAndWriteOfTheSubjectsLog) {
  EXPECT_EQ(grant().user, UserId::parse(alice));
  EXPECT_EQ(grant().subject, alice);
  EXPECT_EQ(grant().scopes, (Scopes{Scope::read, Scope::write}));
  EXPECT_EQ(std::get<JwtGrant>(ask()).expires, std::chrono::system_clock::time_point{now + 100s});
}

TEST_F(JwtClaims, MustExpire) {
  claims.erase("exp");
  EXPECT_EQ(why(), "The token has no time of expiry");
  for (const json& wrong : {json("1800000100"), json(nullptr), json(true), json::array()}) {
    claims["exp"] = wrong;
    EXPECT_EQ(why(), "A date of the token is none") << wrong;
  }
}

TEST_F(JwtClaims, ExpireWithLeeway) {
  claims["exp"] = now.count() - leeway + 1;
  EXPECT_TRUE(taken());
  claims["exp"] = now.count() - leeway;
  EXPECT_EQ(why(), "The token has expired");
  claims["exp"] = -1;
  EXPECT_EQ(why(), "The token has expired");
  claims["exp"] = 253'402'300'799;
  EXPECT_TRUE(taken()) << "the year 9999";
  claims["exp"] = static_cast<double>(now.count()) + 0.5;
  EXPECT_TRUE(taken());
}

TEST_F(JwtClaims, BeginWithLeeway) {
  for (const char* name : {"nbf", "iat"}) {
    claims[name] = now.count() + leeway;
    EXPECT_TRUE(taken()) << name;
    claims[name] = now.count() + leeway + 1;
    EXPECT_EQ(why(), "The token is not valid yet") << name;
    claims[name] = "now";
    EXPECT_EQ(why(), "A date of the token is none") << name;
    claims.erase(name);
  }
}

TEST_F(JwtClaims, HaveDatesThatADateCanBe) {
  for (const char* name : {"exp", "nbf", "iat"}) {
    const json before = claims;
    for (const json& wrong : {json(253'402'300'800), json(1e308), json(-1e308), json(-1e300),
                              json(std::numeric_limits<std::uint64_t>::max())}) {
      claims[name] = wrong;
      EXPECT_EQ(why(), "A date of the token is none") << name << ": " << wrong;
    }
    claims = before;
  }
}

TEST_F(JwtClaims, BehindAByteOrderMarkAreRefused) {
  const auto answer = grant_of_claims("\xef\xbb\xbf" + claims.dump(), rules,
                                      std::chrono::system_clock::time_point{now});
  EXPECT_TRUE(std::holds_alternative<Refused>(answer));
}

TEST_F(JwtClaims, MustNameTheAudienceWhenThereIsOne) {
  rules.audience = "sync";
  EXPECT_EQ(why(), "The token is for another audience");
  for (const json& right : {json("sync"), json{"sync"}, json{"other", "sync"}}) {
    claims["aud"] = right;
    EXPECT_TRUE(taken()) << right;
  }
  for (const json& wrong : {json("Sync"), json("sync2"), json("other sync"), json::array(),
                            json{"other"}, json(1), json{{"sync", true}}, json(nullptr)}) {
    claims["aud"] = wrong;
    EXPECT_EQ(why(), "The token is for another audience") << wrong;
  }
}

TEST_F(JwtClaims, ForSomeAudienceAreNotForAServerWithoutOne) {
  claims["aud"] = "sync";
  EXPECT_EQ(why(), "The token is for another audience");
}

TEST_F(JwtClaims, MustNameTheIssuerWhenThereIsOne) {
  claims["iss"] = "https://issuer.example";
  EXPECT_TRUE(taken());
  rules.issuer = "https://issuer.example";
  EXPECT_TRUE(taken());
  rules.issuer = "https://issuer.example/";
  EXPECT_EQ(why(), "The token is by another issuer");
  claims["iss"] = {"https://issuer.example/"};
  EXPECT_EQ(why(), "The token is by another issuer");
  claims.erase("iss");
  EXPECT_EQ(why(), "The token is by another issuer");
}

TEST_F(JwtClaims, TakeOurWordsOutOfTheScope) {
  claims["scope"] = "openid read profile";
  EXPECT_EQ(grant().scopes, Scopes{Scope::read});
  claims["scope"] = "read write admin";
  EXPECT_EQ(grant().scopes, (Scopes{Scope::read, Scope::write, Scope::admin}));
  claims["scope"] = "  write  ";
  EXPECT_EQ(grant().scopes, Scopes{Scope::write});
  claims["scope"] = "openid reader Read";
  EXPECT_TRUE(grant().scopes.empty());
  claims["scope"] = "";
  EXPECT_TRUE(grant().scopes.empty());
  claims["scope"] = {"read"};
  EXPECT_EQ(why(), "The scope of the token is malformed");
}

TEST_F(JwtClaims, NeedASubjectThatIsAUser) {
  for (const json& wrong : {json("alice"), json(""), json(1), json(nullptr)}) {
    claims["sub"] = wrong;
    EXPECT_EQ(why(), "The subject of the token is no uuid") << wrong;
  }
  claims.erase("sub");
  EXPECT_EQ(why(), "The subject of the token is no uuid");
}

TEST_F(JwtClaims, OfAnAdministratorWhoIsNoUserAreForNoLog) {
  claims["sub"] = "prometheus";
  claims["scope"] = "read write admin";
  EXPECT_EQ(grant().scopes, Scopes{Scope::admin});
  EXPECT_EQ(grant().subject, "prometheus");
}

TEST_F(JwtClaims, AreForAllUsersOnlyWhenTheySaySo) {
  claims["sub"] = "backup";
  claims["mentat_sync_users"] = "*";
  EXPECT_EQ(grant().user, std::nullopt);
  EXPECT_EQ(grant().scopes, (Scopes{Scope::read, Scope::write}));
  for (const json& wrong : {json("all"), json(true), json{"*"}, json(nullptr)}) {
    claims["mentat_sync_users"] = wrong;
    EXPECT_FALSE(taken()) << wrong;
  }
}

TEST_F(JwtClaims, LeaveASubjectThatIsFitForALog) {
  claims["scope"] = "admin";
  claims["sub"] = "a\nb\x1b[31m" + std::string(1000, 'x');
  EXPECT_EQ(grant().subject.substr(0, 8), "a?b?[31m");
  EXPECT_LE(grant().subject.size(), 64u);
}

TEST_F(JwtClaims, WithANameTwiceAreRefused) {
  const auto now_text = std::to_string(now.count() + 100);
  const auto text =
      "{\"sub\":\"" + alice + "\",\"exp\":" + now_text + ",\"sub\":\"" + alice + "\"}";
  const auto answer = grant_of_claims(text, rules, std::chrono::system_clock::time_point{now});
  EXPECT_TRUE(std::holds_alternative<Refused>(answer));
  EXPECT_TRUE(std::holds_alternative<Refused>(
      grant_of_claims("[]", rules, std::chrono::system_clock::time_point{now})));
}

}  // namespace
}  // namespace mentat_sync
