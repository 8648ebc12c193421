// The keys that JWTs are verified with, each bound to one algorithm: what a token says of its
// algorithm only ever has to agree with the key, and never chooses how a key is used.
//
// Thread-safety: immutable once made; verifying is thread-safe.
// Ownership: a JwtKeys owns its keys.
// Failures: of reading, a Status that says what is wrong; nothing of a secret is in it.
// Source: RFC 7518 (RS256, ES256, HS256), RFC 8037 (EdDSA, of Ed25519), RFC 7517 (JWKS), RFC 8725
// (why so strict).
#pragma once

#include "storage/result.hpp"

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mentat_sync {

enum class JwtAlgorithm { rs256, es256, eddsa, hs256 };

/// As "alg" has it. "none" is none of them.
std::optional<JwtAlgorithm> parse_jwt_algorithm(std::string_view name);

struct FreeEvpKey {
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, FreeEvpKey>;

class JwtKey {
 public:
  /// A public key; its kind decides the algorithm. Nothing for kinds that none here is of: RSA
  /// below 2048 bits, other curves than P-256, …
  static std::optional<JwtKey> of_public_key(EvpKey key, std::optional<std::string> id);
  /// For HS256. Nothing when it has fewer than 32 bytes (RFC 7518, section 3.2).
  static std::optional<JwtKey> of_secret(std::string secret, std::optional<std::string> id);

  JwtAlgorithm algorithm() const { return algorithm_; }
  const std::optional<std::string>& id() const { return id_; }

  bool verifies(std::string_view signed_text, std::string_view signature) const;

 private:
  JwtKey(JwtAlgorithm algorithm, std::variant<EvpKey, std::string> key,
         std::optional<std::string> id);

  JwtAlgorithm algorithm_;
  std::variant<EvpKey, std::string> key_;
  std::optional<std::string> id_;
};

class JwtKeys {
 public:
  /// None, so that nothing is verified.
  JwtKeys() = default;

  /// A public key as PEM, which is good whatever "kid" a token names.
  static Result<JwtKeys> parse_key_file(std::string_view text);
  /// A secret for HS256, good whatever "kid" a token names: all of the file but for the end of its
  /// line. What looks like something public is refused (public_material.hpp).
  static Result<JwtKeys> parse_secret_file(std::string_view text);
  /// A JWKS. Keys for other uses and of kinds that are not known are passed over.
  static Result<JwtKeys> parse_jwks(std::string_view text);

  /// Nothing when no key of that algorithm has this id; without an id the only key of the
  /// algorithm.
  const JwtKey* find(JwtAlgorithm algorithm, const std::optional<std::string>& id) const;

  std::size_t size() const { return keys_.size(); }
  /// Whether one of them is a secret, so that whoever reads the file can make tokens.
  bool hold_a_secret() const;

 private:
  static JwtKeys only(JwtKey key);
  Status add(JwtKey key);

  std::vector<JwtKey> keys_;
  /// Whether the only key is good for tokens of any key id.
  bool any_id_ = false;
};

}  // namespace mentat_sync
