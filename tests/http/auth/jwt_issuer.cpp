// By OpenSSL's signing functions, which the code under test has no use for.
#include "jwt_issuer.hpp"

#include "http/auth/base64url.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <utility>

namespace mentat_sync {
namespace {

void check(bool is_right) {
  if (!is_right) throw std::runtime_error("OpenSSL failed");
}

EvpKey make_key(const std::string& kind) {
  if (kind == "RSA") return EvpKey{EVP_RSA_gen(2048)};
  if (kind == "EC") return EvpKey{EVP_EC_gen("P-256")};
  return EvpKey{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
}

std::string text_of(BIO* bio) {
  char* start = nullptr;
  const long size = BIO_get_mem_data(bio, &start);
  std::string text(start, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

/// As a JWK has it; at least `bytes` long.
std::string number_of(const EVP_PKEY* key, const char* name, int bytes) {
  BIGNUM* number = nullptr;
  check(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string text(static_cast<std::size_t>(std::max(bytes, BN_num_bytes(number))), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(text.data()),
               static_cast<int>(text.size()));
  BN_free(number);
  return base64url::encode(text);
}

/// From DER to the two numbers.
std::string to_jws(const std::string& der) {
  const auto* start = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* numbers = d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(der.size()));
  check(numbers != nullptr);
  std::string text(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(text.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(numbers), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(numbers), out + 32, 32);
  ECDSA_SIG_free(numbers);
  return text;
}

}  // namespace

JwtIssuer::JwtIssuer(EvpKey key, std::string algorithm)
    : key_{std::move(key)}, algorithm_{std::move(algorithm)} {
  check(key_ != nullptr);
}

const JwtIssuer& JwtIssuer::of(const std::string& kind) {
  static const std::map<std::string, std::string> algorithms{
      {"RSA", "RS256"}, {"EC", "ES256"}, {"ED25519", "EdDSA"}};
  static std::map<std::string, JwtIssuer> issuers;
  const auto found = issuers.find(kind);
  if (found != issuers.end()) return found->second;
  return issuers.emplace(kind, JwtIssuer{make_key(kind), algorithms.at(kind)}).first->second;
}

std::string JwtIssuer::public_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  check(PEM_write_bio_PUBKEY(bio, key_.get()) == 1);
  return text_of(bio);
}

std::string JwtIssuer::private_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  check(PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio);
}

nlohmann::json JwtIssuer::jwk(const std::string& id) const {
  nlohmann::json jwk{{"kid", id}, {"use", "sig"}, {"alg", algorithm_}};
  if (algorithm_ == "RS256") {
    jwk["kty"] = "RSA";
    jwk["n"] = number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0);
    jwk["e"] = number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0);
  } else if (algorithm_ == "ES256") {
    jwk["kty"] = "EC";
    jwk["crv"] = "P-256";
    jwk["x"] = number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32);
    jwk["y"] = number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32);
  } else {
    std::array<unsigned char, 32> raw{};
    std::size_t size = raw.size();
    check(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) == 1);
    jwk["kty"] = "OKP";
    jwk["crv"] = "Ed25519";
    jwk["x"] = base64url::encode({reinterpret_cast<const char*>(raw.data()), size});
  }
  return jwk;
}

std::string JwtIssuer::signature(std::string_view text) const {
  const EVP_MD* digest = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  check(EVP_DigestSignInit(context, nullptr, digest, nullptr, key_.get()) == 1);
  check(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return algorithm_ == "ES256" ? to_jws(signature) : signature;
}

std::string JwtIssuer::sign(const nlohmann::json& header, const std::string& payload) const {
  const auto text = signing_input(header, payload);
  return text + "." + base64url::encode(signature(text));
}

std::string JwtIssuer::sign(const nlohmann::json& claims) const {
  return sign({{"alg", algorithm_}, {"typ", "JWT"}}, claims.dump());
}

std::string signing_input(const nlohmann::json& header, const std::string& payload) {
  return base64url::encode(header.dump()) + "." + base64url::encode(payload);
}

std::string sign_by_secret(const std::string& secret, const nlohmann::json& header,
                           const std::string& payload) {
  const auto text = signing_input(header, payload);
  std::string mac(32, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  return text + "." + base64url::encode(mac);
}

}  // namespace mentat_sync
