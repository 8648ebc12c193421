// Keys out of files and JWKS, and those that are refused.
#include "http/auth/jwt_keys.hpp"

#include "http/auth/base64url.hpp"
#include "jwt_issuer.hpp"
#include "storage/bounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace mentat_sync {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string secret = "a secret of at least 32 bytes, as HS256 wants it";

json oct_jwk(const std::string& id) {
  return {{"kty", "oct"}, {"kid", id}, {"k", base64url::encode(secret)}};
}

Result<JwtKeys> jwks(const std::vector<json>& keys) {
  return JwtKeys::parse_jwks(json{{"keys", keys}}.dump());
}

std::string reason(const Result<JwtKeys>& keys) {
  return keys.ok() ? "was taken" : keys.status().message();
}

std::string der_of(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  const EvpKey key{PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr)};
  BIO_free(bio);
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

TEST(JwtKeys, BindAPublicKeyToTheAlgorithmOfItsKind) {
  for (const char* kind : {"RSA", "EC", "ED25519"}) {
    const auto& issuer = JwtIssuer::of(kind);
    const auto keys = JwtKeys::parse_key_file(issuer.public_pem());
    ASSERT_TRUE(keys.ok()) << reason(keys);
    const auto* key = keys->find(*parse_jwt_algorithm(issuer.algorithm()), std::nullopt);
    ASSERT_NE(key, nullptr);
    EXPECT_TRUE(key->verifies("text", issuer.signature("text"))) << kind;
    EXPECT_FALSE(key->verifies("texT", issuer.signature("text"))) << kind;
    EXPECT_FALSE(key->verifies("text", "")) << kind;
    EXPECT_FALSE(keys->hold_a_secret());
    EXPECT_EQ(keys->find(JwtAlgorithm::hs256, std::nullopt), nullptr);
  }
}

TEST(JwtKeys, OfAFileAreGoodForAnyKeyId) {
  const auto keys = JwtKeys::parse_key_file(JwtIssuer::of("EC").public_pem());
  EXPECT_NE(keys->find(JwtAlgorithm::es256, "whatever"), nullptr);
}

TEST(JwtKeys, TakeASecretWithoutTheEndOfItsLine) {
  for (const std::string end : {"", "\n", "\r\n"}) {
    const auto keys = JwtKeys::parse_secret_file(secret + end);
    ASSERT_TRUE(keys.ok()) << reason(keys);
    EXPECT_TRUE(keys->hold_a_secret());
    const auto token = sign_by_secret(secret, {{"alg", "HS256"}}, "{}");
    const auto dot = token.rfind('.');
    EXPECT_TRUE(keys->find(JwtAlgorithm::hs256, std::nullopt)
                    ->verifies(token.substr(0, dot), *base64url::decode(token.substr(dot + 1))));
  }
}

TEST(JwtKeys, RefuseFilesThatHoldSomethingElse) {
  const auto& issuer = JwtIssuer::of("RSA");
  EXPECT_THAT(reason(JwtKeys::parse_secret_file("short")), HasSubstr("32 bytes"));
  EXPECT_THAT(reason(JwtKeys::parse_secret_file("")), HasSubstr("32 bytes"));
  EXPECT_THAT(reason(JwtKeys::parse_key_file("")), HasSubstr("PEM"));
  EXPECT_THAT(reason(JwtKeys::parse_key_file(issuer.private_pem())), HasSubstr("private key"));
  const auto pem = issuer.public_pem();
  EXPECT_THAT(reason(JwtKeys::parse_key_file(pem.substr(0, pem.size() / 2))), HasSubstr("PEM"));
  EXPECT_THAT(reason(JwtKeys::parse_key_file(pem.substr(40))), HasSubstr("PEM"));
}

TEST(JwtKeys, TakeASecretOnlyWhereItIsSaidToBeOne) {
  EXPECT_THAT(reason(JwtKeys::parse_key_file(secret)), HasSubstr("--jwt-secret-file"));
}

TEST(JwtKeys, NeverTakeAPublicKeyForASecret) {
  for (const char* kind : {"RSA", "EC", "ED25519"}) {
    const auto pem = JwtIssuer::of(kind).public_pem();
    EXPECT_THAT(reason(JwtKeys::parse_secret_file(pem)), HasSubstr("no secret")) << kind;
    EXPECT_THAT(reason(JwtKeys::parse_secret_file(der_of(pem))), HasSubstr("DER")) << kind;
    const auto set = json{{"keys", {JwtIssuer::of(kind).jwk("1")}}}.dump(2);
    EXPECT_THAT(reason(JwtKeys::parse_secret_file(set)), HasSubstr("JWKS")) << kind;
  }
}

TEST(JwtKeys, RefuseKindsThatNoAlgorithmHereIsOf) {
  for (EVP_PKEY* made : {EVP_RSA_gen(1024), EVP_EC_gen("P-384"), EVP_EC_gen("secp256k1"),
                         EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")}) {
    EvpKey key{made};
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, key.get());
    char* start = nullptr;
    const auto size = BIO_get_mem_data(bio, &start);
    const auto keys = JwtKeys::parse_key_file({start, static_cast<std::size_t>(size)});
    BIO_free(bio);
    EXPECT_THAT(reason(keys), HasSubstr("none of RSA"));
  }
}

TEST(Jwks, HasKeysOfAllKindsByTheirIds) {
  const auto& rsa = JwtIssuer::of("RSA");
  const auto& ec = JwtIssuer::of("EC");
  const auto& ed = JwtIssuer::of("ED25519");
  const auto keys = jwks({rsa.jwk("1"), ec.jwk("2"), ed.jwk("3"), oct_jwk("4")});
  ASSERT_TRUE(keys.ok()) << reason(keys);
  EXPECT_EQ(keys->size(), 4u);
  EXPECT_TRUE(keys->hold_a_secret());
  EXPECT_TRUE(keys->find(JwtAlgorithm::rs256, "1")->verifies("x", rsa.signature("x")));
  EXPECT_TRUE(keys->find(JwtAlgorithm::es256, "2")->verifies("x", ec.signature("x")));
  EXPECT_TRUE(keys->find(JwtAlgorithm::eddsa, "3")->verifies("x", ed.signature("x")));
  EXPECT_NE(keys->find(JwtAlgorithm::hs256, "4"), nullptr);
}

TEST(Jwks, GivesAKeyForItsOwnIdAndAlgorithmOnly) {
  const auto keys = jwks({JwtIssuer::of("RSA").jwk("1"), JwtIssuer::of("EC").jwk("2")});
  EXPECT_EQ(keys->find(JwtAlgorithm::rs256, "2"), nullptr);
  EXPECT_EQ(keys->find(JwtAlgorithm::hs256, "1"), nullptr);
  EXPECT_EQ(keys->find(JwtAlgorithm::rs256, "3"), nullptr);
  EXPECT_NE(keys->find(JwtAlgorithm::rs256, std::nullopt), nullptr) << "the only one";
}

TEST(Jwks, ChoosesNoneOfSeveralWithoutAnId) {
  auto other = JwtIssuer::of("EC").jwk("2");
  const auto keys = jwks({JwtIssuer::of("EC").jwk("1"), other});
  EXPECT_EQ(keys->find(JwtAlgorithm::es256, std::nullopt), nullptr);
}

TEST(Jwks, PassesOverKeysOfNoUseHere) {
  auto encrypting = JwtIssuer::of("RSA").jwk("1");
  encrypting["use"] = "enc";
  auto other_algorithm = JwtIssuer::of("RSA").jwk("2");
  other_algorithm["alg"] = "RS512";
  auto other_operation = JwtIssuer::of("RSA").jwk("3");
  other_operation["key_ops"] = {"encrypt"};
  auto off_the_curve = JwtIssuer::of("EC").jwk("4");
  off_the_curve["x"] = base64url::encode(std::string(32, 'x'));
  auto short_secret = oct_jwk("5");
  short_secret["k"] = "c2hvcnQ";
  const json unknown{{"kty", "quantum"}};
  const auto none =
      jwks({encrypting, other_algorithm, other_operation, off_the_curve, short_secret, unknown});
  EXPECT_THAT(reason(none), HasSubstr("none of its keys"));
  const auto one = jwks({encrypting, unknown, JwtIssuer::of("EC").jwk("6")});
  ASSERT_TRUE(one.ok()) << reason(one);
  EXPECT_EQ(one->size(), 1u);
}

TEST(Jwks, TakesNoPublicKeyForASecret) {
  auto oct = oct_jwk("1");
  oct["k"] = base64url::encode(JwtIssuer::of("RSA").public_pem());
  EXPECT_THAT(reason(jwks({oct})), HasSubstr("none of its keys"));
}

TEST(Jwks, RefusesWhatIsNone) {
  for (const char* text : {"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[1]}",
                           "{\"keys\":[],\"keys\":[]}", "{\"keys\":[]}"}) {
    EXPECT_FALSE(JwtKeys::parse_jwks(text).ok()) << text;
  }
}

TEST(Jwks, RefusesPrivateKeys) {
  auto jwk = JwtIssuer::of("EC").jwk("1");
  jwk["d"] = "AAAA";
  EXPECT_THAT(reason(jwks({jwk})), HasSubstr("private key"));
}

TEST(Jwks, RefusesTwoKeysOfOneIdAndAlgorithm) {
  EXPECT_THAT(reason(jwks({JwtIssuer::of("EC").jwk("1"), JwtIssuer::of("EC").jwk("1")})),
              HasSubstr("same"));
  EXPECT_TRUE(jwks({JwtIssuer::of("EC").jwk("1"), JwtIssuer::of("RSA").jwk("1")}).ok());
}

TEST(Jwks, BoundsHowManyKeys) {
  std::vector<json> keys;
  while (keys.size() < bounds::jwt_keys) keys.push_back(oct_jwk(std::to_string(keys.size())));
  EXPECT_TRUE(jwks(keys).ok());
  keys.push_back(oct_jwk("more"));
  EXPECT_THAT(reason(jwks(keys)), HasSubstr("more than"));
}

}  // namespace
}  // namespace mentat_sync
