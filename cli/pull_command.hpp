// `mentat-sync pull`: what is new in a log, listed, or kept as files.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "cli/remote_options.hpp"

#include <filesystem>
#include <optional>

namespace mentat_sync {

struct PullOptions {
  RemoteOptions remote;
  std::optional<TransactionId> from;
  /// Empty: chunks are not kept.
  std::filesystem::path into;
  /// The log's items as lines of JSON instead of the list.
  bool ndjson = false;
};

CLI::App* add_pull(CLI::App& app, PullOptions& options);
int run_pull(const PullOptions& options);

}  // namespace mentat_sync
