// TokenAuthenticator: knows the tokens of a token file.
//
// Thread-safety: all functions may be called from any thread.
// Ownership: holds the records, about 200 bytes each; what they are read from is its owner's
// business.
// Failures: as Authenticator.
#pragma once

#include "http/auth/authenticator.hpp"
#include "http/auth/token.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace mentat_sync {

class TokenAuthenticator final : public Authenticator {
 public:
  /// Knows no token until replace().
  explicit TokenAuthenticator(WallClock clock = std::chrono::system_clock::now);

  /// From now on these are the tokens; those that are not among them are refused.
  void replace(std::vector<TokenRecord> records);

  Authentication authenticate(std::string_view token) const override;

 private:
  using Table = std::unordered_map<std::string, TokenRecord>;

  std::shared_ptr<const Table> table() const;

  const WallClock clock_;
  /// Protects the pointer, for as long as it takes to copy it.
  mutable std::mutex mutex_;
  std::shared_ptr<const Table> table_;
};

}  // namespace mentat_sync
