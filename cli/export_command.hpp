// `mentat-sync export`: a whole log as one file, in the form in which it is pulled.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp. A log that
// did not come whole leaves no file.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "cli/remote_options.hpp"

#include <optional>
#include <string>

namespace mentat_sync {

struct ExportOptions {
  RemoteOptions remote;
  /// "-": standard output.
  std::string file = "-";
  std::optional<TransactionId> from;
  bool quiet = false;
};

CLI::App* add_export(CLI::App& app, ExportOptions& options);
int run_export(const ExportOptions& options);

}  // namespace mentat_sync
