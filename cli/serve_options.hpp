// The options of `serve`: each has a flag, an environment variable MENTAT_SYNC_… and a key in the
// table [serve] of the configuration file. A flag wins over the environment, that over the file,
// that over the default.
//
// Thread-safety: reads the environment, so parse before threads start.
// Failures: what cannot be used is CLI11's ValidationError, a usage error.
// Source: TOML 1.0 for the configuration file (see config_file.hpp for what is read of it).
#pragma once

#include "cli/access_log_options.hpp"
#include "cli/auth_options.hpp"
#include "cli/listen_address.hpp"
#include "cli/log.hpp"
#include "cli/request_limits.hpp"
#include "cli/storage_limit_options.hpp"
#include "cli/tls_options.hpp"
#include "storage/bounds.hpp"
#include "storage/lmdb_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct ServeOptions {
  ListenAddress listen;
  std::filesystem::path data = "data";
  /// Empty: none.
  std::string config;
  TlsOptions tls;
  AuthOptions auth;
  /// 0: as the disk allows.
  std::uint64_t max_store_bytes = 0;
  std::uint64_t max_chunk_bytes = bounds::chunk_bytes_default;
  ChunkIds chunk_ids = ChunkIds::any;
  /// 0: one for each core.
  unsigned threads = 0;
  RequestLimits limits;
  StorageLimitOptions storage_limits;
  CollectionRules collection;
  /// 0: only when asked.
  std::chrono::milliseconds gc_interval = bounds::collect_interval;
  std::chrono::milliseconds passivate_after = bounds::passivate_after;
  std::size_t max_live_users = bounds::live_users;
  std::chrono::milliseconds drain_timeout = bounds::drain_timeout;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::automatic;
  AccessLogOptions access_log;
};

/// Adds the command `serve` with its options.
CLI::App* add_serve(CLI::App& app, ServeOptions& options);

/// What is wrong with the options together, though each of them could be used; empty: nothing.
std::string contradiction_in(const ServeOptions& options);

}  // namespace mentat_sync
