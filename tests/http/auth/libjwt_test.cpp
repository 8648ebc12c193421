// Tokens of another make: what libjwt signs is taken.
#include "http/auth/jwt.hpp"
#include "jwt_issuer.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <jwt.h>
#include <memory>

namespace mentat_sync {
namespace {

const std::string secret = "a secret of at least 32 bytes, as HS256 wants it";
const std::string alice = "0a11ce00-0000-4000-8000-00000000000a";

std::string signed_by_libjwt(jwt_alg_t algorithm, const std::string& key, long expires) {
  jwt_t* made = nullptr;
  EXPECT_EQ(jwt_new(&made), 0);
  const std::unique_ptr<jwt_t, decltype(&jwt_free)> token{made, &jwt_free};
  EXPECT_EQ(jwt_set_alg(made, algorithm, reinterpret_cast<const unsigned char*>(key.data()),
                        static_cast<int>(key.size())),
            0);
  EXPECT_EQ(jwt_add_grant(made, "sub", alice.c_str()), 0);
  EXPECT_EQ(jwt_add_grant(made, "aud", "sync"), 0);
  EXPECT_EQ(jwt_add_grant(made, "scope", "read"), 0);
  EXPECT_EQ(jwt_add_grant_int(made, "exp", expires), 0);
  char* text = jwt_encode_str(made);
  std::string copy = text == nullptr ? "" : text;
  std::free(text);
  return copy;
}

void expect_taken(const Result<JwtKeys>& keys, const std::string& token) {
  ASSERT_TRUE(keys.ok()) << keys.status().message();
  const auto payload = verified_payload(*keys, token);
  ASSERT_TRUE(std::holds_alternative<std::string>(payload)) << token;
  const auto grant = grant_of_claims(std::get<std::string>(payload), {"sync", ""},
                                     std::chrono::system_clock::now());
  ASSERT_TRUE(std::holds_alternative<JwtGrant>(grant)) << std::get<std::string>(payload);
  EXPECT_EQ(std::get<JwtGrant>(grant).grant.user, UserId::parse(alice));
  EXPECT_EQ(std::get<JwtGrant>(grant).grant.scopes, Scopes{Scope::read});
}

TEST(Libjwt, SignsWhatIsTaken) {
  const long expires = std::time(nullptr) + 1000;
  const auto& rsa = JwtIssuer::of("RSA");
  expect_taken(JwtKeys::parse_key_file(rsa.public_pem()),
               signed_by_libjwt(JWT_ALG_RS256, rsa.private_pem(), expires));
  const auto& ec = JwtIssuer::of("EC");
  expect_taken(JwtKeys::parse_key_file(ec.public_pem()),
               signed_by_libjwt(JWT_ALG_ES256, ec.private_pem(), expires));
  expect_taken(JwtKeys::parse_secret_file(secret),
               signed_by_libjwt(JWT_ALG_HS256, secret, expires));
}

TEST(Libjwt, SignsNothingThatIsTakenByAnAlgorithmThatIsNot) {
  const auto keys = JwtKeys::parse_key_file(JwtIssuer::of("RSA").public_pem());
  const auto token = signed_by_libjwt(JWT_ALG_RS512, JwtIssuer::of("RSA").private_pem(),
                                      std::time(nullptr) + 1000);
  EXPECT_TRUE(std::holds_alternative<Refused>(verified_payload(*keys, token)));
}

}  // namespace
}  // namespace mentat_sync
