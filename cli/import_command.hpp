// `mentat-sync import`: puts an exported log on a server, in pushes of bounded size.
//
// An import that was interrupted goes on where it was: after HEAD, which must be where the file
// begins, or one of the file's transactions.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
// Memory: one push, and one item.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "cli/remote_options.hpp"
#include "storage/bounds.hpp"

#include <cstdint>
#include <string>

namespace mentat_sync {

struct ImportOptions {
  RemoteOptions remote;
  /// "-": standard input.
  std::string file = "-";
  std::uint64_t push_bytes = bounds::client_push_bytes;
  bool quiet = false;
};

CLI::App* add_import(CLI::App& app, ImportOptions& options);
int run_import(const ImportOptions& options);

}  // namespace mentat_sync
