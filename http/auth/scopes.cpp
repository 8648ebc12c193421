// The words.
#include "http/auth/scopes.hpp"

namespace mentat_sync {

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::read:
      return "read";
    case Scope::write:
      return "write";
    case Scope::admin:
      return "admin";
  }
  return {};
}

std::string to_string(Scopes scopes) {
  std::string text;
  for (const Scope scope : all_scopes) {
    if (!scopes.has(scope)) continue;
    if (!text.empty()) text += ',';
    text += to_string(scope);
  }
  return text;
}

std::optional<Scope> parse_scope(std::string_view word) {
  for (const Scope scope : all_scopes) {
    if (word == to_string(scope)) return scope;
  }
  return std::nullopt;
}

}  // namespace mentat_sync
