// JwtKeys out of a JWKS: which of its keys are of use, and how OpenSSL is given them.
#include "http/auth/base64url.hpp"
#include "http/auth/jwt_keys.hpp"
#include "http/auth/public_material.hpp"
#include "http/auth/strict_json.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

using nlohmann::json;

struct FreeBuilder {
  void operator()(OSSL_PARAM_BLD* builder) const { ::OSSL_PARAM_BLD_free(builder); }
};
struct FreeParameters {
  void operator()(OSSL_PARAM* parameters) const { ::OSSL_PARAM_free(parameters); }
};
struct FreeKeyContext {
  void operator()(EVP_PKEY_CTX* context) const { ::EVP_PKEY_CTX_free(context); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const { ::BN_free(number); }
};
using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreeBuilder>;

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string word(const json& object, const char* name) {
  return string_member(object, name).value_or("");
}

/// Empty when it is not there or no base64url.
std::string bytes_member(const json& object, const char* name) {
  return base64url::decode(word(object, name)).value_or("");
}

EvpKey make_key(const char* kind, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, FreeParameters> parameters{::OSSL_PARAM_BLD_to_param(builder)};
  const std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext> context{
      ::EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr)};
  EVP_PKEY* key = nullptr;
  const bool made =
      parameters && context && ::EVP_PKEY_fromdata_init(context.get()) == 1 &&
      ::EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  if (!made) ::ERR_clear_error();
  return EvpKey{key};
}

EvpKey rsa_key(const json& jwk) {
  const auto n = bytes_member(jwk, "n");
  const auto e = bytes_member(jwk, "e");
  if (n.empty() || e.empty()) return nullptr;
  const std::unique_ptr<BIGNUM, FreeNumber> modulus{
      ::BN_bin2bn(bytes_of(n), static_cast<int>(n.size()), nullptr)};
  const std::unique_ptr<BIGNUM, FreeNumber> exponent{
      ::BN_bin2bn(bytes_of(e), static_cast<int>(e.size()), nullptr)};
  const Builder builder{::OSSL_PARAM_BLD_new()};
  if (!modulus || !exponent || !builder ||
      ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return nullptr;
  }
  return make_key("RSA", builder.get());
}

EvpKey p256_key(const json& jwk) {
  constexpr std::size_t coordinate_bytes = 32;
  const auto x = bytes_member(jwk, "x");
  const auto y = bytes_member(jwk, "y");
  if (x.size() != coordinate_bytes || y.size() != coordinate_bytes) return nullptr;
  const std::string point = "\x04" + x + y;  // SEC 1, section 2.3.3: uncompressed
  const Builder builder{::OSSL_PARAM_BLD_new()};
  if (!builder ||
      ::OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1",
                                        0) != 1 ||
      ::OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1) {
    return nullptr;
  }
  return make_key("EC", builder.get());
}

EvpKey ed25519_key(const json& jwk) {
  const auto x = bytes_member(jwk, "x");
  EvpKey key{::EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size())};
  if (!key) ::ERR_clear_error();
  return key;
}

/// Nothing also for what is public, and somebody took for a secret.
std::optional<JwtKey> secret_key(const json& jwk, std::optional<std::string> id) {
  auto secret = bytes_member(jwk, "k");
  if (public_material_in(secret)) return std::nullopt;
  return JwtKey::of_secret(std::move(secret), std::move(id));
}

/// Whether it is for verifying signatures, as far as it says.
bool is_for_verifying(const json& jwk) {
  if (jwk.contains("use") && word(jwk, "use") != "sig") return false;
  const auto operations = jwk.find("key_ops");
  if (operations == jwk.end()) return true;
  return std::find(operations->begin(), operations->end(), "verify") != operations->end();
}

/// Nothing for a key of no use here.
std::optional<JwtKey> read_key(const json& jwk) {
  const auto kind = word(jwk, "kty");
  const auto curve = word(jwk, "crv");
  auto id = string_member(jwk, "kid");
  if (kind == "oct") return secret_key(jwk, std::move(id));
  if (kind == "RSA") return JwtKey::of_public_key(rsa_key(jwk), std::move(id));
  if (kind == "EC" && curve == "P-256") {
    return JwtKey::of_public_key(p256_key(jwk), std::move(id));
  }
  if (kind == "OKP" && curve == "Ed25519") {
    return JwtKey::of_public_key(ed25519_key(jwk), std::move(id));
  }
  return std::nullopt;
}

/// Whether the key's own "alg", if it has one, is what it is used for here.
bool agrees(const json& jwk, const JwtKey& key) {
  return !jwk.contains("alg") || parse_jwt_algorithm(word(jwk, "alg")) == key.algorithm();
}

}  // namespace

Result<JwtKeys> JwtKeys::parse_jwks(std::string_view text) {
  const auto object = parse_strict_object(text);
  const auto list = object ? object->find("keys") : json::const_iterator{};
  if (!object || list == object->end() || !list->is_array()) {
    return Status{ErrorCode::invalid, "it is no JWKS: a JSON object with an array \"keys\""};
  }
  JwtKeys keys;
  for (const json& jwk : *list) {
    if (!jwk.is_object()) return Status{ErrorCode::invalid, "one of its \"keys\" is no object"};
    if (jwk.contains("d")) {
      return Status{ErrorCode::invalid, "it holds a private key, which does not belong here"};
    }
    if (!is_for_verifying(jwk)) continue;
    auto key = read_key(jwk);
    if (!key || !agrees(jwk, *key)) continue;
    if (Status status = keys.add(*std::move(key)); !status.ok()) return status;
  }
  if (keys.size() > 0) return keys;
  return Status{ErrorCode::invalid,
                "none of its keys is for verifying RS256, ES256, EdDSA (Ed25519) or HS256"};
}

}  // namespace mentat_sync
