// `mentat-sync token add|list|revoke`: the tokens that the server takes with --auth token.
//
// Thread-safety: the main thread.
// Failures: said on standard error; see exit_codes.hpp. A token is printed after it is on disk.
#pragma once

#include "http/auth/scopes.hpp"
#include "storage/ids.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct TokenOptions {
  enum class Action { add, list, revoke };
  Action action = Action::list;
  std::filesystem::path file;
  // Of `add`. Whose log; nothing: all users', which must be asked for.
  std::optional<UserId> user;
  bool all_users = false;
  Scopes scopes{Scope::read, Scope::write};
  std::string name;
  /// Nothing: never.
  std::optional<std::chrono::milliseconds> expires_after;
  // Of `list`.
  bool json = false;
  // Of `revoke`.
  std::string id;
};

CLI::App* add_token(CLI::App& app, TokenOptions& options);
int run_token(const TokenOptions& options);

}  // namespace mentat_sync
