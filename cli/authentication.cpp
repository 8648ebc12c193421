// From files to authenticators.
#include "cli/authentication.hpp"

#include "http/auth/jwt_authenticator.hpp"
#include "http/auth/token_authenticator.hpp"
#include "storage/bounds.hpp"

#include <utility>

namespace mentat_sync {
namespace {

Status cannot_use(const std::filesystem::path& path, const Status& why) {
  return {ErrorCode::invalid, path.string() + ": " + why.message()};
}

Status take_tokens(TokenAuthenticator& authenticator, const std::filesystem::path& path,
                   const GuardedFile& file, const Log& log) {
  if (file.world_readable) return world_readable(path);
  auto records = parse_token_file(file.text);
  if (!records.ok()) return cannot_use(path, records.status());
  log(LogLevel::info, "tokens",
      {{"file", path.string()}, {"tokens", std::to_string(records->size())}});
  authenticator.replace(std::move(*records));
  return {};
}

/// The file of keys that was named, and how it is read.
struct KeySource {
  std::filesystem::path path;
  Result<JwtKeys> (*parse)(std::string_view text);
};

KeySource key_source(const AuthOptions& options) {
  if (!options.jwt_jwks_file.empty()) return {options.jwt_jwks_file, &JwtKeys::parse_jwks};
  if (!options.jwt_secret_file.empty()) {
    return {options.jwt_secret_file, &JwtKeys::parse_secret_file};
  }
  return {options.jwt_key_file, &JwtKeys::parse_key_file};
}

Status take_keys(JwtAuthenticator& authenticator, const KeySource& source, const GuardedFile& file,
                 const Log& log) {
  const auto& path = source.path;
  auto keys = source.parse(file.text);
  if (!keys.ok()) return cannot_use(path, keys.status());
  if (file.world_readable && keys->hold_a_secret()) return world_readable(path);
  log(LogLevel::info, "keys for JWTs",
      {{"file", path.string()}, {"keys", std::to_string(keys->size())}});
  authenticator.replace(std::move(*keys));
  return {};
}

}  // namespace

Result<ServerAuthentication> ServerAuthentication::start(const AuthOptions& options,
                                                         const Log& log) {
  if (const auto wrong = contradiction_in(options); !wrong.empty()) {
    return Status{ErrorCode::invalid, wrong};
  }
  switch (options.kind) {
    case AuthKind::token:
      return of_tokens(options, log);
    case AuthKind::jwt:
      return of_jwts(options, log);
    case AuthKind::none:
      break;
  }
  return ServerAuthentication{};
}

Result<ServerAuthentication> ServerAuthentication::of_tokens(const AuthOptions& options,
                                                             const Log& log) {
  const auto authenticator = std::make_shared<TokenAuthenticator>();
  const auto path = options.token_file;
  auto file = WatchedFile::start({.path = path,
                                  .max_bytes = bounds::token_file_bytes,
                                  .take =
                                      [authenticator, path, log](const GuardedFile& content) {
                                        return take_tokens(*authenticator, path, content, log);
                                      },
                                  .log = log});
  if (!file.ok()) return file.status();
  ServerAuthentication authentication;
  authentication.authenticator_ = authenticator;
  authentication.file_ = std::move(*file);
  return authentication;
}

Result<ServerAuthentication> ServerAuthentication::of_jwts(const AuthOptions& options,
                                                           const Log& log) {
  const auto authenticator =
      std::make_shared<JwtAuthenticator>(JwtRules{options.jwt_audience, options.jwt_issuer});
  const KeySource source = key_source(options);
  auto file = WatchedFile::start({.path = source.path,
                                  .max_bytes = bounds::key_file_bytes,
                                  .take =
                                      [authenticator, source, log](const GuardedFile& content) {
                                        return take_keys(*authenticator, source, content, log);
                                      },
                                  .log = log});
  if (!file.ok()) return file.status();
  ServerAuthentication authentication;
  authentication.authenticator_ = authenticator;
  authentication.file_ = std::move(*file);
  return authentication;
}

void ServerAuthentication::reload() {
  if (file_) file_->reload();
}

}  // namespace mentat_sync
