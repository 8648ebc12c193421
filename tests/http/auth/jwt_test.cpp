// Signatures and headers: which tokens are by one of the keys, and the old tricks.
#include "http/auth/jwt.hpp"

#include "http/auth/base64url.hpp"
#include "jwt_issuer.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using nlohmann::json;

const std::string secret = "a secret of at least 32 bytes, as HS256 wants it";

JwtKeys keys_of(const std::string& file) {
  return JwtKeys::parse_key_file(file).value();
}

std::string why(const JwtKeys& keys, const std::string& token) {
  const auto verified = verified_payload(keys, token);
  const auto* refused = std::get_if<Refused>(&verified);
  return refused == nullptr ? "was taken" : std::string{refused->why};
}

bool takes(const JwtKeys& keys, const std::string& token) {
  return why(keys, token) == "was taken";
}

TEST(Jwt, GivesThePayloadOfWhatAKeyHasSigned) {
  for (const char* kind : {"RSA", "EC", "ED25519"}) {
    const auto& issuer = JwtIssuer::of(kind);
    const auto verified =
        verified_payload(keys_of(issuer.public_pem()), issuer.sign(json{{"sub", "x"}}));
    ASSERT_TRUE(std::holds_alternative<std::string>(verified)) << kind;
    EXPECT_EQ(std::get<std::string>(verified), "{\"sub\":\"x\"}");
  }
  const auto secret_keys = JwtKeys::parse_secret_file(secret).value();
  EXPECT_TRUE(takes(secret_keys, sign_by_secret(secret, {{"alg", "HS256"}}, "{}")));
}

TEST(Jwt, RefusesWhatWasChangedAfterSigning) {
  for (const char* kind : {"RSA", "EC", "ED25519"}) {
    const auto& issuer = JwtIssuer::of(kind);
    const auto keys = keys_of(issuer.public_pem());
    const auto token = issuer.sign(json{{"sub", "x"}});
    const auto signature = token.substr(token.rfind('.'));
    EXPECT_FALSE(takes(
        keys, signing_input({{"alg", issuer.algorithm()}, {"typ", "JWT"}}, "{\"sub\":\"y\"}") +
                  signature));
    auto other = token;
    other[other.size() - 10] = other[other.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(takes(keys, other)) << kind;
    EXPECT_FALSE(takes(keys, token.substr(0, token.rfind('.') + 1))) << "no signature";
    EXPECT_FALSE(takes(keys, token.substr(0, token.rfind('.')))) << "no third part";
    EXPECT_FALSE(takes(keys, token + ".x")) << "four parts";
    EXPECT_FALSE(takes(keys, token + "A")) << kind;
  }
}

TEST(Jwt, RefusesAnAllZeroEcdsaSignature) {
  const auto keys = keys_of(JwtIssuer::of("EC").public_pem());
  const auto input = signing_input({{"alg", "ES256"}}, "{}");
  EXPECT_FALSE(takes(keys, input + "." + base64url::encode(std::string(64, '\0'))));
  EXPECT_FALSE(takes(keys, input + "." + base64url::encode(std::string(63, 'x'))));
}

TEST(Jwt, RefusesAlgorithmsThatAreNone) {
  const auto keys = keys_of(JwtIssuer::of("RSA").public_pem());
  for (const char* algorithm :
       {"none", "None", "NONE", "nOnE", "", "HS512", "RS512", "PS256", "rs256", "ES256K"}) {
    const auto input = signing_input({{"alg", algorithm}}, "{}");
    EXPECT_EQ(why(keys, input + "."), "The algorithm of the token is not taken here") << algorithm;
    EXPECT_FALSE(takes(keys, input + ".eA")) << algorithm;
  }
  EXPECT_FALSE(takes(keys, signing_input(json::object(), "{}") + "."));
  EXPECT_FALSE(takes(keys, signing_input({{"alg", nullptr}}, "{}") + "."));
  EXPECT_FALSE(takes(keys, signing_input({{"alg", {"RS256"}}}, "{}") + "."));
}

TEST(Jwt, RefusesAPublicKeyUsedAsASecret) {
  for (const char* kind : {"RSA", "EC", "ED25519"}) {
    const auto pem = JwtIssuer::of(kind).public_pem();
    const auto keys = keys_of(pem);
    for (const auto& text : {pem, pem.substr(0, pem.size() - 1)}) {
      EXPECT_EQ(why(keys, sign_by_secret(text, {{"alg", "HS256"}}, "{}")),
                "No key of this server has signed the token");
    }
  }
}

TEST(Jwt, RefusesATokenThatNamesAnotherAlgorithmThanItsKeys) {
  const auto& ec = JwtIssuer::of("EC");
  EXPECT_FALSE(
      takes(keys_of(JwtIssuer::of("RSA").public_pem()), ec.sign({{"alg", "RS256"}}, "{}")));
  EXPECT_FALSE(takes(keys_of(ec.public_pem()), ec.sign({{"alg", "EdDSA"}}, "{}")));
}

TEST(Jwt, RefusesTokensByAnotherIssuersKey) {
  const auto keys =
      JwtKeys::parse_secret_file("another secret of at least 32 bytes for HS256").value();
  EXPECT_FALSE(takes(keys, sign_by_secret(secret, {{"alg", "HS256"}}, "{}")));
}

TEST(Jwt, SelectsTheKeyByItsId) {
  const auto& rsa = JwtIssuer::of("RSA");
  const auto keys = JwtKeys::parse_jwks(json{{"keys", {rsa.jwk("new")}}}.dump()).value();
  EXPECT_TRUE(takes(keys, rsa.sign({{"alg", "RS256"}, {"kid", "new"}}, "{}")));
  EXPECT_TRUE(takes(keys, rsa.sign({{"alg", "RS256"}}, "{}")));
  EXPECT_FALSE(takes(keys, rsa.sign({{"alg", "RS256"}, {"kid", "old"}}, "{}")));
  EXPECT_FALSE(takes(keys, rsa.sign({{"alg", "RS256"}, {"kid", 1}}, "{}")));
  EXPECT_FALSE(takes(keys, rsa.sign({{"alg", "RS256"}, {"kid", "../new"}}, "{}")));
}

TEST(Jwt, TakesNoKeyThatTheTokenBringsAlong) {
  const auto& rsa = JwtIssuer::of("RSA");
  const auto keys = keys_of(JwtIssuer::of("EC").public_pem());
  EXPECT_FALSE(takes(keys, rsa.sign({{"alg", "RS256"}, {"jwk", rsa.jwk("1")}}, "{}")));
}

TEST(Jwt, RefusesExtensionsItDoesNotKnow) {
  const auto& ec = JwtIssuer::of("EC");
  const json header{{"alg", "ES256"}, {"crit", {"b64"}}, {"b64", false}};
  EXPECT_EQ(why(keys_of(ec.public_pem()), ec.sign(header, "{}")),
            "The token wants extensions that are not known here");
}

TEST(Jwt, RefusesTokensOfOtherTypes) {
  const auto& ec = JwtIssuer::of("EC");
  const auto keys = keys_of(ec.public_pem());
  for (const char* type : {"JWT", "jwt", "at+jwt", "application/at+jwt"}) {
    EXPECT_TRUE(takes(keys, ec.sign({{"alg", "ES256"}, {"typ", type}}, "{}"))) << type;
  }
  for (const json& type : {json("logout+jwt"), json("dpop+jwt"), json("JWE"), json(""), json(1)}) {
    EXPECT_FALSE(takes(keys, ec.sign({{"alg", "ES256"}, {"typ", type}}, "{}"))) << type;
  }
}

TEST(Jwt, RefusesAHeaderWithANameTwice) {
  const auto& ec = JwtIssuer::of("EC");
  const auto input =
      base64url::encode(R"({"alg":"ES256","alg":"ES256"})") + "." + base64url::encode("{}");
  EXPECT_FALSE(
      takes(keys_of(ec.public_pem()), input + "." + base64url::encode(ec.signature(input))));
}

TEST(Jwt, RefusesWhatIsNoBase64url) {
  const auto& ec = JwtIssuer::of("EC");
  const auto keys = keys_of(ec.public_pem());
  const auto token = ec.sign(json::object());
  for (const std::string& other :
       {token + "=", token + " ", " " + token, token + "\n", std::string{}, std::string{".."},
        std::string{"a.b.c"}, std::string(8000, '.'), std::string(8000, 'A')}) {
    EXPECT_EQ(why(keys, other), "The token is no JWT");
  }
}

}  // namespace
}  // namespace mentat_sync
