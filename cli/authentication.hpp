// Authentication: the authenticator that the options ask for, and the file it lives on.
//
// Thread-safety: reload() may be called from any thread.
// Ownership and lifetime: the authenticator may outlive it, and then learns of no change any more.
// Construct it when signals are blocked (signals.hpp), for it starts a thread.
// Failures: a Status for files that cannot be used; later ones are logged, and what was in force
// stays so.
#pragma once

#include "cli/auth_options.hpp"
#include "cli/watched_file.hpp"
#include "http/auth/authenticator.hpp"
#include "storage/log.hpp"

#include <memory>

namespace mentat_sync {

class ServerAuthentication {
 public:
  static Result<ServerAuthentication> start(const AuthOptions& options, const Log& log);

  /// Nothing: whoever asks may.
  const std::shared_ptr<const Authenticator>& authenticator() const { return authenticator_; }

  /// Has the tokens or keys read again, soon.
  void reload();

 private:
  static Result<ServerAuthentication> of_tokens(const AuthOptions& options, const Log& log);
  static Result<ServerAuthentication> of_jwts(const AuthOptions& options, const Log& log);

  std::shared_ptr<const Authenticator> authenticator_;
  std::unique_ptr<WatchedFile> file_;
};

}  // namespace mentat_sync
