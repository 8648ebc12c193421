// What is common to all keys, and the key file; jwks.cpp reads JWKS.
#include "http/auth/jwt_keys.hpp"

#include "http/auth/public_material.hpp"
#include "storage/bounds.hpp"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mentat_sync {
namespace {

constexpr int rsa_bits_min = 2048;              // RFC 7518, section 3.3
constexpr std::size_t secret_bytes_min = 32;    // RFC 7518, section 3.2
constexpr std::size_t es256_number_bytes = 32;  // RFC 7518, section 3.4

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
};
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ::ECDSA_SIG_free(signature); }
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  return ::EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view{group.data(), size} == "prime256v1";
}

std::optional<JwtAlgorithm> algorithm_of(const EVP_PKEY* key) {
  switch (::EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      if (::EVP_PKEY_get_bits(key) < rsa_bits_min) return std::nullopt;
      return JwtAlgorithm::rs256;
    case EVP_PKEY_EC:
      if (!is_p256(key)) return std::nullopt;
      return JwtAlgorithm::es256;
    case EVP_PKEY_ED25519:
      return JwtAlgorithm::eddsa;
    default:
      return std::nullopt;
  }
}

/// From the two numbers that a JWS has, one after the other, to the DER that OpenSSL wants. Empty
/// when it is none.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * es256_number_bytes) return {};
  const std::unique_ptr<ECDSA_SIG, FreeSignature> numbers{::ECDSA_SIG_new()};
  const auto* bytes = bytes_of(signature);
  BIGNUM* r = ::BN_bin2bn(bytes, es256_number_bytes, nullptr);
  BIGNUM* s = ::BN_bin2bn(bytes + es256_number_bytes, es256_number_bytes, nullptr);
  if (!numbers || ::ECDSA_SIG_set0(numbers.get(), r, s) != 1) {
    ::BN_free(r);
    ::BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = ::i2d_ECDSA_SIG(numbers.get(), &der);
  std::string text(reinterpret_cast<char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
  ::OPENSSL_free(der);
  return text;
}

bool verifies_by_key(EVP_PKEY* key, const EVP_MD* digest, std::string_view text,
                     std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context{::EVP_MD_CTX_new()};
  const bool is_right = context && !signature.empty() &&
                        ::EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                        ::EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                           bytes_of(text), text.size()) == 1;
  if (!is_right) ::ERR_clear_error();  // or this thread's next TLS call takes it for its own
  return is_right;
}

bool verifies_by_secret(const std::string& secret, std::string_view text,
                        std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (::HMAC(::EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text),
             text.size(), mac.data(), &size) == nullptr) {
    return false;
  }
  return signature.size() == size && ::CRYPTO_memcmp(signature.data(), mac.data(), size) == 0;
}

EvpKey read_pem(std::string_view text) {
  const std::unique_ptr<BIO, FreeBio> bio{
      ::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  EvpKey key{bio ? ::PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr};
  ::ERR_clear_error();
  return key;
}

Result<JwtKey> read_public_key(std::string_view text) {
  if (text.find("PRIVATE KEY-----") != text.npos) {
    return Status{ErrorCode::invalid,
                  "it holds a private key, which belongs to whoever issues tokens, not here: give "
                  "its public key (openssl pkey -in FILE -pubout)"};
  }
  auto key = read_pem(text);
  if (!key) {
    return Status{ErrorCode::invalid,
                  "it is no public key in PEM (-----BEGIN PUBLIC KEY-----); a JWKS is for "
                  "--jwt-jwks-file, and a secret for HS256, which whoever knows it can make tokens "
                  "with, for --jwt-secret-file"};
  }
  auto jwt_key = JwtKey::of_public_key(std::move(key), std::nullopt);
  if (jwt_key) return *std::move(jwt_key);
  return Status{ErrorCode::invalid,
                "its key is none of RSA from 2048 bits, EC of P-256, and Ed25519"};
}

Result<JwtKey> read_secret(std::string_view text) {
  if (const auto what = public_material_in(text)) {
    return Status{ErrorCode::invalid,
                  "it looks like " + std::string{*what} +
                      ", which is no secret: whoever knows it could make tokens. A public key is "
                      "for --jwt-key-file, as PEM, a JWKS for --jwt-jwks-file; 'openssl rand "
                      "-base64 32' makes a secret"};
  }
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  auto key = JwtKey::of_secret(std::string{text}, std::nullopt);
  if (key) return *std::move(key);
  return Status{ErrorCode::invalid, "it is no secret of at least 32 bytes"};
}

}  // namespace

std::optional<JwtAlgorithm> parse_jwt_algorithm(std::string_view name) {
  if (name == "RS256") return JwtAlgorithm::rs256;
  if (name == "ES256") return JwtAlgorithm::es256;
  if (name == "EdDSA") return JwtAlgorithm::eddsa;
  if (name == "HS256") return JwtAlgorithm::hs256;
  return std::nullopt;
}

JwtKey::JwtKey(JwtAlgorithm algorithm, std::variant<EvpKey, std::string> key,
               std::optional<std::string> id)
    : algorithm_{algorithm}, key_{std::move(key)}, id_{std::move(id)} {}

std::optional<JwtKey> JwtKey::of_public_key(EvpKey key, std::optional<std::string> id) {
  const auto algorithm = key ? algorithm_of(key.get()) : std::nullopt;
  if (!algorithm) return std::nullopt;
  return JwtKey{*algorithm, std::move(key), std::move(id)};
}

std::optional<JwtKey> JwtKey::of_secret(std::string secret, std::optional<std::string> id) {
  if (secret.size() < secret_bytes_min) return std::nullopt;
  return JwtKey{JwtAlgorithm::hs256, std::move(secret), std::move(id)};
}

bool JwtKey::verifies(std::string_view signed_text, std::string_view signature) const {
  if (const auto* secret = std::get_if<std::string>(&key_)) {
    return verifies_by_secret(*secret, signed_text, signature);
  }
  EVP_PKEY* const key = std::get<EvpKey>(key_).get();
  switch (algorithm_) {
    case JwtAlgorithm::rs256:
      return verifies_by_key(key, ::EVP_sha256(), signed_text, signature);
    case JwtAlgorithm::es256:
      return verifies_by_key(key, ::EVP_sha256(), signed_text, to_der(signature));
    case JwtAlgorithm::eddsa:
      return verifies_by_key(key, nullptr, signed_text, signature);
    case JwtAlgorithm::hs256:
      return false;
  }
  return false;
}

Result<JwtKeys> JwtKeys::parse_key_file(std::string_view text) {
  auto key = read_public_key(text);
  if (!key) return key.status();
  return only(std::move(*key));
}

Result<JwtKeys> JwtKeys::parse_secret_file(std::string_view text) {
  auto key = read_secret(text);
  if (!key) return key.status();
  return only(std::move(*key));
}

JwtKeys JwtKeys::only(JwtKey key) {
  JwtKeys keys;
  keys.any_id_ = true;
  keys.keys_.push_back(std::move(key));
  return keys;
}

Status JwtKeys::add(JwtKey key) {
  if (keys_.size() == bounds::jwt_keys) {
    return {ErrorCode::invalid,
            "it has more than " + std::to_string(bounds::jwt_keys) + " keys of use here"};
  }
  for (const JwtKey& other : keys_) {
    if (other.algorithm() != key.algorithm() || other.id() != key.id()) continue;
    return {ErrorCode::invalid, "two keys of one algorithm have the same \"kid\", or none"};
  }
  keys_.push_back(std::move(key));
  return {};
}

const JwtKey* JwtKeys::find(JwtAlgorithm algorithm, const std::optional<std::string>& id) const {
  const JwtKey* found = nullptr;
  for (const JwtKey& key : keys_) {
    if (key.algorithm() != algorithm) continue;
    if (id && !any_id_ && key.id() != id) continue;
    if (found != nullptr) return nullptr;  // without an id, which of them?
    found = &key;
  }
  return found;
}

bool JwtKeys::hold_a_secret() const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [](const JwtKey& key) { return key.algorithm() == JwtAlgorithm::hs256; });
}

}  // namespace mentat_sync
