// JSON Web Tokens: taken apart and verified, and what their claims grant.
//
// The signature is looked at before the claims are: nothing of a token whose key is not ours is
// parsed but its header.
//
// Thread-safety: pure functions.
// Failures: a Refused with a sentence for the bearer.
// Source: RFC 7519 (claims), RFC 7515 (compact form), RFC 8725 (best practices), RFC 9068 ("scope",
// "typ": "at+jwt"); docs/operations/authentication.md says what each claim means here.
#pragma once

#include "http/auth/authenticator.hpp"
#include "http/auth/jwt_keys.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace mentat_sync {

/// What tokens must say; empty: no matter what.
struct JwtRules {
  /// Empty: a token that is made for somebody ("aud") is not for this server.
  std::string audience;
  std::string issuer;
};

struct JwtGrant {
  Grant grant;
  /// The claim "exp", without leeway.
  std::chrono::system_clock::time_point expires;
};

/// The payload of a token that one of `keys` has signed.
std::variant<std::string, Refused> verified_payload(const JwtKeys& keys, std::string_view token);

/// What the claims in a verified payload grant at `now`.
std::variant<JwtGrant, Refused> grant_of_claims(std::string_view payload, const JwtRules& rules,
                                                std::chrono::system_clock::time_point now);

}  // namespace mentat_sync
