// Scopes: what kinds of requests a credential is good for.
//
// Thread-safety: value types and pure functions.
// Shapes: the words are "read", "write" and "admin"; none includes another.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

enum class Scope : std::uint8_t {
  /// What a user's log holds.
  read = 1,
  /// Changes of it.
  write = 2,
  /// What concerns the server as a whole: metrics.
  admin = 4,
};

class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr Scopes(std::initializer_list<Scope> scopes) {
    for (const Scope scope : scopes) add(scope);
  }

  constexpr void add(Scope scope) { bits_ |= static_cast<std::uint8_t>(scope); }
  constexpr bool has(Scope scope) const { return (bits_ & static_cast<std::uint8_t>(scope)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(Scopes, Scopes) = default;

 private:
  std::uint8_t bits_ = 0;
};

inline constexpr std::initializer_list<Scope> all_scopes{Scope::read, Scope::write, Scope::admin};

std::string_view to_string(Scope scope);
/// "read,write".
std::string to_string(Scopes scopes);
std::optional<Scope> parse_scope(std::string_view word);

}  // namespace mentat_sync
