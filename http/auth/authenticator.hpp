// Authenticator: turns the token that a request carries into what its bearer may do.
//
// Thread-safety: authenticate() is called on every I/O thread at once.
// Failures: a Refused; a token that is not known and one that is malformed are told apart only as
// far as the bearer can see for himself.
// Source: RFC 6750 (bearer tokens).
#pragma once

#include "http/auth/scopes.hpp"
#include "storage/ids.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mentat_sync {

/// What the bearer of a token may do.
struct Grant {
  /// Who it is, for logs: visible ASCII, and short.
  std::string subject;
  /// Whose log; nothing: all users'.
  std::optional<UserId> user;
  Scopes scopes;
};

struct Refused {
  /// A sentence for whoever sent the token. Static text, of what a quoted string in a header may
  /// have (RFC 6750, section 3), and nothing of the token.
  std::string_view why;
};

using Authentication = std::variant<Grant, Refused>;

class Authenticator {
 public:
  virtual ~Authenticator() = default;

  /// `token` is what stands behind "Bearer", of at most bounds::credentials_bytes. Neither waits
  /// for I/O nor for another thread beyond a few instructions.
  virtual Authentication authenticate(std::string_view token) const = 0;
};

/// The time that tokens' dates are compared with; tests have their own.
using WallClock = std::function<std::chrono::system_clock::time_point()>;

}  // namespace mentat_sync
