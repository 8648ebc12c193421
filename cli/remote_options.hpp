// The options that all commands share that talk to a server: which one, and whose log.
//
// Thread-safety: reads the environment, so parse before threads start.
// Failures: what cannot be used is CLI11's ValidationError, a usage error.
#pragma once

#include "http/client/server_url.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

/// How a command is let in, and whom it trusts.
struct RemoteAccess {
  std::filesystem::path ca_file;
  std::filesystem::path certificate_file;
  std::filesystem::path key_file;
  /// From --token (MENTAT_SYNC_TOKEN), and from --token-file, which wins.
  std::string token;
  std::string token_of_file;
};

struct RemoteOptions {
  ServerUrl server = ServerUrl::parse("http://127.0.0.1:5013").value();
  UserId user;
  RemoteAccess access;
};

/// --server (MENTAT_SYNC_SERVER).
void add_server_option(CLI::App& command, ServerUrl& server);

/// --token, --token-file, --ca-file, --client-certificate, --client-key.
void add_access_options(CLI::App& command, RemoteAccess& access);

/// Those, --server (MENTAT_SYNC_SERVER) and --user (MENTAT_SYNC_USER, required).
void add_remote_options(CLI::App& command, RemoteOptions& options);

/// An option that takes a transaction's uuid.
void add_transaction_option(CLI::App& command, const std::string& flag,
                            std::optional<TransactionId>& target, const std::string& description);

/// An option that takes a number from `min` to `max`; its default is said as `by_default`.
void add_number_option(CLI::App& command, const std::string& flag,
                       std::function<void(std::uint64_t)> set, std::uint64_t min, std::uint64_t max,
                       const std::string& by_default, const std::string& description);

/// --push-bytes SIZE, of `push` and `import`.
void add_push_bytes_option(CLI::App& command, std::uint64_t& target);

}  // namespace mentat_sync
