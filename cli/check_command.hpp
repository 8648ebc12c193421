// `mentat-sync check`: whether a store or a backup is sound, beside a running server.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "storage/ids.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct CheckCommandOptions {
  std::filesystem::path data = "data";
  /// The server's file, for the directory; empty: none.
  std::string config;
  /// Not empty: this file, rather than a directory.
  std::filesystem::path file;
  std::optional<UserId> user;
  bool json = false;
  bool no_hashes = false;
};

CLI::App* add_check(CLI::App& app, CheckCommandOptions& options);
int run_check(const CheckCommandOptions& options);

}  // namespace mentat_sync
