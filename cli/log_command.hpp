// `mentat-sync log`: the committed transactions.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
// Memory: 40 bytes for each transaction shown.
#pragma once

#include "cli/remote_options.hpp"

#include <cstdint>
#include <optional>

namespace mentat_sync {

struct LogOptions {
  RemoteOptions remote;
  std::optional<TransactionId> from;
  /// The newest so many.
  std::optional<std::uint64_t> limit;
  bool graph = false;
  bool reverse = false;
  bool json = false;
};

CLI::App* add_log(CLI::App& app, LogOptions& options);
int run_log(const LogOptions& options);

}  // namespace mentat_sync
