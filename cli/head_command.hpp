// `mentat-sync head`: where a log's HEAD is.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "cli/remote_options.hpp"

namespace mentat_sync {

struct HeadOptions {
  RemoteOptions remote;
  bool json = false;
};

CLI::App* add_head(CLI::App& app, HeadOptions& options);
int run_head(const HeadOptions& options);

}  // namespace mentat_sync
