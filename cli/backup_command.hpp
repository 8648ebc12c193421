// `mentat-sync backup`: a copy of a whole store, while a server serves it.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct BackupCommandOptions {
  std::filesystem::path data = "data";
  /// The server's file, for the directory; empty: none.
  std::string config;
  /// A file, a directory, or "-" for standard output.
  std::string target;
  bool force = false;
  bool verify = false;
};

CLI::App* add_backup(CLI::App& app, BackupCommandOptions& options);
int run_backup(const BackupCommandOptions& options);

}  // namespace mentat_sync
