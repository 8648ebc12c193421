// See auth_options.hpp.
#include "cli/auth_options.hpp"

#include "cli/option_kinds.hpp"

#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

void add_text_option(CLI::App& command, const std::string& flag, std::string& target,
                     const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = results.front();
    return true;
  };
  add_option(command, flag, set, description)->type_name("TEXT");
}

void add_cors_option(CLI::App& command, CorsPolicy& target) {
  const auto set = [&target](const CLI::results_t& results) {
    auto policy = CorsPolicy::parse(results);
    if (!policy.ok()) throw CLI::ValidationError("--cors-origin", policy.status().message());
    target = std::move(*policy);
    return true;
  };
  add_option(command, "--cors-origin", set,
             "Pages of this origin may ask and see the answers; may be repeated, or be a list with "
             "commas; *: of any origin")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',')
      ->type_name("ORIGIN");
}

void add_jwt_options(CLI::App& command, AuthOptions& options) {
  add_file_option(command, "--jwt-key-file", options.jwt_key_file,
                  "What JWTs are verified with: a public key as PEM (RS256, ES256, EdDSA)");
  add_file_option(command, "--jwt-secret-file", options.jwt_secret_file,
                  "A secret of at least 32 bytes that JWTs are verified with (HS256); whoever "
                  "knows it can make tokens");
  add_file_option(command, "--jwt-jwks-file", options.jwt_jwks_file,
                  "What JWTs are verified with, as a JWKS with any number of keys");
  add_text_option(command, "--jwt-audience", options.jwt_audience,
                  "What the claim aud must be or hold; without it, tokens with aud are refused");
  add_text_option(command, "--jwt-issuer", options.jwt_issuer,
                  "What the claim iss must be; without it, it does not matter");
}

/// How many files of keys are named.
int key_files(const AuthOptions& options) {
  return int{!options.jwt_key_file.empty()} + int{!options.jwt_secret_file.empty()} +
         int{!options.jwt_jwks_file.empty()};
}

bool has_jwt_options(const AuthOptions& options) {
  return key_files(options) > 0 || !options.jwt_audience.empty() || !options.jwt_issuer.empty();
}

}  // namespace

CLI::Option* add_token_file_option(CLI::App& command, std::filesystem::path& target,
                                   const std::string& description) {
  return add_file_option(command, "--token-file", target, description);
}

void add_auth_options(CLI::App& command, AuthOptions& options) {
  add_choice_option<AuthKind>(
      command, "--auth", options.kind,
      {{"none", AuthKind::none}, {"token", AuthKind::token}, {"jwt", AuthKind::jwt}},
      "Who may ask. none: whoever knows a user's uuid; token: who has a token that 'mentat-sync "
      "token add' made; jwt: who has a JWT that an issuer signed");
  add_token_file_option(command, options.token_file, "The tokens, for --auth token");
  add_jwt_options(command, options);
  add_cors_option(command, options.cors);
}

std::string contradiction_in(const AuthOptions& options) {
  if (options.kind == AuthKind::token) {
    if (options.token_file.empty()) return "--auth token needs --token-file FILE";
  } else if (!options.token_file.empty()) {
    return "--token-file has no effect without --auth token";
  }
  if (options.kind != AuthKind::jwt) {
    if (has_jwt_options(options)) return "--jwt-… has no effect without --auth jwt";
  } else if (key_files(options) != 1) {
    return "--auth jwt needs one of --jwt-key-file FILE, --jwt-secret-file FILE and "
           "--jwt-jwks-file FILE";
  }
  return {};
}

}  // namespace mentat_sync
