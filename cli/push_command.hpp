// `mentat-sync push`: files become chunks, and one transaction that names them.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
// Memory: the files are held whole.
#pragma once

#include "cli/remote_options.hpp"
#include "storage/bounds.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

struct PushOptions {
  RemoteOptions remote;
  /// "-": standard input.
  std::vector<std::string> files;
  /// HEAD must be there; nothing: wherever it is.
  std::optional<TransactionId> base;
  std::uint64_t retries = 20;
  /// Of one request's body.
  std::uint64_t push_bytes = bounds::client_push_bytes;
  bool json = false;
};

CLI::App* add_push(CLI::App& app, PushOptions& options);
int run_push(const PushOptions& options);

}  // namespace mentat_sync
