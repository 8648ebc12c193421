// JwtIssuer: signs whatever a test wants signed, right or wrong, with a key of its own.
//
// Thread-safety: immutable. Failures: throws std::runtime_error, which fails the test.
#pragma once

#include "http/auth/jwt_keys.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace mentat_sync {

class JwtIssuer {
 public:
  /// "RSA" (of 2048 bits), "EC" (of P-256), "ED25519"; made once.
  static const JwtIssuer& of(const std::string& kind);

  /// "RS256", …
  const std::string& algorithm() const { return algorithm_; }
  std::string public_pem() const;
  std::string private_pem() const;
  /// Its public key as a member of a JWKS.
  nlohmann::json jwk(const std::string& id) const;
  /// As JWS has it.
  std::string signature(std::string_view text) const;

  /// A token with this header and payload.
  std::string sign(const nlohmann::json& header, const std::string& payload) const;
  /// The same with the header that its key wants.
  std::string sign(const nlohmann::json& claims) const;

 private:
  JwtIssuer(EvpKey key, std::string algorithm);

  EvpKey key_;
  std::string algorithm_;
};

/// Header and payload with the dot between them.
std::string signing_input(const nlohmann::json& header, const std::string& payload);
/// A token by HMAC-SHA-256.
std::string sign_by_secret(const std::string& secret, const nlohmann::json& header,
                           const std::string& payload);

}  // namespace mentat_sync
