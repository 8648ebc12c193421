// `mentat-sync version`: what this build is.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct VersionOptions {
  bool json = false;
};

CLI::App* add_version(CLI::App& app, VersionOptions& options);
int run_version(const VersionOptions& options);

/// "mentat-sync 0.1.0 (0123456789ab)", for --version.
std::string version_line();

}  // namespace mentat_sync
