// The options of `serve` that say who may ask.
//
// Thread-safety: reads the environment, so parse before threads start.
// Lifetime: the target must live until the command line is parsed.
// Failures: what cannot be used is CLI11's ValidationError, a usage error; what does not fit
// together is found by contradiction_in(), when all sources have been read.
#pragma once

#include "http/cors.hpp"

#include <filesystem>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mentat_sync {

enum class AuthKind {
  /// Whoever knows a user's uuid may read and write.
  none,
  /// The tokens of a token file.
  token,
  /// JWTs that others issue.
  jwt,
};

struct AuthOptions {
  AuthKind kind = AuthKind::none;
  std::filesystem::path token_file;
  /// One of these three.
  std::filesystem::path jwt_key_file;
  std::filesystem::path jwt_secret_file;
  std::filesystem::path jwt_jwks_file;
  std::string jwt_audience;
  std::string jwt_issuer;
  CorsPolicy cors;
};

void add_auth_options(CLI::App& command, AuthOptions& options);

/// --token-file FILE, of `serve` and `token`.
CLI::Option* add_token_file_option(CLI::App& command, std::filesystem::path& target,
                                   const std::string& description);

/// What is missing, or does not fit --auth: a sentence; empty: nothing.
std::string contradiction_in(const AuthOptions& options);

}  // namespace mentat_sync
