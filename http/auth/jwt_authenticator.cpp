// Remembered, or else verified.
#include "http/auth/jwt_authenticator.hpp"

#include <utility>

namespace mentat_sync {

JwtAuthenticator::JwtAuthenticator(JwtRules rules, WallClock clock)
    : rules_{std::move(rules)},
      clock_{std::move(clock)},
      verifier_{std::make_shared<const Verifier>()} {}

void JwtAuthenticator::replace(JwtKeys keys) {
  auto verifier = std::make_shared<Verifier>();
  verifier->keys = std::move(keys);
  std::shared_ptr<const Verifier> old = std::move(verifier);
  const std::lock_guard lock{mutex_};
  verifier_.swap(old);
}

std::shared_ptr<const JwtAuthenticator::Verifier> JwtAuthenticator::verifier() const {
  const std::lock_guard lock{mutex_};
  return verifier_;
}

Authentication JwtAuthenticator::authenticate(std::string_view token) const {
  const auto now = clock_();
  const auto verifier = this->verifier();
  const Sha256 digest = sha256(token);
  if (auto grant = verifier->verified.find(digest, now)) return *std::move(grant);
  const auto payload = verified_payload(verifier->keys, token);
  if (const auto* refused = std::get_if<Refused>(&payload)) return *refused;
  auto claims = grant_of_claims(std::get<std::string>(payload), rules_, now);
  if (const auto* refused = std::get_if<Refused>(&claims)) return *refused;
  auto& [grant, expires] = std::get<JwtGrant>(claims);
  verifier->verified.remember(digest, grant, expires, now);
  return std::move(grant);
}

}  // namespace mentat_sync
