// `mentat-sync watch`: a line whenever HEAD moves, until interrupted.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "cli/remote_options.hpp"

namespace mentat_sync {

struct WatchOptions {
  RemoteOptions remote;
  /// The new transactions too.
  bool pull = false;
  bool json = false;
};

CLI::App* add_watch(CLI::App& app, WatchOptions& options);
int run_watch(const WatchOptions& options);

}  // namespace mentat_sync
