// `mentat-sync compact`: makes the file of a store as small as what it holds.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct CompactCommandOptions {
  std::filesystem::path data = "data";
  /// The server's file, for the directory; empty: none.
  std::string config;
};

CLI::App* add_compact(CLI::App& app, CompactCommandOptions& options);
int run_compact(const CompactCommandOptions& options);

}  // namespace mentat_sync
