// The command line: every option has a flag, an environment variable MENTAT_SYNC_… and a key in the
// table [serve] of the configuration file. A flag wins over the environment, that over the file,
// that over the default.
//
// Thread-safety: reads the environment, so call it before threads start.
// Failures: none throws; what cannot be used becomes a Farewell.
// Source: TOML 1.0 for the configuration file (see config_file.hpp for what is read of it).
#pragma once

#include "cli/listen_address.hpp"
#include "cli/log.hpp"
#include "storage/bounds.hpp"
#include "storage/lmdb_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace mentat_sync {

struct ServeOptions {
  ListenAddress listen;
  std::filesystem::path data = "data";
  /// 0: as the disk allows.
  std::uint64_t max_store_bytes = 0;
  std::uint64_t max_chunk_bytes = bounds::chunk_bytes_default;
  ChunkIds chunk_ids = ChunkIds::any;
  /// 0: one for each core.
  unsigned threads = 0;
  std::size_t max_connections = bounds::connections_default;
  std::chrono::milliseconds passivate_after = bounds::passivate_after;
  std::chrono::milliseconds drain_timeout = bounds::drain_timeout;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::automatic;
};

/// What to print before leaving, when there is nothing to run: help, the version, or a mistake.
struct Farewell {
  int exit_code = 0;
  std::string out;
  std::string err;
};

using CommandLine = std::variant<ServeOptions, Farewell>;

/// `arguments` without the program's name.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace mentat_sync
