// `mentat-sync restore`: makes a backup the store of a data directory.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct RestoreCommandOptions {
  /// A file, or a directory that has it as data.mdb.
  std::filesystem::path backup;
  std::filesystem::path data = "data";
  /// The server's file, for the directory; empty: none.
  std::string config;
  bool force = false;
  bool no_check = false;
};

CLI::App* add_restore(CLI::App& app, RestoreCommandOptions& options);
int run_restore(const RestoreCommandOptions& options);

}  // namespace mentat_sync
