// JwtAuthenticator: takes JWTs that others issue.
//
// Thread-safety: all functions may be called from any thread.
// Failures: as Authenticator.
#pragma once

#include "http/auth/authenticator.hpp"
#include "http/auth/jwt.hpp"
#include "http/auth/verified_tokens.hpp"

#include <memory>
#include <mutex>

namespace mentat_sync {

class JwtAuthenticator final : public Authenticator {
 public:
  /// Has no keys until replace().
  explicit JwtAuthenticator(JwtRules rules, WallClock clock = std::chrono::system_clock::now);

  /// From now on only what these keys have signed is taken.
  void replace(JwtKeys keys);

  Authentication authenticate(std::string_view token) const override;

 private:
  /// The keys, and what was verified with them: both go together.
  struct Verifier {
    JwtKeys keys;
    mutable VerifiedTokens verified;
  };

  std::shared_ptr<const Verifier> verifier() const;

  const JwtRules rules_;
  const WallClock clock_;
  /// Protects the pointer, for as long as it takes to copy it.
  mutable std::mutex mutex_;
  std::shared_ptr<const Verifier> verifier_;
};

}  // namespace mentat_sync
